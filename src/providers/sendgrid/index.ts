import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded, Email } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { basic, bearer } from '../wire/credential.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { emptyReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { errorReply } from './error.ts';
import { later, mailCallbacks, mailEvents, sign } from './events.ts';
import { mailFaults } from './mail-faults.ts';
import { readMail } from './mail.ts';
import { sendRoutes } from './marketing.ts';
import { readRoutes } from './reads.ts';
import { rewriteMail, saidByMail } from './rewrite.ts';
import { match } from './routes.ts';

/** Twilio SendGrid, Web API v3. https://www.twilio.com/docs/sendgrid/api-reference */
export const sendgrid = {
  name: 'sendgrid',
  channels: ['email'],
  about: {
    operations: [...new Set(['mail.send', ...[...sendRoutes, ...readRoutes].map(({ operation }) => operation)])],
    fidelity: 'mail/send in full; campaigns are answered but not remembered; events of a mail are told by the signed event webhook; templates and suppressions cannot be changed',
    verified: { sdk: '@sendgrid/mail', version: '8.1.6', date: '2026-11-21' },
  },
  // email.twilio.com is the same API for callers with a Twilio credential
  hosts: [{ host: 'api.sendgrid.com' }, { host: 'api.eu.sendgrid.com' }, { host: 'email.twilio.com' }],

  account(request) {
    const subuser = header(request.headers, 'on-behalf-of');
    const credential = bearer(request.headers) ?? basic(request.headers)?.user ?? null;
    return credential === null || subuser === null ? credential : `${credential} ${subuser}`;
  },

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return { kind: 'unrecognized', why: 'SendGrid: a header asks for another method' };
    if (isMailSend(request)) {
      const mail = readMail(request);
      return mail.kind === 'mail' ? { kind: 'effects', effects: mail.mails } : { kind: 'unrecognized', why: `SendGrid mail/send: ${mail.why}` };
    }
    const send = match(sendRoutes, request);
    if (send !== null) {
      const { route, ids } = send;
      const body = objectBody(request);
      const recipients = 'kind' in body ? null : route.recipients(body.object, ids);
      return recipients === null
        ? { kind: 'unrecognized', why: `SendGrid ${route.operation}: ${'kind' in body ? body.why : 'the body does not tell whom it would reach'}` }
        : { kind: 'effects', effects: [{ ...nothingYet, operation: route.operation, recipients }] };
    }
    const read = match(readRoutes, request);
    if (read === null) return { kind: 'unrecognized', why: `SendGrid ${request.method} ${request.path.split('/').slice(0, 4).join('/')} is not simulated` };
    // A read has a body only where it is a question; one that cannot be read is a question nobody understood.
    if (isBodiless(request) && request.method === 'GET') return { kind: 'read', operation: read.route.operation, liveness: 'unknown' };
    const body = objectBody(request);
    return 'kind' in body ? { kind: 'unrecognized', why: `SendGrid ${read.route.operation}: ${body.why}` } : { kind: 'read', operation: read.route.operation, liveness: 'unknown' };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    if (isMailSend(request)) {
      const mail = readMail(request);
      if (mail.kind === 'unreadable') return { reply: errorReply(400, [{ message: 'Bad Request', field: null, help: null }]) };
      const faults = mailFaults(mail);
      if (faults.length > 0) return { reply: errorReply(400, faults) };
      const messageId = context.id('', { length: 22 });
      const reply = emptyReply(mail.sandbox ? 200 : 202, [['X-Message-Id', messageId]]);
      return mail.sandbox ? { reply } : { reply, callbacks: mailCallbacks(mail, messageId, context) };
    }
    const read = match(readRoutes, request);
    if (read !== null) return read.route.answer({ request, ids: read.ids, context });
    const send = match(sendRoutes, request);
    const body = objectBody(request);
    if (send === null || 'kind' in body) return { reply: errorReply(404, [{ message: 'resource not found', field: null, help: null }]) };
    return send.route.answer({ request, ids: send.ids, context, body: body.object });
  },

  /** 403 is what SendGrid answers to a sender that may not send; no SDK of it retries that. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, [{ message: `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`, field: null, help: null }]);
  },

  events: mailEvents,
  later,
  sign,

  rewrite: rewriteMail,
  said: saidByMail,
} as const satisfies HttpProvider;

const nothingYet = {
  channel: 'email', provider: 'sendgrid', liveness: 'unknown', keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null,
} as const satisfies Omit<Email, 'operation' | 'recipients'>;

function isMailSend(request: HttpRequest): boolean {
  return request.method === 'POST' && request.path === '/v3/mail/send';
}

/** A JSON object; no body at all counts as an empty one. */
function objectBody(request: HttpRequest): { readonly object: JsonObject } | Unread {
  if (isBodiless(request)) return { object: {} };
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const object = asObject(json.value);
  return object === null ? unreadable('the body is not a JSON object') : { object };
}
