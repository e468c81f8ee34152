import type { Addressee } from '../../model/recipient.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { phoneOf } from '../wire/msisdn.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { textOf } from './fields.ts';

/** One end of a call. https://developer.vonage.com/en/voice/voice-api/endpoints */
export function endpoint(value: JsonValue | undefined, role: string): Addressee | Unread {
  const object = asObject(value);
  const type = asString(field(object, 'type'));
  const odd = lookalike(Object.keys(object ?? {}), ['type', 'number', 'uri', 'user', 'extension']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' of an endpoint is not spelt as Vonage spells it`);
  const named = { phone: 'number', sip: 'uri', websocket: 'uri', app: 'user', vbc: 'extension' }[type ?? ''];
  // A SIP end may be a user of one's own domain instead of an address.
  const address = named === undefined ? null : textOf(field(object, named)) ?? (type === 'sip' ? textOf(field(object, 'user')) : null);
  if (address === null) return unreadable(`an endpoint of type '${(type ?? '').slice(0, 40)}' names nobody`);
  return type === 'phone' ? phoneOf(address, role) : { address, kind: 'chat', role };
}

const silent = ['talk', 'stream', 'input', 'record', 'notify', 'pay', 'wait'];

/** Whom the instructions of a call connect besides, and what they say. https://developer.vonage.com/en/voice/voice-api/ncco-reference */
export function instructions(value: JsonValue | undefined): { readonly kind: 'instructions'; readonly recipients: readonly Addressee[]; readonly text: string | null } | Unread {
  const actions = asArray(value);
  if (actions === null) return unreadable('the NCCO is not a list of actions');
  const recipients: Addressee[] = [];
  const texts: string[] = [];
  for (const item of actions) {
    const action = asObject(item);
    const name = asString(field(action, 'action')) ?? '';
    if (lookalike(Object.keys(action ?? {}), ['action', 'endpoint', 'name']) !== null) return unreadable('an action of the NCCO has a field that is not spelt as Vonage spells it');
    if (name === 'connect') {
      const ends = (asArray(field(action, 'endpoint')) ?? [null]).map((end) => endpoint(end, 'connect'));
      for (const end of ends) {
        if (end.kind === 'unreadable') return end;
        recipients.push(end);
      }
    } else if (name === 'conversation') recipients.push({ address: `conversation ${(textOf(field(action, 'name')) ?? '').slice(0, 200)}`, kind: 'audience', role: 'conversation' });
    else if (!silent.includes(name)) return unreadable(`the NCCO has an action '${name.slice(0, 40)}' that is not simulated`);
    const text = asString(field(action, 'text'));
    if (text !== null) texts.push(text);
  }
  return { kind: 'instructions', recipients, text: texts.length === 0 ? null : texts.join('\n') };
}
