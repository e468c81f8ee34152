import type { HttpResponse } from '../../model/exchange.ts';
import type { Remembered, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';
import { asString, field } from '../wire/json.ts';
import { readMimeMail } from '../wire/mime-mail.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { googleError, notFound } from './error.ts';
import { brief, light, rememberMessage } from './message.ts';
import type { StoredDraft, StoredMessage } from './message.ts';
import type { Sent } from './raw.ts';
import type { Call, Parameters, Route } from './route.ts';

/** Mail that leaves, and drafts. Writing a draft reaches nobody; sending one names the remembered draft's recipients, or else an audience. */
export const mailRoutes: readonly Route[] = [
  { method: 'POST', path: /^messages\/send$/, operation: 'messages.send', shape: 'message', effect: ({ sent }) => sendsWhole('messages.send', sent), answer: sendMessage },
  { method: 'POST', path: /^drafts$/, operation: 'drafts.create', shape: 'draft', effect: ({ sent }) => written('drafts.create', sent), answer: createDraft },
  { method: 'PUT', path: /^drafts\/([A-Za-z0-9_-]+)$/, operation: 'drafts.update', shape: 'draft', effect: ({ sent }) => written('drafts.update', sent), answer: updateDraft },
  { method: 'POST', path: /^drafts\/send$/, operation: 'drafts.send', shape: 'draft', effect: sendsDraft, recalled: recalledDraft, answer: sendDraft },
  {
    method: 'DELETE', path: /^drafts\/([A-Za-z0-9_-]+)$/, operation: 'drafts.delete', effect: () => email('drafts.delete', nothing),
    answer: ({ context, ids: [id = ''] }) => withDraft(context, id, async (_draft, known) => ({ reply: emptyReply(204), remember: [deleted(known)] })),
  },
];

const nothing = { recipients: [], from: null, subject: null, text: null, html: null, attachments: [], keys: [] } as const;
const harmless = fieldPaths(['id', 'threadId', 'labelIds/**', 'message', 'message/id', 'message/threadId', 'message/labelIds/**']);

function email(operation: string, mail: Omit<Email, 'channel' | 'provider' | 'operation' | 'liveness' | 'template'>): Email {
  return { channel: 'email', provider: 'gmail', operation, liveness: 'unknown', ...mail, template: null };
}

/** The mail, addressed to whom its header names and whom an unknown field beside it does. */
function whole(operation: string, { raw, beside }: Pick<Sent, 'raw' | 'beside'>): Email | Unread {
  if (raw === null) return unreadable('there is no raw message');
  const mail = readMimeMail(raw);
  if (mail.kind === 'unreadable') return mail;
  const { kind: _kind, ...rest } = mail;
  return email(operation, { ...rest, recipients: [...mail.recipients, ...strangers(unknownTexts(beside, harmless), mail.recipients)] });
}

function sendsWhole(operation: string, sent: Sent): Email | Unread {
  const mail = whole(operation, sent);
  return 'kind' in mail || mail.recipients.length > 0 ? mail : unreadable('no recipient');
}

function written(operation: string, sent: Sent): Email | Unread {
  if (sent.raw === null) return email(operation, nothing);
  const mail = whole(operation, sent);
  return 'kind' in mail ? mail : { ...mail, recipients: [] };
}

/** `{ id }`, or a draft with its mail. With both, Gmail sends the mail given; what it would do with the stored one is told too. */
function sendsDraft({ sent }: Parameters): Email | Unread {
  const id = asString(field(sent.beside, 'id'));
  const stored: readonly Addressee[] = id === null ? [] : [{ address: `whoever draft ${id} is addressed to`, kind: 'audience', role: 'audience' }];
  if (sent.raw === null) {
    const named = strangers(unknownTexts(sent.beside, harmless), []);
    return stored.length === 0 ? unreadable('neither the id of a draft nor a raw message') : email('drafts.send', { ...nothing, recipients: [...stored, ...named] });
  }
  const mail = sendsWhole('drafts.send', sent);
  return 'kind' in mail ? mail : { ...mail, recipients: [...mail.recipients, ...stored] };
}

async function recalledDraft({ sent }: Parameters, recall: SimulationContext['recall']): Promise<Email | null> {
  const id = asString(field(sent.beside, 'id'));
  const known = id === null ? null : await recall('draft', id);
  if (known === null || known.value === null) return null;
  const mail = sendsWhole('drafts.send', { ...sent, raw: Buffer.from((known.value as StoredDraft).message.raw, 'base64url') });
  if ('kind' in mail) return null;
  const given = sent.raw === null ? mail : sendsWhole('drafts.send', sent);
  // A draft that is given anew counts with those it had before: which of the two is sent is not documented.
  return 'kind' in given ? null : { ...given, recipients: [...given.recipients, ...mail.recipients.filter(({ address }) => !given.recipients.some((other) => other.address === address))] };
}

function message(context: SimulationContext, raw: Uint8Array, thread: string | null, label: string): StoredMessage {
  const id = context.id('', { length: 16, alphabet: 'hex' });
  return { id, threadId: thread ?? id, labelIds: [label], raw: Buffer.from(raw).toString('base64url'), at: context.now };
}

async function sendMessage({ context, sent }: Call): Promise<Simulation<HttpResponse>> {
  return accepted(message(context, sent.raw ?? Buffer.alloc(0), asString(field(sent.message, 'threadId')), 'SENT'));
}

/** Gmail's own words for a message that it would not send. */
function accepted(kept: StoredMessage): Simulation<HttpResponse> {
  const mail = readMimeMail(Buffer.from(kept.raw, 'base64url'));
  if (mail.kind === 'unreadable' || !mail.recipients.some(({ role }) => ['to', 'cc', 'bcc'].includes(role))) {
    return { reply: googleError(400, 'INVALID_ARGUMENT', 'invalidArgument', 'Recipient address required') };
  }
  return { reply: jsonReply(200, brief(kept)), remember: [rememberMessage(light(kept))] };
}

async function createDraft({ context, sent }: Call): Promise<Simulation<HttpResponse>> {
  const id = context.id('r', { length: 19, alphabet: 'digits' });
  const draft: StoredDraft = { id, message: message(context, sent.raw ?? Buffer.alloc(0), asString(field(sent.message, 'threadId')), 'DRAFT') };
  return { reply: jsonReply(200, { id, message: brief(draft.message) }), remember: [{ kind: 'draft', id, expectVersion: 0, value: draft }] };
}

async function updateDraft({ context, ids: [id = ''], sent }: Call): Promise<Simulation<HttpResponse>> {
  return withDraft(context, id, async (stored, known) => {
    const draft: StoredDraft = { id, message: message(context, sent.raw ?? Buffer.alloc(0), asString(field(sent.message, 'threadId')) ?? stored.message.threadId, 'DRAFT') };
    return { reply: jsonReply(200, { id, message: brief(draft.message) }), remember: [{ kind: 'draft', id, expectVersion: known.version, value: draft }] };
  });
}

/** The draft goes, and a message with an id of its own is there instead. */
async function sendDraft(call: Call): Promise<Simulation<HttpResponse>> {
  const { context, sent } = call;
  const id = asString(field(sent.beside, 'id'));
  if (id === null) return sendMessage(call);
  return withDraft(context, id, async (stored, known) => {
    const simulated = accepted(message(context, sent.raw ?? Buffer.from(stored.message.raw, 'base64url'), stored.message.threadId, 'SENT'));
    return simulated.remember === undefined ? simulated : { ...simulated, remember: [...simulated.remember, deleted(known)] };
  });
}

function deleted({ id, version }: Remembered): NonNullable<Simulation<HttpResponse>['remember']>[number] {
  return { kind: 'draft', id, expectVersion: version, value: null };
}

async function withDraft(context: SimulationContext, id: string, answer: (draft: StoredDraft, known: Remembered) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('draft', id);
  return known === null || known.value === null ? { reply: notFound() } : answer(known.value as StoredDraft, known);
}
