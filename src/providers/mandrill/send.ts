import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { textOf } from './body.ts';
import { errorReply } from './error.ts';
import { happening } from './events.ts';
import { rememberMessage, storedFrom, time } from './stored.ts';
import type { Reject, StoredMessage } from './stored.ts';

/** more are always sent in the background */
const mostAtOnce = 10;
/** in ms, until the other server has taken the mail */
const delivery = 1000;

/** One answer for every recipient but the blind copies of bcc_address, in the order of the call. */
export async function answerSend(call: JsonObject, mails: readonly Email[], context: SimulationContext): Promise<Simulation<HttpResponse>> {
  const sendAt = textOf(call, 'send_at');
  const due = sendAt === null ? null : Date.parse(`${sendAt.replace(' ', 'T')}Z`);
  if (due !== null && Number.isNaN(due)) return { reply: errorReply('ValidationError', -2, 'Validation error: {"send_at":"Please enter a valid date/time in the format YYYY-MM-DD HH:MM:SS"}') };
  const sends = mails.flatMap((mail) => mail.recipients.filter(({ kind, role }) => kind === 'email' && ['to', 'cc', 'bcc'].includes(role)).map(({ address }) => ({ mail, email: address })));
  const queued = field(call, 'async') === true || sends.length > mostAtOnce;

  const results: object[] = [];
  const remember = new Map<string, Remember>();
  const callbacks: CallbackDraft[] = [];
  for (const { mail, email } of sends) {
    const _id = context.id('', { length: 32, alphabet: 'hex' });
    const rejected = (await context.recall('reject', email.toLowerCase()))?.value as Reject | undefined;
    const status = parseEmailAddress(email).kind === 'invalid' && !/[^\s@]@[^\s@]/.test(email) ? 'invalid'
      : rejected !== undefined ? 'rejected' : due !== null && due > context.now ? 'scheduled' : queued ? 'queued' : 'sent';
    results.push({ email, status, _id, reject_reason: rejected === undefined || status !== 'rejected' ? null : rejected.reason, queued_reason: null });
    if (status === 'invalid') continue;
    if (status === 'scheduled') {
      // Nothing is told of it: it may still be cancelled.
      const value = { _id, created_at: time(context.now), send_at: time(due!), from_email: mail.from ?? '', to: email, subject: mail.subject ?? '' };
      remember.set(`scheduled\n${_id}`, { kind: 'scheduled', id: _id, expectVersion: 0, value, index: { to: email.toLowerCase() } });
      remember.set(`message\n${_id}`, rememberMessage(storedFrom(mail, { id: _id, email, state: 'scheduled', ts: Math.floor(due! / 1000) }), 0));
      continue;
    }
    let message: StoredMessage = storedFrom(mail, { id: _id, email, state: status === 'rejected' ? 'rejected' : 'sent', ts: Math.floor(context.now / 1000) });
    for (const [index, name] of (status === 'rejected' ? ['reject'] : eventsOf(email)).entries()) {
      const told = await happening(name, message, name === 'reject' ? rejected?.reason ?? null : null, context.now + index * delivery, context);
      if (told === null) continue;
      message = told.message;
      callbacks.push(told.callback);
      for (const one of told.remember) remember.set(`${one.kind}\n${one.id}`, one);
    }
    remember.set(`message\n${_id}`, rememberMessage(message, 0));
  }
  return { reply: jsonReply(200, results), remember: [...remember.values()], callbacks };
}

/** What happens by itself; Mandrill's own test addresses come to another end. */
function eventsOf(email: string): readonly string[] {
  switch (email.toLowerCase()) {
    case 'hard_bounce@test.mandrillapp.com': return ['send', 'hard_bounce'];
    case 'soft_bounce@test.mandrillapp.com': return ['send', 'soft_bounce'];
    case 'spam@test.mandrillapp.com': return ['send', 'delivered', 'spam'];
    default: return ['send', 'delivered'];
  }
}
