import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { currencyOf, minorOf, moneyIn, requireAmount } from './amount.ts';
import { declineFault } from './declines.ts';
import { bad, RazorpayFailure } from './errors.ts';
import { listed } from './list.ts';
import { keep, requireOf } from './objects.ts';
import type { Order, Payer, Payment } from './objects.ts';
import { idIn, notesOf, nothing, operation, text } from './operation.ts';
import type { Reached, Work } from './operation.ts';
import { alreadyPaid, attempt, authorized, captured, fails, isPaid } from './paying.ts';

const taking = (body: JsonObject): Reached => ({ amount: moneyIn(body), movesMoney: true, customer: text(body, 'customer_id') ?? text(body, 'email'), method: methodText(body), object: text(body, 'order_id'), description: text(body, 'description') });

export const paymentRoutes: readonly JsonRoute[] = [
  operation({ method: 'GET', path: /^\/v1\/payments$/, operation: 'payments.list', run: (work) => listed(work, 'payment') }),
  operation({ method: 'GET', path: idIn('payments', 'pay'), operation: 'payments.get', run: async (work) => (await requireOf(work, 'payment', work.call.ids[0]!)).view }),
  operation({
    method: 'PATCH', path: idIn('payments', 'pay'), operation: 'payments.update', effect: (_, { ids }) => ({ ...nothing, object: ids[0]! }),
    run: async (work) => {
      const payment = await requireOf(work, 'payment', work.call.ids[0]!);
      return keep(work, 'payment', { ...payment, view: { ...payment.view, notes: notesOf(work.body) } }).view;
    },
  }),
  operation({ method: 'POST', path: idIn('payments', 'pay', '/capture'), operation: 'payments.capture', effect: (body, { ids }) => ({ ...nothing, amount: moneyIn(body), movesMoney: true, object: ids[0]! }), run: capture }),
  operation({ method: 'POST', path: /^\/v1\/payments\/create\/recurring$/, operation: 'payments.create_recurring', effect: taking, run: recurring }),
  operation({ method: 'POST', path: /^\/v1\/payments\/create\/json$/, operation: 'payments.create_json', effect: taking, run: fromServer }),
  operation({ method: 'POST', path: /^\/v1\/payments\/create\/upi$/, operation: 'payments.create_upi', effect: (body) => ({ ...taking(body), method: methodText({ ...body, method: 'upi' }) }), run: byUpi }),
];

async function capture(work: Work): Promise<JsonObject> {
  const payment = await requireOf(work, 'payment', work.call.ids[0]!);
  const amount = requireAmount(field(work.body, 'amount'), 1n);
  if (payment.view['status'] === 'captured' || payment.view['status'] === 'refunded') throw bad('This payment has already been captured');
  if (payment.view['status'] !== 'authorized') throw bad('Only payments which have been authorized and not yet captured can be captured');
  const currency = currencyOf(field(work.body, 'currency')) ?? 'INR';
  if (amount !== minorOf(payment.view['amount']) || currency !== payment.view['currency']) throw bad('Capture amount must be equal to the amount authorized');
  const { declined } = work.call.context;
  // it stays authorized
  if (declined !== null) throw new RazorpayFailure(400, { ...declineFault(declined.code), step: 'payment_capture', metadata: { payment_id: payment.view.id } });
  return (await captured(work, payment)).view;
}

/** The order that a payment made by a server is for, with the amount said once more. */
async function due(work: Work): Promise<Order> {
  const id = text(work.body, 'order_id');
  if (id === null) throw bad('order_id: is required.', { field: 'order_id', reason: 'input_validation_failed' });
  const order = await requireOf(work, 'order', id);
  const amount = requireAmount(field(work.body, 'amount'));
  if (isPaid(order)) throw new RazorpayFailure(400, alreadyPaid);
  if (amount !== minorOf(order.view['amount_due']) || (currencyOf(field(work.body, 'currency')) ?? 'INR') !== order.view['currency']) throw bad('Payment amount is different from your order amount. To pay successfully, please try using right amount.', { field: 'amount', reason: 'input_validation_failed' });
  return order;
}

/** This call's own: its secret proves any id. */
function own({ id, proof }: Work, order: Order): { readonly id: string; readonly proof: string | null } {
  const payment = id('pay_');
  return { id: payment, proof: proof(`${order.view.id}|${payment}`) };
}

function payerOf({ payer }: Order, body: JsonObject): Payer {
  return { email: text(body, 'email') ?? payer.email, contact: text(body, 'contact') ?? payer.contact, customer: text(body, 'customer_id') ?? payer.customer };
}

/** A token kept by an earlier payment: nobody is asked. Tokens are not objects here: any is taken. */
async function recurring(work: Work): Promise<JsonObject> {
  const order = await due(work);
  for (const name of ['customer_id', 'token']) if (text(work.body, name) === null) throw bad(`${name}: is required.`, { field: name, reason: 'input_validation_failed' });
  const details = { ...own(work, order), payer: payerOf(order, work.body), more: { description: text(work.body, 'description'), notes: notesOf(work.body), token_id: text(work.body, 'token') } };
  const { declined } = work.call.context;
  if (declined !== null) throw await declinedNow(work, attempt(work, order, 'failed', details), declined.code);
  const payment = await authorized(work, attempt(work, order, 'authorized', details));
  return { razorpay_payment_id: payment.view.id, razorpay_order_id: order.view.id, ...(payment.proof === null ? {} : { razorpay_signature: payment.proof }) };
}

/** The failed payment stays to be read. */
async function declinedNow(work: Work, payment: Payment, code: string | null): Promise<RazorpayFailure> {
  const fault = declineFault(code);
  const { view } = await fails(work, payment, fault);
  return new RazorpayFailure(400, { ...fault, metadata: { payment_id: view.id, order_id: view['order_id'] ?? null } }, true);
}

/** A card, a bank or a wallet by the application's own form: the payer still has to say yes at the bank, on the page that `next` names. */
async function fromServer(work: Work): Promise<JsonObject> {
  const order = await due(work);
  const { declined } = work.call.context;
  const details = { ...own(work, order), payer: payerOf(order, work.body), by: instrumentOf(work.body), more: { description: text(work.body, 'description'), notes: notesOf(work.body) }, back: text(work.body, 'callback_url') };
  if (declined !== null) throw await declinedNow(work, attempt(work, order, 'failed', details), declined.code);
  const payment = keep(work, 'payment', attempt(work, order, 'created', details));
  return { razorpay_payment_id: payment.view.id, next: [{ action: 'redirect', url: work.call.context.page('payment', payment.view.id) }] };
}

/** A request to the payer's UPI application. https://razorpay.com/docs/payments/payments/test-upi-details */
async function byUpi(work: Work): Promise<JsonObject> {
  const order = await due(work);
  const vpa = text(work.body, 'vpa') ?? text(asObject(field(work.body, 'upi')), 'vpa');
  const { declined } = work.call.context;
  const payment = attempt(work, order, 'created', { ...own(work, order), payer: payerOf(order, work.body), by: { method: 'upi', vpa }, more: { description: text(work.body, 'description'), notes: notesOf(work.body) } });
  if (declined !== null || vpa === 'failure@razorpay') return asked(await fails(work, payment, declineFault(declined?.code ?? null)));
  return asked(vpa === 'success@razorpay' ? await authorized(work, payment) : keep(work, 'payment', payment));
}

function asked({ view }: Payment): JsonObject {
  return { razorpay_payment_id: view.id };
}

/** What is shown of what is paid with: of a card four digits. */
function instrumentOf(body: JsonObject): JsonObject {
  const method = text(body, 'method') ?? 'card';
  const digits = cardDigits(body);
  return method === 'card'
    ? { method, card_id: 'card_fourthwall0000', card: { id: 'card_fourthwall0000', entity: 'card', name: '', last4: digits ?? '1111', network: 'Visa', type: 'debit', issuer: null, international: false, emi: false } }
    : { method, bank: text(body, 'bank'), wallet: text(body, 'wallet'), vpa: text(body, 'vpa') };
}

function cardDigits(body: JsonObject): string | null {
  const number = text(asObject(field(body, 'card')), 'number')?.replaceAll(/[ -]/g, '') ?? '';
  return /^[0-9]{12,19}$/.test(number) ? number.slice(-4) : null;
}

function methodText(body: JsonObject): string | null {
  const digits = cardDigits(body);
  if (digits !== null) return `card ${digits}`;
  const method = asString(field(body, 'method'));
  return text(body, 'token') ?? method;
}
