import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { iso, nothingYet } from './effects.ts';
import { invalid, notFound } from './errors.ts';
import { draft } from './events.ts';
import type { StoredMessage } from './events.ts';
import { readBulk, readMail } from './mail.ts';
import { paged } from './stored.ts';

const untilDelivered = 1_500;
const id = '([A-Za-z0-9]{1,64})';

export const messageRoutes: readonly JsonRoute[] = [
  {
    method: 'POST', path: /^\/v1\/email$/, operation: 'email.send',
    effects: ({ body }) => {
      const mail = readMail(body, 'email.send');
      return 'kind' in mail ? mail : [mail];
    },
    answer: async ({ body, context }) => {
      const mail = readMail(body, 'email.send');
      const faults = 'kind' in mail ? { to: ['The to field is required.'] } : faultsOf(mail, '');
      if ('kind' in mail || Object.keys(faults).length > 0) return { reply: invalid(faults) };
      const message = storedMessage(mail, body, context);
      return { reply: emptyReply(202, [['Content-Type', 'text/html; charset=utf-8'], ['X-Message-Id', message.id]]), ...kept(message, context) };
    },
  },
  { method: 'POST', path: /^\/v1\/bulk-email$/, operation: 'bulk-email.send', effects: ({ body }) => readBulk(body), answer: bulk },
  {
    method: 'GET', path: new RegExp(`^/v1/bulk-email/${id}$`), operation: 'bulk-email.get',
    answer: async ({ ids: [one = ''], context }) => {
      const known = await context.recall('bulk', one);
      return { reply: known === null ? notFound() : jsonReply(200, { data: known.value }) };
    },
  },
  {
    method: 'GET', path: /^\/v1\/messages$/, operation: 'messages.list',
    answer: (call) => paged(call, 'message', (value) => {
      const message = value as StoredMessage;
      return { id: message.id, created_at: iso(message.at), updated_at: iso(message.at) };
    }),
  },
  {
    method: 'GET', path: new RegExp(`^/v1/messages/${id}$`), operation: 'messages.get',
    answer: async ({ ids: [one = ''], context }) => {
      const known = await context.recall('message', one);
      if (known === null) return { reply: notFound() };
      const message = known.value as StoredMessage;
      return { reply: jsonReply(200, { data: {
        id: message.id, created_at: iso(message.at), updated_at: iso(message.at),
        emails: message.emails.map((email) => ({
          id: email.id, from: message.from, subject: message.subject, text: message.text, html: message.html, tags: message.tags.length === 0 ? null : message.tags,
          status: statusOf(message, email.event, context.now), created_at: iso(message.at), updated_at: iso(message.at),
        })),
      } }) };
    },
  },
  { method: 'GET', path: /^\/v1\/message-schedules$/, operation: 'message-schedules.list', answer: (call) => paged(call, 'message', (value) => schedule(value as StoredMessage, call.context.now)) },
  {
    method: 'GET', path: new RegExp(`^/v1/message-schedules/${id}$`), operation: 'message-schedules.get',
    answer: async ({ ids: [one = ''], context }) => {
      const shown = schedule((await context.recall('message', one))?.value as StoredMessage | undefined, context.now);
      return { reply: shown === null ? notFound() : jsonReply(200, { data: shown }) };
    },
  },
  {
    // A scheduled message is taken back: reaches nobody.
    method: 'DELETE', path: new RegExp(`^/v1/message-schedules/${id}$`), operation: 'message-schedules.delete',
    effects: () => [{ ...nothingYet, operation: 'message-schedules.delete' }],
    answer: async ({ ids: [one = ''], context }) => {
      const known = await context.recall('message', one);
      return known === null || schedule(known.value as StoredMessage, context.now) === null ? { reply: notFound() }
        : { reply: emptyReply(204), remember: [{ kind: 'message', id: one, expectVersion: known.version, value: null }] };
    },
  },
];

async function bulk({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const list = asArray(body) ?? [];
  const judged = list.map((value, index) => {
    const mail = readMail(value, 'bulk-email.send');
    const faults = 'kind' in mail ? { [`message.${index}`]: [mail.why] } : faultsOf(mail, `message.${index}.`);
    return { value, mail, faults };
  });
  // Faults are told by GET /v1/bulk-email/{id}; the call itself is taken.
  const messages = judged.flatMap(({ value, mail, faults }) => 'kind' in mail || Object.keys(faults).length > 0 ? [] : [storedMessage(mail, value, context)]);
  const errors = Object.assign({}, ...judged.map(({ faults }) => faults)) as Readonly<Record<string, readonly string[]>>;
  const count = Object.keys(errors).length;
  const bulkId = context.id('', { length: 24, alphabet: 'hex' });
  const value = {
    id: bulkId, state: 'completed', total_recipients_count: messages.reduce((sum, { emails }) => sum + emails.length, 0), suppressed_recipients_count: 0, suppressed_recipients: null,
    validation_errors_count: count, validation_errors: count === 0 ? null : errors, messages_id: messages.map((message) => message.id), created_at: iso(context.now), updated_at: iso(context.now),
  };
  const all = messages.map((message) => kept(message, context));
  return {
    reply: jsonReply(202, { message: 'The bulk email is being processed.', bulk_email_id: bulkId }),
    remember: [{ kind: 'bulk', id: bulkId, expectVersion: 0, value }, ...all.flatMap(({ remember }) => remember)],
    callbacks: all.flatMap(({ callbacks }) => callbacks),
  };
}

function storedMessage(mail: Email, value: JsonValue, context: SimulationContext): StoredMessage {
  const hex = (): string => context.id('', { length: 24, alphabet: 'hex' });
  const sendAt = Number(field(asObject(value), 'send_at') ?? Number.NaN) * 1000;
  return {
    id: hex(), from: mail.from ?? '', subject: mail.subject ?? '', text: mail.text, html: mail.html, tags: mail.keys.filter(({ name }) => name === 'tag').map((key) => key.value),
    template: mail.template?.id ?? null, at: context.now, startsAt: Number.isSafeInteger(sendAt) && sendAt > context.now ? sendAt : context.now,
    emails: mail.recipients.map(({ address }) => ({ id: hex(), recipient: hex(), address, event: null })),
  };
}

/** Nothing is told of a scheduled message: it may still be taken back. */
function kept(message: StoredMessage, context: SimulationContext): { readonly remember: readonly Remember[]; readonly callbacks: readonly CallbackDraft[] } {
  return {
    remember: [{ kind: 'message', id: message.id, expectVersion: 0, value: message }],
    callbacks: message.startsAt > context.now ? [] : message.emails.flatMap((email) => [
      draft(context, 'activity.sent', message, email, context.now), draft(context, 'activity.delivered', message, email, context.now + untilDelivered),
    ]),
  };
}

function statusOf(message: StoredMessage, event: string | null, now: number): string {
  if (event !== null) return event;
  if (now < message.startsAt) return 'scheduled';
  return now < message.startsAt + untilDelivered ? 'sent' : 'delivered';
}

function schedule(message: StoredMessage | undefined, now: number): object | null {
  return message === undefined || now >= message.startsAt ? null
    : { message_id: message.id, subject: message.subject, send_at: iso(message.startsAt), status: 'scheduled', status_message: null, created_at: iso(message.at) };
}

/** What MailerSend refuses itself, as far as it is simple and known. */
function faultsOf(mail: Email, prefix: string): Readonly<Record<string, readonly string[]>> {
  const faults: Record<string, readonly string[]> = {};
  const required = (name: string): void => { faults[prefix + name] = [`The ${prefix}${name} field is required.`]; };
  if (mail.template === null) {
    if (mail.from === null) required('from.email');
    if ((mail.subject ?? '') === '') required('subject');
    if ((mail.text ?? '') === '' && (mail.html ?? '') === '') required('text');
  }
  if (!mail.recipients.some(({ role }) => role === 'to')) required('to');
  const seen = new Map<string, number>();
  for (const { address, role } of mail.recipients) {
    const at = seen.get(role) ?? 0;
    seen.set(role, at + 1);
    if (parseEmailAddress(address).kind === 'invalid') faults[`${prefix}${role}.${at}.email`] = [`The ${prefix}${role}.${at}.email must be a valid email address.`];
  }
  return faults;
}

