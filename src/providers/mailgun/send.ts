import { parseAddressList } from '../../model/address/address-list.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Decoded, Email } from '../../model/side-effect.ts';
import { addressesIn } from '../wire/address-field.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { listsAmong } from './addresses.ts';
import { one, readFields } from './fields.ts';
import type { Fields } from './fields.ts';
import { happen, storageHost } from './happen.ts';
import { readMessage } from './message.ts';
import { domainName, failure, silent } from './route.ts';
import type { Call, Parameters, Route } from './route.ts';

export const sendRoutes: readonly Route[] = [
  { method: 'POST', path: new RegExp(`^/v3/${domainName}/messages$`), operation: 'messages.create', effects: (call) => mailsOf(call, false), answer: (call) => send(call, false) },
  { method: 'POST', path: new RegExp(`^/v3/${domainName}/messages\\.mime$`), operation: 'messages.mime', effects: (call) => mailsOf(call, true), answer: (call) => send(call, true) },
  { method: 'POST', path: new RegExp(`^/v3/domains/${domainName}/messages/([\\w=-]+)$`), operation: 'messages.resend', effects: resent, answer: resend },
  {
    method: 'GET', path: new RegExp(`^/v3/domains/${domainName}/messages/([\\w=-]+)$`), operation: 'messages.get',
    answer: async ({ ids: [domain = '', key = ''], context }) => {
      const known = await context.recall('message', key);
      const stored = known?.value as StoredMessage | null | undefined;
      return stored?.domain === domain ? { reply: jsonReply(200, stored.shown) } : failure(404, 'Message not found');
    },
  },
];

interface StoredMessage {
  readonly domain: string;
  /** without its files */
  readonly mail: Email;
  readonly shown: unknown;
}

function mailsOf({ request, ids: [domain = ''] }: Parameters, mime: boolean): readonly Email[] | Unread {
  const fields = readFields(request);
  if (fields.kind === 'unreadable') return fields;
  const read = readMessage(fields, { domain, mime });
  return read.kind === 'unreadable' ? read : read.mails;
}

async function send(call: Call, mime: boolean): Promise<Simulation<HttpResponse>> {
  const fields = readFields(call.request);
  const mails = mailsOf(call, mime);
  if (fields.kind === 'unreadable' || 'kind' in mails) return failure(400, 'Bad request');
  const fault = addressFault(fields) ?? (mime ? null : faultIn(fields, mails));
  return fault === null ? queue(call, mails, Date.parse(one(fields, 'o:deliverytime') ?? '')) : failure(400, fault);
}

/** Mailgun's own refusals, in its words, as far as they are simple and known. */
function addressFault({ texts }: Fields): string | null {
  if (texts.every(([name]) => name !== 'to')) return 'to parameter is missing';
  const wrong = ['from', 'to', 'cc', 'bcc'].find((name) => texts.some(([field, value]) => field === name && value !== '' && parseAddressList(value).kind === 'invalid'));
  return wrong === undefined ? null : `'${wrong}' parameter is not a valid address. please check documentation`;
}

function faultIn(fields: Fields, mails: readonly Email[]): string | null {
  const text = (name: string): string => one(fields, name) ?? '';
  if (text('from') === '') return 'from parameter is missing';
  const empty = text('text') === '' && text('html') === '' && text('amp-html') === '' && text('template') === '';
  return empty && mails.every(({ attachments }) => attachments.length === 0) ? "Need at least one of 'text' or 'html' parameters specified" : null;
}

/** Remembers the message, and lets it be accepted at once and delivered a second later (or when it was asked to be). */
async function queue({ request, ids: [domain = ''], context }: Call, mails: readonly Email[], asked: number): Promise<Simulation<HttpResponse>> {
  const { now } = context;
  const stamp = new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const id = `<${stamp}.${context.id('', { length: 16, alphabet: 'hex' })}@${domain}>`;
  const starts = asked > now ? asked : now;
  const remember: Remember[] = [];
  const callbacks = [];
  for (const mail of mails) {
    const storageKey = context.id('BAAB', { length: 60 });
    const stored: StoredMessage = { domain, mail: { ...mail, attachments: [] }, shown: shown(mail, id) };
    remember.push({ kind: 'message', id: storageKey, expectVersion: 0, value: stored, index: { messageId: id, domain } });
    const sent = { domain, id, storageKey, storageHost: storageHost(request.authority.host), mail };
    for (const [name, at] of [['accepted', now], ['delivered', starts + 1000]] as const) {
      const happened = happen(context, { name, at, recipient: null, detail: null, sent });
      remember.push(...happened.remember);
      callbacks.push(...happened.callbacks);
    }
  }
  return { reply: jsonReply(200, { id, message: 'Queued. Thank you.' }), remember, callbacks };
}

/** A stored message as Mailgun shows it to `Accept: application/json`. */
function shown(mail: Email, id: string): unknown {
  const to = mail.recipients.filter(({ role }) => role === 'to').map(({ address }) => address).join(', ');
  const headers = [['From', mail.from ?? ''], ['To', to], ['Subject', mail.subject ?? ''], ['Message-Id', id], ['Mime-Version', '1.0']] as const;
  return {
    ...Object.fromEntries(headers), 'message-headers': headers, sender: mail.from ?? '', from: mail.from ?? '', subject: mail.subject ?? '',
    recipients: mail.recipients.filter(({ kind, role }) => kind === 'email' && ['to', 'cc', 'bcc'].includes(role)).map(({ address }) => address).join(', '),
    'body-plain': mail.text ?? '', 'stripped-text': mail.text ?? '', 'body-html': mail.html ?? '', 'stripped-html': mail.html ?? '', 'stripped-signature': '',
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({ name: filename, 'content-type': contentType, size: content.length, url: '' })),
  };
}

/** A stored message goes to whoever is named now; what it says stands at Mailgun. */
function resent({ request, ids: [domain = ''] }: Parameters): readonly Email[] | Unread {
  const fields = readFields(request);
  if (fields.kind === 'unreadable') return fields;
  const other = fields.texts.find(([name]) => name !== 'to')?.[0] ?? fields.files[0]?.name;
  if (other !== undefined) return unreadable(`field '${other.slice(0, 40)}' is not known here`);
  const recipients = fields.texts.flatMap(([, value]) => addressesIn(value, 'to'));
  return recipients.length === 0 ? unreadable('no recipient') : [{ ...silent('messages.resend'), recipients: [...recipients, ...listsAmong(recipients, domain)] }];
}

/** The resent message told from what is remembered of it. */
export async function recalledResend(decoded: Decoded, key: string, context: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  const stored = (await context.recall('message', key))?.value as StoredMessage | null | undefined;
  if (decoded.kind !== 'effects' || stored === null || stored === undefined) return decoded;
  const { keys, from, subject, text, html, template } = stored.mail;
  return { kind: 'effects', effects: decoded.effects.map((effect) => effect.channel === 'email' ? { ...effect, keys, from, subject, text, html, template } : effect) };
}

async function resend(call: Call): Promise<Simulation<HttpResponse>> {
  const [domain = '', key = ''] = call.ids;
  const stored = (await call.context.recall('message', key))?.value as StoredMessage | null | undefined;
  const mails = resent(call);
  if (stored?.domain !== domain || 'kind' in mails) return failure(404, 'Message not found');
  return queue(call, mails.map(({ recipients }) => ({ ...stored.mail, recipients })), Number.NaN);
}
