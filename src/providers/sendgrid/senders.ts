import { asObject, asString, field } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { audience, change, effect, get, item, list, numberId, objectOf, patch, reaching, removal, withStored } from './stored.ts';

const path = '/v3/verified_senders';
const ofSender = ['nickname', 'from_email', 'from_name', 'reply_to', 'reply_to_name', 'address', 'address2', 'city', 'state', 'zip', 'country'];

/** Senders to be verified, and colleagues: each of them gets a mail with a link. https://www.twilio.com/docs/sendgrid/api-reference/sender-verification */
export const senderRoutes: readonly JsonRoute[] = [
  list(path, 'verified_senders', (items) => ({ results: items })),
  get(`${path}/domains`, 'verified_senders.domains', async () => jsonReply(200, { results: { soft_failures: [], hard_failures: [] } })),
  get(`${path}/steps_completed`, 'verified_senders.steps', async ({ context }) => jsonReply(200, { results: { sender_verified: (await context.list('verified_senders', { limit: 1 })).items.length > 0, domain_verified: false } })),
  {
    method: 'POST', path: new RegExp(`^${path}$`), operation: 'verified_senders.create', effects: reaching('verified_senders.create', 'from_email', ofSender),
    answer: async (call) => {
      const value = { ...objectOf(call), id: numberId(call, 7), verified: false, locked: false };
      return { reply: jsonReply(201, value), remember: [{ kind: 'verified_senders', id: String(value.id), expectVersion: 0, value }] };
    },
  },
  {
    method: 'POST', path: new RegExp(`^${path}/resend/(\\d+)$`), operation: 'verified_senders.resend',
    effects: ({ ids: [id = ''] }) => [effect('verified_senders.resend', [audience(`verified sender ${id}`)])],
    answer: async () => ({ reply: emptyReply(204) }),
  },
  // A new address gets a mail of its own.
  {
    ...patch(path, 'verified_senders', ofSender),
    effects: (call) => (field(objectOf(call), 'from_email') === undefined ? change : reachingSender)('verified_senders.update', ofSender)(call),
  },
  removal(path, 'verified_senders'),
  list('/v3/(?:marketing/)?senders', 'senders', (items) => items),
  item('/v3/senders', 'senders'),
  {
    method: 'POST', path: /^\/v3\/(?:marketing\/)?senders$/, operation: 'senders.create',
    effects: ({ body }) => {
      const sender = asObject(body);
      const email = trimmed(asString(field(asObject(field(sender, 'from')), 'email')) ?? '');
      const named = [{ address: email, kind: 'email', role: 'to' }] as const;
      return email === '' ? unreadable('from has no email') : [effect('senders.create', [...named, ...strangers(unknownTexts(sender, ofMarketing), named)])];
    },
    answer: async (call) => {
      const now = Math.floor(call.context.now / 1000);
      const value = { ...objectOf(call), id: numberId(call, 6), verified: { status: false, reason: null }, locked: false, created_at: now, updated_at: now };
      return { reply: jsonReply(201, value), remember: [{ kind: 'senders', id: String(value.id), expectVersion: 0, value }] };
    },
  },
  {
    method: 'POST', path: /^\/v3\/(?:marketing\/)?senders\/(\d+)\/resend_verification$/, operation: 'senders.resend',
    effects: ({ ids: [id = ''] }) => [effect('senders.resend', [audience(`sender ${id}`)])],
    answer: (call) => withStored(call, 'senders', call.ids[0] ?? '', () => ({ reply: emptyReply(204) })),
  },
  removal('/v3/senders', 'senders'),
  {
    method: 'POST', path: /^\/v3\/teammates$/, operation: 'teammates.invite', effects: reaching('teammates.invite', 'email', ['scopes', 'is_admin']),
    answer: async (call) => ({
      reply: jsonReply(201, { token: call.context.uuid(), email: field(objectOf(call), 'email') ?? null, scopes: field(objectOf(call), 'scopes') ?? [], is_admin: field(objectOf(call), 'is_admin') === true }),
    }),
  },
];

const reachingSender: typeof change = (operation, known) => reaching(operation, 'from_email', known);
const ofMarketing = fieldPaths(['nickname', 'from/**', 'reply_to/**', 'address', 'address_2', 'city', 'state', 'zip', 'country']);
