import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded, Email } from '../../model/side-effect.ts';
import type { JsonObject } from '../wire/json.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import type { Unread } from '../wire/unread.ts';
import { bodyOf, keyOf, textOf } from './body.ts';
import { errorReply } from './error.ts';
import { eventNames, laterAt } from './events.ts';
import { readMails } from './message.ts';
import { readRawMail } from './raw.ts';
import { callName, otherCalls } from './routes.ts';
import { answerSend } from './send.ts';
import { signWebhook } from './sign.ts';

/** Mailchimp Transactional, formerly Mandrill. https://mailchimp.com/developer/transactional/api/ */
export const mandrill = {
  name: 'mandrill',
  channels: ['email'],
  about: {
    operations: ['messages.send', 'messages.send-template', 'messages.send-mc-template', 'messages.send-raw', ...Object.keys(otherCalls).map(operationOf)],
    fidelity: 'sends, rejects and scheduled mail in full, with signed webhooks, in JSON only; merge tags of plain values are filled in, stored templates are not rendered; a test key looks like any other; no SMS, search, inbound mail, exports, or changes of templates, webhooks and subaccounts',
    verified: { sdk: '@mailchimp/mailchimp_transactional', version: '1.4.1', date: '2026-11-21' },
  },
  hosts: [{ host: 'mandrillapp.com' }],

  account: keyOf,

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return unrecognized('a header asks for another method');
    const name = callName(request);
    const other = name === null ? undefined : otherCalls[name];
    const read = name === null ? undefined : sends[name];
    if (name === null || (other === undefined && read === undefined)) return unrecognized(`${request.method} ${request.path.split('/').slice(0, 5).join('/')} is not simulated`);
    const operation = operationOf(name);
    const body = bodyOf(request);
    if (body.kind === 'unreadable') return unrecognized(`${operation}: ${body.why}`);
    if (read !== undefined) {
      const mails = read(body.body, operation);
      return mails.kind === 'unreadable' ? unrecognized(`${operation}: ${mails.why}`) : { kind: 'effects', effects: mails.mails };
    }
    if (other?.recipients === undefined) return { kind: 'read', operation, liveness: 'unknown' };
    const recipients = other.recipients(body.body);
    return recipients === null ? unrecognized(`${operation}: the body does not tell whom it is about`) : { kind: 'effects', effects: [{ ...nothingYet, operation, recipients }] };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const name = callName(request) ?? '';
    const body = bodyOf(request);
    if (body.kind === 'unreadable') return { reply: errorReply('ValidationError', -2, 'You must specify a key value') };
    if (textOf(body.body, 'key') === null) return { reply: errorReply('ValidationError', -2, 'You must specify a key value') };
    const mails = sends[name]?.(body.body, operationOf(name));
    if (mails?.kind === 'mails') return answerSend(body.body, mails.mails, context);
    return otherCalls[name]?.answer({ body: body.body, context }) ?? { reply: errorReply('Unknown_Method', -99, `Unknown method "${name}"`) };
  },

  reject(_request: HttpRequest, { rule, reason, capture }) {
    return errorReply('GeneralError', -99, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events: eventNames,
  later: laterAt,
  sign: signWebhook,
} as const satisfies HttpProvider;

/** A call's name holds a slash, so that no inherited property is met here or in `otherCalls`. */
const sends: Readonly<Record<string, (call: JsonObject, operation: string) => { readonly kind: 'mails'; readonly mails: readonly Email[] } | Unread>> = {
  'messages/send': readMails, 'messages/send-template': readMails, 'messages/send-mc-template': readMails, 'messages/send-raw': readRawMail,
};

/** 'messages/send' is told as 'messages.send' */
function operationOf(name: string): string {
  return name.replace('/', '.');
}

const nothingYet = {
  channel: 'email', provider: 'mandrill', liveness: 'unknown', keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null,
} as const satisfies Omit<Email, 'operation' | 'recipients'>;

function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Mandrill: ${why}` };
}
