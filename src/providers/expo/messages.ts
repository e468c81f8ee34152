import type { Push } from '../../model/side-effect.ts';
import type { JsonCall } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { dataKeys } from '../wire/push-data.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** https://docs.expo.dev/push-notifications/sending-notifications/#message-request-format; those that name nobody. */
const known = [
  'to', 'data', 'title', 'body', 'subtitle', 'ttl', 'expiration', 'priority', 'sound', 'badge', 'interruptionLevel', 'channelId', 'icon', 'richContent',
  'categoryId', 'mutableContent', 'collapseId', 'tag', '_contentAvailable', '_displayInForeground', '_category',
];

/** One effect for each message; a body that is one message to one device is answered with no list. */
export function readMessages({ body }: JsonCall): { readonly kind: 'messages'; readonly pushes: readonly Push[]; readonly single: boolean } | Unread {
  const list = asArray(body);
  const pushes: Push[] = [];
  for (const [index, each] of (list ?? [body]).entries()) {
    const where = list === null ? 'the message' : `message ${index}`;
    const message = asObject(each);
    if (message === null) return unreadable(`${where} is not an object`);
    const to = tokensOf(field(message, 'to'));
    if (to === null || lookalike(Object.keys(message), known) !== null) return unreadable(`${where} has no \`to\` that is a text or a list of texts, or a field that looks like another`);
    pushes.push(pushOf(message, to));
  }
  return pushes.length === 0 ? unreadable('there is no message') : { kind: 'messages', pushes, single: list === null && typeof field(asObject(body), 'to') === 'string' };
}

function tokensOf(to: JsonValue | undefined): readonly string[] | null {
  const tokens = (asArray(to) ?? [to ?? null]).map((each) => trimmed(asString(each) ?? ''));
  return tokens.length === 0 || tokens.includes('') ? null : tokens;
}

function pushOf(message: JsonObject, to: readonly string[]): Push {
  const recipients = to.map((address) => ({ address, kind: 'device', role: 'to' } as const));
  const others = strangers(Object.entries(message).filter(([name]) => !known.includes(name)).flatMap(([name, value]) => [...leaves(value, name)]), recipients);
  const data = field(message, 'data') ?? null;
  return {
    channel: 'push', provider: 'expo', operation: 'push.send', liveness: 'unknown', recipients: [...recipients, ...others],
    keys: dataKeys(data), title: asString(field(message, 'title')), text: asString(field(message, 'body')), data,
  };
}

/** One for each ticket, in the order of the tickets. */
export function tokensIn(pushes: readonly Push[]): readonly string[] {
  return pushes.flatMap(({ recipients }) => recipients.filter(({ kind }) => kind === 'device').map(({ address }) => address));
}
