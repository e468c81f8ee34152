import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { Remember, Remembered, Simulation, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import type { LoopsCall } from './calls.ts';
import { failure } from './reply.ts';
import { contactOf, cuid, webhooksOf } from './webhook.ts';

const day = 86_400_000;

export async function simulateCall(request: HttpRequest, call: LoopsCall, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  switch (call.operation) {
    case 'transactional.send': return once(request, context, async () => transactional(call, context));
    case 'events.send': return once(request, context, async () => asString(field(call.body, 'eventName')) === null
      ? { reply: failure(400, 'An eventName is required.') } : { reply: jsonReply(200, { success: true }) });
    case 'contacts.create': return create(call, context);
    case 'contacts.update': return update(call, context);
    case 'contacts.delete': return remove(call, context);
    case 'email-messages.preview': return { reply: jsonReply(200, { id: call.id }) };
  }
}

function transactional(call: LoopsCall, context: SimulationContext): Simulation<HttpResponse> {
  if (call.effect.template === null) return { reply: failure(400, 'transactionalId is required', 'transactionalId') };
  if (call.effect.recipients.some(({ role, address }) => role === 'to' && parseEmailAddress(address).kind === 'invalid')) return { reply: failure(400, 'email is not a valid address', 'email') };
  const happened = ['transactional.email.sent', 'email.delivered'].flatMap((name, seconds) =>
    webhooksOf({ name, recipient: null }, call, context, context.capture, context.now + seconds * 1000));
  return { reply: jsonReply(200, { success: true }), callbacks: happened };
}

/** A key that was used within a day is refused, whatever the body: Loops does not replay. */
async function once(request: HttpRequest, context: SimulationContext, act: () => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const key = header(request.headers, 'idempotency-key') ?? '';
  if (key === '') return act();
  if (key.length > 100) return { reply: failure(400, 'Idempotency-Key is longer than 100 characters') };
  const used = await context.recall('idempotency-key', key);
  if (used !== null && context.now - Number(used.value) < day) return { reply: failure(409, 'Idempotency key has been used in the previous 24 hours.') };
  const done = await act();
  return done.reply.status >= 400 ? done : { ...done, remember: [...done.remember ?? [], { kind: 'idempotency-key', id: key, expectVersion: used?.version ?? 0, value: context.now }] };
}

async function create(call: LoopsCall, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  const email = asString(field(call.body, 'email'));
  if (email === null) return { reply: failure(400, 'email is required') };
  if (await recallContact(call, context) !== null) return { reply: failure(409, 'Email or userId is already in audience.') };
  const written = contactToKeep(call, email, null);
  return { reply: jsonReply(200, { success: true, id: cuidOf(email) }), remember: [written], callbacks: webhooksOf({ name: 'contact.created', recipient: null }, call, context, context.capture, context.now) };
}

async function update(call: LoopsCall, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  const known = await recallContact(call, context);
  const email = asString(field(call.body, 'email')) ?? asString(field(known?.value as LoopsCall['body'] | undefined ?? null, 'email'));
  // a contact named by userId alone that nobody created here: it may well exist at Loops
  if (email === null) return { reply: jsonReply(200, { success: true, id: cuid(`contact ${asString(field(call.body, 'userId')) ?? ''}`) }) };
  return { reply: jsonReply(200, { success: true, id: known?.id ?? cuidOf(email) }), remember: [contactToKeep(call, email, known)] };
}

async function remove(call: LoopsCall, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  const known = await recallContact(call, context);
  if (known === null) return { reply: failure(404, 'Contact not found.') };
  return {
    reply: jsonReply(200, { success: true, message: 'Contact deleted.' }),
    remember: [{ kind: 'contact', id: known.id, expectVersion: known.version, value: null }],
    callbacks: webhooksOf({ name: 'contact.deleted', recipient: null }, call, context, context.capture, context.now),
  };
}

/** By address, or by the caller's own id. */
async function recallContact({ body }: LoopsCall, context: SimulationContext): Promise<Remembered | null> {
  const email = asString(field(body, 'email'));
  const userId = asString(field(body, 'userId'));
  for (const [name, value] of [['email', email?.toLowerCase() ?? null], ['userId', userId]] as const) {
    if (value === null) continue;
    const { items } = await context.list('contact', { where: { [name]: value }, limit: 1 });
    if (items[0] !== undefined) return items[0];
  }
  return null;
}

/** What the call says wins over what was known; lists are joined, and left where the call says false. */
function contactToKeep({ body }: LoopsCall, email: string, known: Remembered | null): Remember {
  const before = (known?.value ?? {}) as { readonly userId?: string | null; readonly mailingLists?: object };
  const userId = asString(field(body, 'userId')) ?? before.userId ?? null;
  const id = known?.id ?? cuidOf(email);
  const after = contactOf(body, { id, email, userId });
  const given = known === null ? after : Object.fromEntries(Object.entries(after).filter(([name]) => name in body));
  const left = Object.entries(asObject(field(body, 'mailingLists')) ?? {}).filter(([, on]) => on === false).map(([list]) => list);
  const lists = Object.entries({ ...before.mailingLists, ...after['mailingLists'] as object }).filter(([list]) => !left.includes(list));
  const value = { ...before, ...given, id, email, userId, mailingLists: Object.fromEntries(lists) };
  return { kind: 'contact', id, expectVersion: known?.version ?? 0, value, index: { email: email.toLowerCase(), ...userId === null ? {} : { userId } } };
}

function cuidOf(email: string): string {
  return cuid(`contact ${email.toLowerCase()}`);
}
