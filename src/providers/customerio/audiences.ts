import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';
import { isBodiless } from '../wire/body.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { mailboxes } from '../wire/address-field.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { objectBody } from './body.ts';

/** A call whose people are stored at Customer.io: a broadcast, or news of a person that may start a campaign. */
export interface Trigger {
  readonly kind: 'trigger';
  readonly operation: string;
  readonly effect: Email;
}

interface Route {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: RegExp;
  readonly operation: string;
  /** who is not named in the call itself; `id` is the path's, unescaped */
  stored(id: string, body: JsonObject): readonly Addressee[];
}

/** A person's id as the SDK escapes it. No slash, backslash or dot segment in any spelling. */
const person = String.raw`((?:[\w~@+:-]|%(?:20|2B|3A|40|7C))(?:[\w.~@+:-]|%(?:20|2B|3A|40|7C))*)`;
const ofPerson = (path: string): RegExp => new RegExp(`^/api/v1/customers/${person}${path}$`);
const campaigns = (what: string): Addressee => ({ address: `campaigns started by ${what.trim()}`, kind: 'audience', role: 'audience' });
const about = (what: string) => (id: string): readonly Addressee[] => [campaigns(`${what} ${id}`)];

const routes: readonly Route[] = [
  // 4.4 of the Node SDK writes /v1/api/campaigns, others /v1/campaigns
  { method: 'POST', path: /^\/v1\/(?:api\/)?campaigns\/([0-9]{1,18})\/triggers$/, operation: 'campaigns.trigger', stored: broadcast },
  { method: 'PUT', path: ofPerson(''), operation: 'customers.identify', stored: (id, body) => [campaigns(`attributes of customer ${id}`), ...reachable(body)] },
  { method: 'DELETE', path: ofPerson(''), operation: 'customers.delete', stored: about('deletion of customer') },
  { method: 'POST', path: ofPerson('/events'), operation: 'customers.track', stored: (id, body) => [campaigns(`event ${asString(field(body, 'name'))?.slice(0, 100) ?? ''} of customer ${id}`)] },
  { method: 'POST', path: ofPerson('/suppress'), operation: 'customers.suppress', stored: about('suppression of customer') },
  { method: 'POST', path: ofPerson('/unsuppress'), operation: 'customers.unsuppress', stored: about('return of customer') },
  { method: 'PUT', path: ofPerson('/devices'), operation: 'customers.devices.add', stored: about('a new device of customer') },
  { method: 'DELETE', path: ofPerson(`/devices/${person}`), operation: 'customers.devices.delete', stored: about('a removed device of customer') },
  { method: 'POST', path: /^\/api\/v1\/events$/, operation: 'events.track', stored: (_id, body) => [campaigns(`anonymous event ${asString(field(body, 'name'))?.slice(0, 100) ?? ''}`)] },
  { method: 'POST', path: /^\/api\/v1\/push\/events$/, operation: 'push.events', stored: about('a push metric') },
  { method: 'POST', path: /^\/api\/v1\/metrics$/, operation: 'metrics', stored: about('a metric') },
  { method: 'POST', path: /^\/api\/v1\/merge_customers$/, operation: 'customers.merge', stored: about('a merge of customers') },
  { method: 'POST', path: /^\/api\/v1\/segments\/([0-9]{1,18})\/(?:add|remove)_customers$/, operation: 'segments.customers', stored: about('membership of segment') },
  { method: 'POST', path: /^\/api\/v2\/entity$/, operation: 'v2.entity', stored: about('news of an entity') },
  { method: 'POST', path: /^\/api\/v2\/batch$/, operation: 'v2.batch', stored: about('news of a batch of entities') },
];

export const triggerOperations: readonly string[] = routes.map(({ operation }) => operation);

/** Null: the path is none of these. */
export function readTrigger(request: HttpRequest): Trigger | Unread | null {
  for (const { method, path, operation, stored } of routes) {
    const found = request.method === method ? path.exec(request.path) : null;
    if (found === null) continue;
    const bare = isBodiless(request) && request.query === null && (method === 'DELETE' || operation.endsWith('suppress'));
    const body = bare ? { kind: 'object', object: {} } as const : objectBody(request);
    if (body.kind === 'unreadable') return body;
    const odd = lookalike(Object.keys(body.object), ['recipients', 'emails', 'ids', 'per_user_data', 'data_file_url', 'email', 'phone', 'name', 'data']);
    if (odd !== null) return unreadable(`key '${odd.slice(0, 40)}' is not spelt as Customer.io spells it`);
    const id = decodeURIComponent(found[1] ?? '').trim();
    const named = stored(id, body.object);
    // An id may be an address, an event may override whom its campaigns mail (data.recipient), an attribute may be what they mail to.
    const recipients = [...named, ...strangers([{ path: 'path', text: id }, ...leaves(body.object, 'body')], named)];
    return { kind: 'trigger', operation, effect: { ...nothingSaid, operation, recipients, keys: keysOf(operation, id, body.object) } };
  }
  return null;
}

const nothingSaid = {
  channel: 'email', provider: 'customerio', liveness: 'unknown', from: null, subject: null, text: null, html: null, attachments: [], template: null,
} as const satisfies Omit<Email, 'operation' | 'recipients' | 'keys'>;

function reachable(body: JsonObject): readonly Addressee[] {
  const email = asString(field(body, 'email'));
  const phone = asString(field(body, 'phone'));
  return [
    ...email === null || email === '' ? [] : mailboxes(email).map((address): Addressee => ({ address, kind: 'email', role: 'contact' })),
    ...phone === null || phone === '' ? [] : [{ address: phone.trim(), kind: 'phone', role: 'contact' } as const],
  ];
}

/** Who gets a broadcast: those named, a filter of those stored, or those chosen in the app. */
function broadcast(id: string, body: JsonObject): readonly Addressee[] {
  const emails = texts(field(body, 'emails')).flatMap(mailboxes).map((address): Addressee => ({ address, kind: 'email', role: 'to' }));
  const ids = texts(field(body, 'ids')).map((address): Addressee => ({ address, kind: 'customer', role: 'to' }));
  const data = (asArray(field(body, 'per_user_data')) ?? []).flatMap((each): readonly Addressee[] => [
    ...texts([field(asObject(each), 'email') ?? null]).flatMap(mailboxes).map((address): Addressee => ({ address, kind: 'email', role: 'to' })),
    ...texts([field(asObject(each), 'id') ?? null]).map((address): Addressee => ({ address, kind: 'customer', role: 'to' })),
  ]);
  const filter = field(body, 'recipients');
  return [
    { address: `recipients of broadcast ${id}${filter === undefined || filter === null ? '' : `: ${JSON.stringify(filter).slice(0, 200)}`}`, kind: 'audience', role: 'audience' },
    ...emails, ...ids, ...data,
  ];
}

function texts(value: JsonValue | undefined): readonly string[] {
  return (asArray(value) ?? []).flatMap((each) => typeof each === 'number' ? [String(each)] : asString(each) === null ? [] : [asString(each)!]);
}

function keysOf(operation: string, id: string, body: JsonObject): Email['keys'] {
  const event = operation.endsWith('track') ? asString(field(body, 'name')) : null;
  return [...operation.startsWith('customers.') && id !== '' ? [{ name: 'customer_id', value: id }] : [], ...event === null ? [] : [{ name: 'event', value: event }]];
}
