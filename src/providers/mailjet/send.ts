import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import type { Unread } from '../wire/unread.ts';
import { eventDraft } from './event.ts';
import { long, newMessage, remembered, sentAfter } from './message.ts';
import type { StoredMessage } from './message.ts';
import { mailjetReply, restError } from './reply.ts';
import type { Call, Parameters, Route } from './route.ts';
import { readV3 } from './send-v3.ts';
import { readV31 } from './send-v31.ts';

export const sendRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/v3\.1\/send$/, operation: 'send', effects: (call) => mailsOf(call, readV31), answer: sendV31 },
  { method: 'POST', path: /^\/v3\/send$/, operation: 'send.v3', effects: (call) => mailsOf(call, readV3), answer: sendV3 },
];

function mailsOf({ body }: Parameters, read: typeof readV31): readonly Email[] | Unread {
  const mails = read(body);
  return mails.kind === 'unreadable' ? mails : mails.mails;
}

type Role = 'to' | 'cc' | 'bcc';
interface Sent { readonly role: Role; readonly message: StoredMessage; readonly mail: Email }

/** A message for everybody the mail itself is sent to: those that only headers or reports name get none. */
function messagesOf(context: SimulationContext, mail: Email): readonly Sent[] {
  return mail.recipients.flatMap(({ address, kind, role }) => kind === 'email' && (role === 'to' || role === 'cc' || role === 'bcc')
    ? [{ role, message: newMessage(context, mail, address), mail }] : []);
}

/** What is kept of them, and the `sent` event of each; in sandbox mode nothing is. */
function consequences(sent: readonly Sent[]): { readonly remember: readonly Remember[]; readonly callbacks: Simulation<HttpResponse>['callbacks'] & {} } {
  const real = sent.filter(({ mail }) => mail.liveness !== 'test');
  return { remember: real.map(({ message }) => remembered(message, 0)), callbacks: real.map(({ message, mail }) => eventDraft('sent', message.at + sentAfter, message, null, mail)) };
}

interface Fault { readonly code: string; readonly message: string; readonly related: readonly string[] }

/** Mailjet's own refusals, in its words, as far as they are simple and known. */
function faultsOf(mail: Email): readonly Fault[] {
  const positions = new Map<string, number>();
  const wrong = mail.recipients.flatMap(({ address, role, kind }): Fault[] => {
    const at = positions.get(role) ?? 0;
    positions.set(role, at + 1);
    return kind === 'email' && /^(?:to|cc|bcc)$/.test(role) && parseEmailAddress(address).kind === 'invalid' ? [{ code: 'mj-0013', message: `"${address}" is an invalid email address.`, related: [`${role.replace(/^./, (letter) => letter.toUpperCase())}[${at}].Email`] }] : [];
  });
  const empty = (mail.text ?? '') === '' && (mail.html ?? '') === '' && mail.template === null;
  return [
    ...wrong,
    ...mail.from === null && mail.template === null ? [{ code: 'mj-0003', message: 'Missing mandatory property.', related: ['From'] }] : [],
    ...empty ? [{ code: 'send-0003', message: 'At least "HTMLPart", "TextPart" or "TemplateID" must be provided.', related: ['HTMLPart', 'TextPart'] }] : [],
  ];
}

async function sendV31({ body, context }: Call): Promise<Simulation<HttpResponse>> {
  const read = readV31(body);
  if (read.kind === 'unreadable') return { reply: mailjetReply(400, { ErrorIdentifier: context.uuid(), ErrorCode: 'mj-0001', StatusCode: 400, ErrorMessage: 'Bad request' }) };
  const all: Sent[] = [];
  let failed = false;
  const Messages = read.mails.map((mail) => {
    const faults = faultsOf(mail);
    if (faults.length > 0) {
      failed = true;
      return { Status: 'error', Errors: faults.map(({ code, message, related }) => ({ ErrorIdentifier: context.uuid(), ErrorCode: code, StatusCode: 400, ErrorMessage: message, ErrorRelatedTo: related })) };
    }
    const sent = messagesOf(context, mail);
    all.push(...sent);
    const shown = (wanted: Role): unknown => sent.filter(({ role }) => role === wanted).map(({ message: { email, uuid, id } }) => ({
      Email: email, MessageUUID: uuid, MessageID: long(id), MessageHref: `https://api.mailjet.com/v3/REST/message/${id}`,
    }));
    return { Status: 'success', CustomID: mail.keys.find(({ name }) => name === 'CustomID')?.value ?? '', To: shown('to'), Cc: shown('cc'), Bcc: shown('bcc') };
  });
  return { reply: mailjetReply(failed ? 400 : 200, { Messages }), ...consequences(all) };
}

async function sendV3({ body, context }: Call): Promise<Simulation<HttpResponse>> {
  const read = readV3(body);
  if (read.kind === 'unreadable') return { reply: restError(400, 'Bad request') };
  const fault = read.mails.flatMap(faultsOf)[0];
  if (fault !== undefined) return { reply: restError(400, fault.message) };
  const all = read.mails.flatMap((mail) => messagesOf(context, mail));
  return { reply: mailjetReply(200, { Sent: all.map(({ message: { email, uuid, id } }) => ({ Email: email, MessageID: long(id), MessageUUID: uuid })) }), ...consequences(all) };
}
