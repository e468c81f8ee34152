import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { iso, nothingYet } from './effects.ts';
import { errorReply, notFound } from './errors.ts';
import { draft, indexOf } from './events.ts';
import type { StoredMessage } from './events.ts';
import { readMails } from './mail.ts';

const untilDelivered = 1_500;
/** '<2026...@smtp-relay.mailin.fr>' with its brackets and its @ encoded or not, or a batch's UUID */
const identifier = '((?:[A-Za-z0-9_-]|%3[CcEe]|%40|@|\\.(?=[A-Za-z0-9]))+)';

export const messageRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: /^\/v3\/smtp\/email$/, operation: 'smtp.email', effects: ({ body }) => readMails(body), answer: send },
  {
    // A scheduled mail or batch is taken back: reaches nobody.
    method: 'DELETE', path: new RegExp(`^/v3/smtp/email/${identifier}$`), operation: 'smtp.email.delete', effects: () => [{ ...nothingYet, operation: 'smtp.email.delete' }],
    answer: async ({ ids: [id = ''], context }) => {
      const found = (await byIdentifier(context, id)).filter(({ value }) => context.now < (value as StoredMessage).startsAt);
      return found.length === 0 ? { reply: notFound('Scheduled email') }
        : { reply: emptyReply(204), remember: found.map(({ id: messageId, version }) => ({ kind: 'message', id: messageId, expectVersion: version, value: null })) };
    },
  },
  {
    method: 'GET', path: new RegExp(`^/v3/smtp/emailStatus/${identifier}$`), operation: 'smtp.emailStatus',
    answer: async ({ ids: [id = ''], context }) => {
      const found = (await byIdentifier(context, id)).map(({ value }) => value as StoredMessage);
      const shown = found.map(({ at, startsAt }) => ({ createdAt: iso(at), scheduledAt: iso(startsAt), status: context.now < startsAt ? 'queued' : 'processed' }));
      if (shown.length === 0) return { reply: notFound('Scheduled email') };
      return { reply: jsonReply(200, id.includes('@') || /%40/.test(id) ? shown[0] : { count: shown.length, batches: shown }) };
    },
  },
  { method: 'GET', path: /^\/v3\/smtp\/emails$/, operation: 'smtp.emails.list', answer: list },
  {
    method: 'GET', path: /^\/v3\/smtp\/emails\/([0-9a-f-]{36})$/, operation: 'smtp.emails.get',
    answer: async ({ ids: [uuid = ''], context }) => {
      const known = (await context.list('message', { where: { uuid }, limit: 1 })).items[0];
      if (known === undefined) return { reply: notFound('Email') };
      const message = known.value as StoredMessage;
      return { reply: jsonReply(200, {
        email: message.recipients[0] ?? '', subject: message.subject, date: iso(message.at), body: message.body, attachmentCount: message.attachmentCount,
        ...(message.templateId === null ? {} : { templateId: message.templateId }), events: happened(message, context.now).map(({ name, at }) => ({ name, time: iso(at) })),
      }) };
    },
  },
  {
    method: 'GET', path: /^\/v3\/smtp\/statistics\/events$/, operation: 'smtp.statistics.events',
    answer: async (call) => {
      const [event, email] = ['event', 'email'].map((name) => formAll(call.query, name)[0]);
      const all = (await stored(call)).flatMap((message) => happened(message, call.context.now).map((each) => ({
        date: iso(each.at), email: each.email, event: reported[each.name] ?? each.name, messageId: message.messageId, subject: message.subject, from: message.from,
        ...(message.tags[0] === undefined ? {} : { tag: message.tags[0] }), ...(message.templateId === null ? {} : { templateId: message.templateId }),
      })));
      return { reply: jsonReply(200, { events: all.filter((each) => (event === undefined || each.event === event) && (email === undefined || each.email === email)) }) };
    },
  },
];

/** the report's names for what the webhooks call otherwise */
const reported: Readonly<Record<string, string>> = {
  request: 'requests', click: 'clicks', hard_bounce: 'hardBounces', soft_bounce: 'softBounces', invalid_email: 'invalid', unique_opened: 'opened',
};

async function send({ body: value, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const body = asObject(value) ?? {};
  const mails = readMails(body);
  if ('kind' in mails) return { reply: errorReply(400, 'invalid_parameter', 'Invalid request payload') };
  const fault = faultOf(body, mails);
  if (fault !== null) return { reply: fault };
  const scheduledAt = asString(field(body, 'scheduledAt'));
  const startsAt = scheduledAt === null ? Number.NaN : Date.parse(scheduledAt);
  const later = !Number.isNaN(startsAt) && startsAt > context.now;
  const batchId = later ? asString(field(body, 'batchId')) ?? (mails.length > 1 ? context.uuid() : null) : null;
  const messages = mails.map((mail) => storedMessage(mail, { context, startsAt: later ? startsAt : context.now, batchId }));
  const ids = messages.map(({ messageId }) => messageId);
  const versioned = (asArray(field(body, 'messageVersions')) ?? []).length > 0;
  return {
    reply: jsonReply(later ? 202 : 201, { ...(versioned ? { messageIds: ids } : { messageId: ids[0] }), ...(batchId === null ? {} : { batchId }) }),
    remember: messages.map((message) => ({ kind: 'message', id: message.messageId, expectVersion: 0, value: message, index: indexOf(message) })),
    // None in sandbox mode, where nothing is delivered, and none of what may still be taken back.
    callbacks: later || context.liveness === 'test' || mails.some(({ liveness }) => liveness === 'test') ? [] : messages.flatMap((message) => message.recipients.flatMap((email) => [
      draft('request', message, email, context.now), draft('delivered', message, email, context.now + untilDelivered),
    ])),
  };
}

function storedMessage(mail: Email, { context, startsAt, batchId }: { readonly context: SimulationContext; readonly startsAt: number; readonly batchId: string | null }): StoredMessage {
  const minute = iso(context.now).replaceAll(/[-T:]/g, '').slice(0, 12);
  const template = Number(mail.template?.id ?? Number.NaN);
  return {
    messageId: `<${minute}.${context.id('', { length: 11, alphabet: 'digits' })}@smtp-relay.mailin.fr>`, uuid: context.uuid(), from: mail.from ?? '',
    recipients: mail.recipients.map(({ address }) => address), subject: mail.subject ?? '', body: mail.html ?? mail.text ?? '',
    tags: mail.keys.filter(({ name }) => name === 'tag').map(({ value }) => value), custom: mail.keys.find(({ name }) => name.toLowerCase() === 'x-mailin-custom')?.value ?? null,
    templateId: Number.isSafeInteger(template) ? template : null, batchId, attachmentCount: mail.attachments.length, at: context.now, startsAt, events: [],
  };
}

/** What Brevo refuses itself, as far as it is simple and known: the codes are Brevo's, the words nearly. */
function faultOf(body: JsonObject, mails: readonly Email[]): HttpResponse | null {
  const templated = mails.every(({ template }) => template !== null);
  if (!templated && asObject(field(body, 'sender')) === null) return errorReply(400, 'missing_parameter', 'sender is missing');
  const bad = mails.flatMap(({ recipients }) => recipients).find(({ address }) => parseEmailAddress(address).kind === 'invalid');
  if (bad !== undefined) return errorReply(400, 'invalid_parameter', `email is not valid in ${bad.role}`);
  if (!templated && mails.some(({ subject, template }) => template === null && (subject ?? '') === '')) return errorReply(400, 'missing_parameter', 'subject is missing');
  if (!templated && mails.some(({ text, html, template }) => template === null && (text ?? '') === '' && (html ?? '') === '')) return errorReply(400, 'missing_parameter', 'htmlContent is missing');
  return null;
}

async function list(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const [email, templateId] = ['email', 'templateId'].map((name) => formAll(call.query, name)[0]);
  const all = (await stored(call)).flatMap((message) => message.recipients.map((each) => ({
    email: each, subject: message.subject, messageId: message.messageId, uuid: message.uuid, date: iso(message.at), from: message.from,
    ...(message.tags.length === 0 ? {} : { tags: message.tags }), ...(message.templateId === null ? {} : { templateId: message.templateId }),
  }))).filter((each) => (email === undefined || each.email === email) && (templateId === undefined || String(each.templateId) === templateId));
  const offset = Math.max(Math.trunc(Number(formAll(call.query, 'offset')[0] ?? 0)) || 0, 0);
  const limit = Math.max(Math.trunc(Number(formAll(call.query, 'limit')[0] ?? 500)) || 500, 1);
  return { reply: jsonReply(200, { count: all.length, transactionalEmails: all.slice(offset, offset + limit) }) };
}

async function stored({ query, context }: JsonCallInContext): Promise<readonly StoredMessage[]> {
  const messageId = formAll(query, 'messageId')[0];
  return (await context.list('message', { limit: 1000, ...(messageId === undefined ? {} : { where: { messageId } }) })).items.map(({ value }) => value as StoredMessage);
}

/** request and delivered by the clock, then what was made to happen */
function happened(message: StoredMessage, now: number): StoredMessage['events'] {
  const delivered = message.startsAt + untilDelivered;
  return [
    ...message.recipients.flatMap((email) => [
      ...(now >= message.startsAt ? [{ name: 'request', email, at: message.startsAt }] : []),
      ...(now >= delivered && !message.events.some((each) => each.email === email && /bounce|blocked|invalid|error/.test(each.name)) ? [{ name: 'delivered', email, at: delivered }] : []),
    ]),
    ...message.events,
  ];
}

async function byIdentifier(context: SimulationContext, encoded: string): Promise<readonly { readonly id: string; readonly version: number; readonly value: unknown }[]> {
  const id = decodeURIComponent(encoded);
  if (!id.includes('@')) return (await context.list('message', { where: { batchId: id }, limit: 1000 })).items;
  const known = await context.recall('message', id.startsWith('<') ? id : `<${id}>`);
  return known === null ? [] : [known];
}
