import type { Addressee, RecipientKind } from '../../model/recipient.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export interface People { readonly kind: 'people'; readonly body: JsonObject; readonly recipients: readonly Addressee[] }

/** Whom the one field of a body names: a number, or where the call takes them several. */
export function peopleIn(value: JsonValue, name: string, { several }: { readonly several: boolean }): People | Unread {
  const body = asObject(value);
  if (body === null) return unreadable('the body is not a JSON object');
  const odd = lookalike(Object.keys(body), [name]);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Telnyx spells it`);
  const given = field(body, name);
  const list = several ? asArray(given) ?? [given] : [given];
  const recipients: Addressee[] = [];
  for (const each of list) {
    const address = trimmed(asString(each ?? null) ?? '');
    if (address === '') return unreadable(`${name} names nobody, or is no text`);
    recipients.push({ address, kind: kindOf(address), role: name });
  }
  return recipients.length === 0 ? unreadable(`${name} names nobody`) : { kind: 'people', body, recipients };
}

function kindOf(address: string): RecipientKind {
  return /^sips?:/i.test(address) ? 'chat' : 'phone';
}

export function text(body: JsonObject, name: string): string | null {
  return asString(field(body, name));
}
