import type { HttpResponse } from '../../model/exchange.ts';
import type { Remembered, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { formText } from '../wire/form.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { graphError, notInStore } from './error.ts';
import { audience, contentOf, email } from './mail.ts';
import { readAttachment, readMessage } from './message.ts';
import { folder, item, option, user } from './route.ts';
import type { Call, Parameters, Route } from './route.ts';
import { attachmentsOf, dateOf, fromMime, keptAttachment, keptMessage, light, remembered, shown } from './stored.ts';
import type { StoredMessage } from './stored.ts';

const collection = new RegExp(`^${user}${folder}/messages$`);
const single = new RegExp(`^${user}/messages/${item}$`);
const attachments = new RegExp(`^${user}/messages/${item}/attachments$`);

/**
 * Messages that lie in a mailbox. Writing one reaches nobody, so its effect names no recipients; sending one names those of the
 * message that is remembered, or else an audience.
 */
export const draftRoutes: readonly Route[] = [
  { method: 'POST', path: collection, operation: 'messages.create', effect: (call) => written('messages.create', call), answer: create },
  { method: 'PATCH', path: single, operation: 'messages.update', effect: (call) => call.body.kind === 'json' ? written('messages.update', call) : unreadable('the body is not JSON'), answer: update },
  { method: 'DELETE', path: single, operation: 'messages.delete', effect: ({ ids: [owner = ''] }) => email('messages.delete', owner, nothing), answer: (call) => withMessage(call, async (_stored, known) => ({ reply: emptyReply(204), remember: [{ kind: 'message', id: known.id, expectVersion: known.version, value: null }] })) },
  {
    method: 'POST', path: attachments, operation: 'messages.attachments.create', answer: attach,
    effect: ({ ids: [owner = ''], body }) => body.kind === 'json' ? email('messages.attachments.create', owner, { ...nothing, attachments: [readAttachment(body.object)] }) : unreadable('the body is not JSON'),
  },
  { method: 'POST', path: new RegExp(`^${user}/messages/${item}/(?:microsoft\\.graph\\.)?send$`), operation: 'messages.send', effect: sendEffect, recalled: recalledSend, answer: send },
  { method: 'GET', path: collection, operation: 'messages.list', refuses: ['$filter', '$search', '$expand'], answer: list },
  { method: 'GET', path: single, operation: 'messages.get', refuses: ['$expand'], answer: (call) => withMessage(call, async (stored) => ({ reply: jsonReply(200, { ...contextOf(call, '/messages/$entity'), ...shown(stored) }) })) },
  { method: 'GET', path: attachments, operation: 'messages.attachments.list', refuses: ['$filter'], answer: (call) => withMessage(call, async (stored) => ({ reply: jsonReply(200, { ...contextOf(call, '/messages/attachments'), value: attachmentsOf(stored) }) })) },
  {
    method: 'GET', path: new RegExp(`^${user}/messages/${item}/attachments/${item}$`), operation: 'messages.attachments.get',
    answer: (call) => withMessage(call, async (stored) => {
      const found = attachmentsOf(stored).find(({ id }) => id === call.ids[2]);
      return { reply: found === undefined ? notInStore() : jsonReply(200, { ...contextOf(call, '/messages/attachments/$entity'), ...found }) };
    }),
  },
];

const nothing = { recipients: [], from: null, subject: null, text: null, html: null, attachments: [], keys: [] } as const;

function written(operation: string, { ids: [owner = ''], body }: Parameters): Email | Unread {
  const message = contentOf(body);
  return 'kind' in message ? message : email(operation, owner, { ...message, recipients: [] });
}

function sendEffect({ ids: [owner = '', id = ''], body }: Parameters): Email | Unread {
  if (body.kind === 'mime' || (body.kind === 'json' && Object.keys(body.object).length > 0)) return unreadable('the body is not empty');
  return email('messages.send', owner, { ...nothing, recipients: [audience(`whoever draft ${id} is addressed to`)] });
}

async function recalledSend({ ids: [owner = '', id = ''] }: Parameters, recall: SimulationContext['recall']): Promise<Email | null> {
  const known = await recall('message', id);
  const message = known === null || known.value === null ? null : readMessage((known.value as StoredMessage).message);
  return message === null || message.kind === 'unreadable' || message.recipients.length === 0 ? null : email('messages.send', owner, withoutKind(message));
}

function withoutKind<T extends { readonly kind: unknown }>({ kind: _kind, ...rest }: T): Omit<T, 'kind'> {
  return rest;
}

async function create(call: Call): Promise<Simulation<HttpResponse>> {
  const { body, context, ids: [owner = '', into = ''] } = call;
  const given = body.kind === 'json' ? body.object : body.kind === 'mime' ? fromMime(body.message) : {};
  if (given === null) return { reply: graphError(400, 'ErrorMimeContentInvalid', 'Invalid MIME content.') };
  const kept = { ...keptMessage(given, { id: context.id('AAMkAG', { length: 96 }), owner, now: context.now, folder: 'drafts', context }), folder: into === '' ? 'drafts' : into };
  return { reply: jsonReply(201, { ...contextOf(call, '/messages/$entity'), ...shown(kept) }, [['request-id', context.uuid()]]), remember: [remembered(kept, 0)] };
}

async function update(call: Call): Promise<Simulation<HttpResponse>> {
  const { body, context } = call;
  return withMessage(call, async (stored, { id, version }) => {
    const { id: _id, isDraft: _isDraft, attachments: _attachments, ...changes }: JsonObject = body.kind === 'json' ? body.object : {};
    const kept = { ...stored, id, message: { ...stored.message, ...changes, lastModifiedDateTime: dateOf(context.now) } };
    return { reply: jsonReply(200, { ...contextOf(call, '/messages/$entity'), ...shown(kept) }), remember: [remembered(kept, version)] };
  });
}

async function attach(call: Call): Promise<Simulation<HttpResponse>> {
  const { body, context } = call;
  return withMessage(call, async (stored, { id, version }) => {
    const attachment = keptAttachment(body.kind === 'json' ? body.object : {}, context);
    const kept = { ...stored, id, message: { ...stored.message, hasAttachments: true, attachments: [...attachmentsOf(stored), attachment] } };
    return { reply: jsonReply(201, { ...contextOf(call, '/messages/attachments/$entity'), ...attachment }), remember: [remembered(kept, version)] };
  });
}

/** The message keeps its id, as with Prefer: IdType="ImmutableId"; what was sent cannot be sent again. */
async function send(call: Call): Promise<Simulation<HttpResponse>> {
  const { context } = call;
  return withMessage(call, async (stored, { id, version }) => {
    if (field(stored.message, 'isDraft') !== true) return { reply: notInStore() };
    const message = readMessage(stored.message);
    if (message.kind === 'unreadable' || message.recipients.length === 0) return { reply: graphError(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.') };
    const at = dateOf(context.now);
    const kept = { ...stored, id, folder: 'sentitems', message: { ...stored.message, isDraft: false, attachments: attachmentsOf(stored).map(light), parentFolderId: 'sentitems', sentDateTime: at, lastModifiedDateTime: at } };
    return { reply: emptyReply(202, [['request-id', context.uuid()]]), remember: [remembered(kept, version)] };
  });
}

async function list(call: Call): Promise<Simulation<HttpResponse>> {
  const { context, query, request, ids: [owner = '', within = ''] } = call;
  const top = Math.min(Math.max(Number(option(query, '$top') ?? '10') || 10, 1), 1000);
  const skip = Math.max(Number(option(query, '$skip') ?? '0') || 0, 0);
  const { items } = await context.list('message', { where: { owner, ...(within === '' ? {} : { folder: within.toLowerCase() }) }, limit: 1000 });
  const next = formText([...query.filter(([name]) => name !== '$skip'), ['$skip', String(skip + top)]]);
  return {
    reply: jsonReply(200, {
      ...contextOf(call, '/messages'), value: items.slice(skip, skip + top).map(({ value }) => shown(value as StoredMessage)),
      ...(items.length > skip + top ? { '@odata.nextLink': `https://${request.authority.host}${request.path}?${next}` } : {}),
    }),
  };
}

async function withMessage({ context, ids: [, id = ''] }: Call, answer: (stored: StoredMessage, known: Remembered) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('message', id);
  return known === null || known.value === null ? { reply: notInStore() } : answer(known.value as StoredMessage, known);
}

function contextOf({ request, ids: [owner = ''] }: Call, what: string): JsonObject {
  return { '@odata.context': `https://${request.authority.host}${request.path.slice(0, request.path.indexOf('/', 1))}/$metadata#users('${encodeURIComponent(owner.replace(/^users\//, ''))}')${what}` };
}
