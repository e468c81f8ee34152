import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { CallbackDraft, Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { audience, nothingYet } from './effects.ts';
import { errorReply, invalid, missing, notFound } from './errors.ts';
import { draft } from './events.ts';
import { once } from './idempotency.ts';
import { mailFault } from './mail-faults.ts';
import { readBatch, readMail } from './mail.ts';
import { page } from './page.ts';
import { iso, lastEvent, shown, storedEmail, timeOf, untilDelivered } from './stored-email.ts';
import type { StoredEmail } from './stored-email.ts';

/** /emails/metrics and /emails/receiving are no mails */
const id = '((?!(?:batch|metrics|receiving)(?:/|$))[A-Za-z0-9][A-Za-z0-9_-]*)';

export const emailRoutes: readonly JsonRoute[] = [
  {
    method: 'POST', path: /^\/emails$/, operation: 'emails.send',
    effects: ({ body }) => {
      const mail = readMail(body, 'emails.send');
      return 'kind' in mail ? mail : [mail];
    },
    answer: (call) => once(call, async () => {
      const fault = mailFault(call.body);
      if (fault !== null) return { reply: errorReply(fault) };
      const stored = storedEmail(call.body, call.context);
      return { reply: jsonReply(200, { id: stored.email.id }), ...kept(stored, call.context) };
    }),
  },
  { method: 'POST', path: /^\/emails\/batch$/, operation: 'emails.batch', effects: ({ body }) => readBatch(body), answer: (call) => once(call, () => batch(call)) },
  {
    method: 'GET', path: /^\/emails$/, operation: 'emails.list',
    answer: async (call) => ({ reply: jsonReply(200, await page(call, 'email', (value) => {
      const { html: _html, text: _text, tags: _tags, object: _object, ...rest } = shown(value as StoredEmail, call.context.now);
      return rest;
    })) }),
  },
  { method: 'GET', path: new RegExp(`^/emails/${id}$`), operation: 'emails.get', answer: (call) => withStored(call, async (stored) => ({ reply: jsonReply(200, shown(stored, call.context.now)) })) },
  {
    // Who it goes to is in the mail, not in this call.
    method: 'PATCH', path: new RegExp(`^/emails/${id}$`), operation: 'emails.update',
    effects: ({ body, ids: [email = ''] }) => asObject(body) === null ? unreadable('the body is not a JSON object') : [{ ...nothingYet, operation: 'emails.update', recipients: [audience(`scheduled email ${email}`)] }],
    answer: (call) => withStored(call, async (stored, version) => {
      const scheduled = asString(field(asObject(call.body), 'scheduled_at'));
      if (scheduled === null) return { reply: errorReply(missing('scheduled_at')) };
      if (lastEvent(stored, call.context.now) !== 'scheduled') return { reply: errorReply(invalid('Only scheduled emails can be updated.')) };
      const startsAt = timeOf(scheduled, call.context.now);
      const value: StoredEmail = { ...stored, startsAt, email: { ...stored.email, scheduled_at: iso(startsAt) } };
      return { reply: jsonReply(200, { object: 'email', id: stored.email.id }), remember: [{ kind: 'email', id: stored.email.id, expectVersion: version, value }] };
    }),
  },
  {
    method: 'POST', path: new RegExp(`^/emails/${id}/cancel$`), operation: 'emails.cancel', effects: () => [{ ...nothingYet, operation: 'emails.cancel' }],
    answer: (call) => withStored(call, async (stored, version) => lastEvent(stored, call.context.now) === 'scheduled'
      ? { reply: jsonReply(200, { object: 'email', id: stored.email.id }), remember: [{ kind: 'email', id: stored.email.id, expectVersion: version, value: { ...stored, event: 'canceled' } }] }
      : { reply: errorReply(invalid('Only scheduled emails can be canceled.')) }),
  },
];

/** Strict: one bad mail and none is sent. Permissive: the others are, and the bad ones are told by their place. */
async function batch(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const permissive = header(call.request.headers, 'x-batch-validation') === 'permissive';
  const judged = (asArray(call.body) ?? []).map((mail, index) => ({ mail, index, fault: mailFault(mail) }));
  const bad = judged.flatMap(({ fault, index }) => fault === null ? [] : [{ index, fault }]);
  if (!permissive && bad.length > 0) return { reply: errorReply(bad[0]!.fault) };
  const stored = judged.filter(({ fault }) => fault === null).map(({ mail }) => storedEmail(mail, call.context));
  const all = stored.map((each) => kept(each, call.context));
  return {
    reply: jsonReply(200, { data: stored.map(({ email }) => ({ id: email.id })), ...(permissive ? { errors: bad.map(({ index, fault }) => ({ index, message: fault.message })) } : {}) }),
    remember: all.flatMap(({ remember }) => remember),
    callbacks: all.flatMap(({ callbacks }) => callbacks),
  };
}

/** Of a scheduled mail only that is told: it may still be canceled. */
function kept(stored: StoredEmail, context: SimulationContext): { readonly remember: readonly Remember[]; readonly callbacks: readonly CallbackDraft[] } {
  return {
    remember: [{ kind: 'email', id: stored.email.id, expectVersion: 0, value: stored }],
    callbacks: stored.email.scheduled_at === null
      ? [draft(context, 'email.sent', stored, context.now), draft(context, 'email.delivered', stored, context.now + untilDelivered)]
      : [draft(context, 'email.scheduled', stored, context.now)],
  };
}

async function withStored(
  { ids: [email = ''], context }: JsonCallInContext, answer: (stored: StoredEmail, version: number) => Promise<Simulation<HttpResponse>>,
): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('email', email);
  return known === null ? { reply: notFound('Email') } : answer(known.value as StoredEmail, known.version);
}
