import type { Addressee } from '../../model/recipient.ts';
import type { Sms } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { phoneOf } from '../wire/msisdn.ts';
import { createOutputBudget, tooMuchText } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { digits, isNumber } from './batch.ts';

export const blank = { channel: 'sms', provider: 'sinch', liveness: 'unknown', recipients: [], keys: [], from: null, text: null, media: [], template: null } as const satisfies Omit<Sms, 'operation'>;

export interface ReadBatch {
  readonly kind: 'batch';
  readonly body: JsonObject;
  readonly to: readonly string[];
}

const known = fieldPaths([
  'to/**', 'to_add/**', 'to_remove/**', 'from', 'body/**', 'type', 'parameters/**', 'delivery_report', 'callback_url', 'send_at', 'expire_at', 'client_reference', 'flash_message', 'udh', 'feedback_enabled', 'campaign_id',
  'truncate_concat', 'max_number_of_message_parts', 'from_ton', 'from_npi', 'strict_validation',
]);

/** https://developers.sinch.com/docs/sms/api-reference/sms/batches/sendsms @param name 'to', or 'to_add' where a batch is changed */
export function readBatch(value: JsonValue, name: 'to' | 'to_add'): ReadBatch | Unread {
  const body = asObject(value);
  if (body === null) return unreadable('the body is not a JSON object');
  const odd = lookalike(Object.keys(body), ['to', 'to_add', 'to_remove', 'body', 'type', 'parameters']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Sinch spells it`);
  const given = field(body, name);
  const list = given === undefined && name === 'to_add' ? [] : asArray(given);
  if (list === null || (list.length === 0 && name === 'to')) return unreadable(`${name} is no list of recipients`);
  const to: string[] = [];
  for (const each of list) {
    const address = trimmed(asString(each) ?? '');
    if (address === '') return unreadable(`${name} holds something that is no text`);
    to.push(address);
  }
  return { kind: 'batch', body, to };
}

/** A number, or else a group that is stored at Sinch. */
export function addressee(to: string, role: string): Addressee {
  return isNumber(to) ? phoneOf(to, role) : { address: `group ${to}`, kind: 'audience', role };
}

/** One message to all, or one to each where parameters make them differ. */
export function messagesOf({ body, to }: ReadBatch, operation: string, { role, more = [] }: { readonly role: string; readonly more?: readonly Addressee[] }): readonly Sms[] | Unread {
  const people = to.map((each) => addressee(each, role));
  const unknown = [...more, ...strangers(unknownTexts(body, known), people)];
  const media = asObject(field(body, 'body'));
  const text = asString(field(body, 'body')) ?? asString(field(media, 'message'));
  const reference = asString(field(body, 'client_reference'));
  const common = {
    ...blank, operation, from: asString(field(body, 'from')), keys: reference === null ? [] : [{ name: 'client_reference', value: reference }],
    text, media: [asString(field(media, 'url'))].flatMap((url) => url ?? []),
  } as const satisfies Sms;
  const parameters = Object.entries(asObject(field(body, 'parameters')) ?? {});
  if (parameters.length === 0 || text === null || to.length === 0) return [{ ...common, recipients: [...people, ...unknown] }];
  const budget = createOutputBudget();
  const messages: Sms[] = [];
  for (const [index, each] of to.entries()) {
    const rendered = budget.render(text, valuesFor(each, parameters));
    if (rendered === null) return unreadable(tooMuchText);
    const message: Sms = { ...common, text: rendered, recipients: [people[index]!, ...(index === 0 ? unknown : [])] };
    const why = budget.take(message);
    if (why !== null) return unreadable(why);
    messages.push(message);
  }
  return messages;
}

/** What each ${name} stands for in the text of one recipient; what has neither a value nor a default stays. */
export function valuesFor(to: string, parameters: readonly (readonly [string, JsonValue])[]): readonly (readonly [string, string])[] {
  return parameters.flatMap(([name, values]) => {
    const own = Object.entries(asObject(values) ?? {});
    const value = own.find(([number]) => digits(number) === digits(to))?.[1] ?? own.find(([number]) => number === 'default')?.[1];
    return typeof value === 'string' ? [[`\${${name}}`, value] as const] : [];
  });
}
