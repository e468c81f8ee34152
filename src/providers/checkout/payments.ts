import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { minorOf, moneyIn, moneyOf, requireMoney } from './amount.ts';
import { customerFor } from './customers.ts';
import { approved, codeOfAmount, verdictOf } from './declines.ts';
import { invalid, notAllowed, notFound } from './errors.ts';
import { href, idIn, nothing, operation, some, text } from './operation.ts';
import type { Answer, Reached, Work } from './operation.ts';
import { acted, captured, decided, pending, savePayment, showActions, showPayment, showPending, showRequested, tell } from './payment.ts';
import type { Action, Paid } from './payment.ts';
import { isPreviousSandbox } from './place.ts';
import { sourceIn, sourceOf, sourceText } from './sources.ts';

const one = idIn('payments', 'pay|sid');
export const kept = ['reference', 'description', 'metadata', 'billing_descriptor', 'shipping', 'payment_ip', 'success_url', 'failure_url', 'processing_channel_id'];

/** An action on a payment: without an amount it is the whole rest, and of what currency only what is remembered tells. */
const on = (movesMoney: boolean) => (_: JsonObject, { ids }: { readonly ids: readonly string[] }): Reached => ({ ...nothing, movesMoney, object: ids[0]! });

export const paymentRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/payments$/, operation: 'payments.request', once: true, run: request,
    effect: (body) => {
      // money out, to a card or an account
      if (field(body, 'destination') !== undefined) return unreadable('a payout is not simulated');
      const customer = asObject(field(body, 'customer'));
      const amount = moneyIn(body);
      return { amount, movesMoney: amount?.minor !== '0', customer: text(customer, 'id') ?? text(customer, 'email'), method: sourceText(sourceIn(body)), object: null, description: text(body, 'description') };
    },
  }),
  operation({ method: 'GET', path: /^\/payments$/, operation: 'payments.list', run: list }),
  operation({ method: 'GET', path: one, operation: 'payments.get', run: async (work) => ({ status: 200, body: showPayment(await paymentOf(work)) }) }),
  operation({ method: 'GET', path: idIn('payments', 'pay|sid', '/actions'), operation: 'payments.actions', run: async (work) => ({ status: 200, body: showActions(await paymentOf(work)) }) }),
  operation({ method: 'POST', path: idIn('payments', 'pay', '/captures'), operation: 'payments.capture', once: true, effect: on(true), run: capture }),
  operation({ method: 'POST', path: idIn('payments', 'pay', '/refunds'), operation: 'payments.refund', once: true, effect: on(true), run: refund }),
  operation({ method: 'POST', path: idIn('payments', 'pay', '/voids'), operation: 'payments.void', once: true, effect: on(false), run: cancel }),
];

async function paymentOf(work: Work): Promise<Paid> {
  const id = work.call.ids[0]!;
  const found = id.startsWith('sid_') ? (await work.context.list('payment', { where: { session: id }, limit: 1 })).items[0]?.value as Paid | undefined ?? null : await work.ledger.find<Paid>('payment', id);
  if (found === null) throw notFound();
  return found;
}

/** What of a request makes a payment, whichever way its payer comes to it. */
export async function begun(work: Work): Promise<Omit<Parameters<typeof pending>[1], 'source' | 'instrument' | 'code'>> {
  const { body, base } = work;
  const { amount, currency } = requireMoney(body);
  const customer = await customerFor(work, body);
  return {
    base, given: some(body, kept), amount: String(amount), currency, customer: customer === null ? null : some(customer.view, ['id', 'email', 'name', 'phone']),
    // what is to be captured at a time of its own waits for it to be made to happen
    captures: field(body, 'capture') !== false && field(body, 'capture_on') === undefined,
  };
}

async function request(work: Work): Promise<Answer> {
  const { body, context: { declined }, call } = work;
  const facts = await begun(work);
  const source = await sourceOf(work, sourceIn(body));
  const amount = BigInt(facts.amount);
  const magic = isPreviousSandbox(call.request) && moneyOf(amount, facts.currency).exponent === 2 ? codeOfAmount(amount) : null;
  const code = declined !== null ? declined.code ?? '20005' : source.code(amount) ?? magic;
  const instrument = source.instrument === null ? null : { ...source.instrument, customer: facts.customer === null ? null : String(facts.customer['id']) };
  const paid = savePayment(work, pending(work, { ...facts, source: source.view, instrument, code }));
  if (source.kind === 'redirect' || field(asObject(field(body, '3ds')), 'enabled') === true) {
    tell(work, 'payment_pending', paid, null);
    return { status: 202, body: showPending(paid, work.context.page('payment', paid.id)) };
  }
  return { status: 201, body: showRequested(decided(work, paid, code === null ? approved : verdictOf(code))) };
}

async function list(work: Work): Promise<Answer> {
  const asked = new Map(work.call.query);
  const reference = asked.get('reference');
  const other = [...asked.keys()].find((name) => !['reference', 'limit', 'skip'].includes(name));
  if (other !== undefined || asked.size !== work.call.query.length) throw invalid('query_invalid');
  if (reference === undefined) throw invalid('reference_required');
  const [limit, skip] = [numberOf(asked.get('limit') ?? '10'), numberOf(asked.get('skip') ?? '0')];
  const { items } = await work.context.list('payment', { where: { reference }, limit: 1000 });
  return { status: 200, body: { limit, skip, total_count: items.length, data: items.slice(skip, skip + limit).map(({ value }) => showPayment(value as Paid)) } };
}

function numberOf(said: string): number {
  if (!/^[0-9]{1,4}$/.test(said)) throw invalid('query_invalid');
  return Number(said);
}

/** What an action is for: what was said of it, or all that is left. */
function amountOf(work: Work, left: bigint, tooMuch: string): bigint {
  const said = field(work.body, 'amount');
  const amount = said === undefined || said === null ? left : minorOf(said);
  if (amount === null || amount <= 0n) throw invalid('amount_invalid');
  if (amount > left) throw invalid(tooMuch);
  return amount;
}

function accepted(work: Work, { id, reference }: Action): Answer {
  return { status: 202, body: { action_id: id, ...(reference === null ? {} : { reference }), _links: { payment: href(`${work.base}/payments/${work.call.ids[0]!}`) } } };
}

async function capture(work: Work): Promise<Answer> {
  const paid = await paymentOf(work);
  if (paid.final || !['Authorized', 'Partially Captured'].includes(paid.status)) throw notAllowed();
  const amount = amountOf(work, BigInt(paid.authorized) - BigInt(paid.captured), 'capture_value_greater_than_authorized');
  const { declined } = work.context;
  const facts = { amount, final: text(work.body, 'capture_type') !== 'NonFinal', reference: text(work.body, 'reference') };
  if (declined === null) return accepted(work, captured(work, paid, facts).action);
  // taken, and told later that it failed
  const done = acted(work, paid, { type: 'Capture', amount: String(amount), verdict: verdictOf(declined.code ?? '20005'), reference: facts.reference }, {});
  tell(work, 'payment_capture_declined', done.paid, done.action);
  return accepted(work, done.action);
}

async function refund(work: Work): Promise<Answer> {
  const paid = await paymentOf(work);
  if (!['Captured', 'Partially Captured', 'Partially Refunded'].includes(paid.status)) throw notAllowed();
  const amount = amountOf(work, BigInt(paid.captured) - BigInt(paid.refunded), 'refund_amount_exceeds_balance');
  const sum = BigInt(paid.refunded) + amount;
  const done = acted(work, paid, { type: 'Refund', amount: String(amount), verdict: approved, reference: text(work.body, 'reference') }, { refunded: String(sum), status: sum >= BigInt(paid.captured) ? 'Refunded' : 'Partially Refunded', final: true });
  tell(work, 'payment_refunded', done.paid, done.action);
  return accepted(work, done.action);
}

async function cancel(work: Work): Promise<Answer> {
  const paid = await paymentOf(work);
  if (paid.status !== 'Authorized') throw notAllowed();
  const done = acted(work, paid, { type: 'Void', amount: paid.authorized, verdict: approved, reference: text(work.body, 'reference') }, { voided: paid.authorized, status: 'Voided', final: true });
  tell(work, 'payment_voided', done.paid, done.action);
  return accepted(work, done.action);
}
