import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { basic, bearer } from '../wire/credential.ts';
import { asObject } from '../wire/json.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { emptyReply } from '../wire/reply.ts';
import { activityRoutes } from './activity.ts';
import { contactRoutes } from './contacts.ts';
import { droppedOf } from './dropped.ts';
import { errorReply, notFound } from './error.ts';
import { later, mailConsequences, mailEvents, sign } from './events.ts';
import { groupRoutes } from './groups.ts';
import { mailFaults } from './mail-faults.ts';
import { readMail } from './mail.ts';
import { marketingRoutes } from './marketing.ts';
import { readRoutes } from './reads.ts';
import { rewriteMail, saidByMail } from './rewrite.ts';
import { scheduledRoutes } from './scheduled.ts';
import { senderRoutes } from './senders.ts';
import { suppressionRoutes } from './suppressions.ts';
import { fromTemplate, templateRoutes } from './templates.ts';

const routes: readonly JsonRoute[] = [...marketingRoutes, ...contactRoutes, ...senderRoutes, ...templateRoutes, ...suppressionRoutes, ...groupRoutes, ...scheduledRoutes, ...activityRoutes, ...readRoutes];

/** Twilio SendGrid, Web API v3. https://www.twilio.com/docs/sendgrid/api-reference */
export const sendgrid = {
  name: 'sendgrid',
  channels: ['email'],
  about: {
    operations: [...new Set(['mail.send', ...routes.map(({ operation }) => operation)])],
    fidelity: 'mail/send in full, with the events of the signed event webhook and the activity read-back; templates, suppressions, groups, contacts, lists, senders and single sends are remembered, and suppressed people are told of as dropped; of handlebars only plain names are filled in, of queries only conditions joined by AND are answered; domains, keys, automations and imports cannot be changed',
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
    const found = routed('SendGrid', routes, request);
    if (found.kind === 'routed' && found.call.body !== null && asObject(found.call.body) === null) return { kind: 'unrecognized', why: `SendGrid ${found.route.operation}: the body is not a JSON object` };
    return decodeCall('SendGrid', routes, request);
  },

  /** A mail that names a stored template says what the template says. */
  async recalled(request, decoded, { recall }): Promise<Decoded> {
    const mails = isMailSend(request) && decoded.kind === 'effects' ? decoded.effects.filter((effect) => effect.channel === 'email') : [];
    return mails.length === 0 ? decoded : { kind: 'effects', effects: await fromTemplate(mails, recall) };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    if (isMailSend(request)) {
      const mail = readMail(request);
      if (mail.kind === 'unreadable') return { reply: errorReply(400, [{ message: 'Bad Request', field: null, help: null }]) };
      const faults = mailFaults(mail);
      if (faults.length > 0) return { reply: errorReply(400, faults) };
      const messageId = context.id('', { length: 22 });
      const reply = emptyReply(mail.sandbox ? 200 : 202, [['X-Message-Id', messageId]]);
      return mail.sandbox ? { reply } : { reply, ...mailConsequences({ ...mail, mails: await fromTemplate(mail.mails, context.recall) }, messageId, await droppedOf(mail.body, context), context) };
    }
    const found = routed('SendGrid', routes, request);
    return found.kind === 'unreadable' ? { reply: notFound() } : found.route.answer({ ...found.call, context });
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

function isMailSend(request: HttpRequest): boolean {
  return request.method === 'POST' && request.path === '/v3/mail/send';
}
