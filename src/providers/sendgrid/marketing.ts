import type { Addressee } from '../../model/recipient.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { trimmed } from '../wire/trim.ts';
import { notFound } from './error.ts';
import type { SendRoute } from './routes.ts';

/** Calls whose mail goes to people stored at SendGrid (their addressee is an audience) or is sent on the side. */
export const sendRoutes: readonly SendRoute[] = [
  {
    kind: 'send', method: 'POST', path: /^\/v3\/marketing\/test\/send_email$/, operation: 'marketing.test.send_email',
    recipients: (body) => addressees(field(body, 'emails'), 'to'),
    answer: async () => ({ reply: emptyReply(202) }),
  },
  {
    kind: 'send', method: 'POST', path: /^\/v3\/marketing\/singlesends$/, operation: 'marketing.singlesends.create',
    recipients: audienceOf,
    answer: async ({ body, context }) => {
      const value = { ...body, id: context.uuid(), status: 'draft', created_at: new Date(context.now).toISOString(), updated_at: new Date(context.now).toISOString() };
      return { reply: jsonReply(201, value), remember: [{ kind: 'singlesend', id: value.id, expectVersion: 0, value }] };
    },
  },
  {
    kind: 'send', method: 'PATCH', path: /^\/v3\/marketing\/singlesends\/([\w-]+)$/, operation: 'marketing.singlesends.update',
    recipients: audienceOf,
    answer: async ({ body, ids: [id = ''], context }) => {
      const known = await context.recall('singlesend', id);
      if (known === null) return { reply: notFound() };
      const value = { ...known.value as object, ...body, id, updated_at: new Date(context.now).toISOString() };
      return { reply: jsonReply(200, value), remember: [{ kind: 'singlesend', id, expectVersion: known.version, value }] };
    },
  },
  ...(['PUT', 'POST'] as const).map((method): SendRoute => ({
    kind: 'send', method, path: /^\/v3\/marketing\/singlesends\/([\w-]+)\/schedule$/, operation: 'marketing.singlesends.schedule',
    recipients: (_body, [id = '']) => [audience(`single send ${id}`)],
    answer: async ({ body, ids: [id = ''], context }) => {
      const known = await context.recall('singlesend', id);
      const sendAt = asString(field(body, 'send_at')) ?? 'now';
      const scheduled = { send_at: sendAt === 'now' ? new Date(context.now).toISOString() : sendAt, status: sendAt === 'now' ? 'triggered' : 'scheduled' };
      return {
        reply: jsonReply(201, scheduled),
        remember: known === null ? [] : [{ kind: 'singlesend', id, expectVersion: known.version, value: { ...known.value as object, ...scheduled } }],
      };
    },
  })),
  {
    kind: 'send', method: 'POST', path: /^\/v3\/campaigns\/(\d+)\/schedules(?:\/now)?$/, operation: 'campaigns.schedule',
    recipients: (_body, [id = '']) => [audience(`campaign ${id}`)],
    answer: async ({ body, ids: [id = ''] }) => ({ reply: jsonReply(201, { id: Number(id), send_at: field(body, 'send_at') ?? null, status: 'Scheduled' }) }),
  },
  {
    kind: 'send', method: 'POST', path: /^\/v3\/campaigns\/(\d+)\/schedules\/test$/, operation: 'campaigns.test',
    recipients: (body) => addressees(field(body, 'to'), 'to'),
    answer: async ({ body }) => ({ reply: jsonReply(204, { to: field(body, 'to') ?? null }) }),
  },
  {
    // Automations may send to whoever is added, so this is no mere bookkeeping.
    kind: 'send', method: 'PUT', path: /^\/v3\/marketing\/contacts$/, operation: 'marketing.contacts.upsert',
    recipients: (body) => {
      const contacts = asArray(field(body, 'contacts'));
      return contacts === null || contacts.length === 0 ? null : contacts.map((contact) => {
        const email = asString(field(asObject(contact), 'email'));
        return email === null ? audience('a contact without an email') : { address: trimmed(email), kind: 'email', role: 'contact' };
      });
    },
    answer: async ({ context }) => ({ reply: jsonReply(202, { job_id: context.uuid() }) }),
  },
  {
    kind: 'send', method: 'POST', path: /^\/v3\/verified_senders$/, operation: 'verified_senders.create',
    recipients: (body) => addressees(field(body, 'from_email'), 'to'),
    answer: async ({ body, context }) => ({ reply: jsonReply(201, { id: Number(context.id('', { length: 7, alphabet: 'digits' })), ...body, verified: false, locked: false }) }),
  },
  {
    kind: 'send', method: 'POST', path: /^\/v3\/verified_senders\/resend\/(\d+)$/, operation: 'verified_senders.resend',
    recipients: (_body, [id = '']) => [audience(`verified sender ${id}`)],
    answer: async () => ({ reply: emptyReply(204) }),
  },
  {
    kind: 'send', method: 'POST', path: /^\/v3\/teammates$/, operation: 'teammates.invite',
    recipients: (body) => addressees(field(body, 'email'), 'to'),
    answer: async ({ body, context }) => ({
      reply: jsonReply(201, { token: context.uuid(), email: field(body, 'email') ?? null, scopes: field(body, 'scopes') ?? [], is_admin: field(body, 'is_admin') === true }),
    }),
  },
];

function audience(address: string): Addressee {
  return { address, kind: 'audience', role: 'audience' };
}

function audienceOf(body: JsonObject): readonly Addressee[] {
  const sendTo = asObject(field(body, 'send_to'));
  const named = (name: string, what: string): readonly Addressee[] =>
    (asArray(field(sendTo, name)) ?? []).map((id) => audience(`${what} ${asString(id) ?? JSON.stringify(id)}`));
  const all = [...named('list_ids', 'list'), ...named('segment_ids', 'segment')];
  return all.length > 0 && field(sendTo, 'all') !== true ? all : [...all, audience('contacts stored at SendGrid')];
}

/** One address or a list of them; null when anything in it is no text. */
function addressees(value: JsonValue | undefined, role: string): readonly Addressee[] | null {
  const addresses = (asArray(value) ?? [value ?? null]).map(asString);
  return addresses.length === 0 || addresses.includes(null) ? null : addresses.map((address) => ({ address: trimmed(address ?? ''), kind: 'email', role }));
}
