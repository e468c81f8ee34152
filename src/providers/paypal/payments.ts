import type { Money } from '../../model/money.ts';
import { ofMinor } from '../wire/decimal-money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { addresseesOf } from './addressees.ts';
import { breakdown, moneyOf, requirePositive, shown } from './amount.ts';
import { refusedByBank, unprocessable } from './errors.ts';
import { iso, keysOf, link, moves, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { partOf } from './order-object.ts';
import type { Order, Part, Unit } from './order-object.ts';
import { capture, own, spoken } from './paying.ts';
import type { Paying } from './paying.ts';
import { announce } from './webhook.ts';

const one = (what: string, after = ''): RegExp => new RegExp(`^/v2/payments/${what}/([A-Za-z0-9]{1,36})${after}$`);

function read(kind: 'capture' | 'authorization' | 'refund'): JsonRoute {
  return operation({ method: 'GET', path: one(`${kind}s`), operation: `${kind}s.get`, run: async ({ ledger, call }) => ({ status: 200, body: (await partOf(ledger, kind, call.ids[0]!)).view }) });
}

const moving = (body: JsonObject, id: string) => ({
  ...moves, recipients: addresseesOf(body), keys: keysOf(body), amount: moneyOf(field(body, 'amount')), movesMoney: true, object: id, description: asString(field(body, 'note_to_payer')),
});

export const paymentRoutes: readonly JsonRoute[] = [
  read('authorization'), read('capture'), read('refund'),
  operation({ method: 'POST', path: one('authorizations', '/capture'), operation: 'authorizations.capture', effect: (body, { ids }) => moving(body, ids[0]!), run: captureAuthorization }),
  operation({ method: 'POST', path: one('authorizations', '/void'), operation: 'authorizations.void', effect: (body, { ids }) => ({ ...moving(body, ids[0]!), movesMoney: false }), run: voidCall }),
  operation({ method: 'POST', path: one('captures', '/refund'), operation: 'captures.refund', effect: (body, { ids }) => moving(body, ids[0]!), run: refundCall }),
];

/** The whole object, or as much as PayPal shows without 'Prefer: return=representation'. */
function answer(status: number, view: JsonObject, whole: boolean): Answer {
  return { status, body: whole ? view : { id: view['id']!, status: view['status']!, links: view['links']! } };
}

/** The order gets another part in the unit where `beside` is. */
async function intoOrder(work: Pick<Work, 'ledger'>, orderId: string, beside: string, change: (unit: Unit) => Unit): Promise<void> {
  const order = await work.ledger.find<Order>('order', orderId);
  if (order !== null) work.ledger.save('order', order.id, { ...order, units: order.units.map((unit) => [...unit.captures, ...unit.authorizations].includes(beside) ? change(unit) : unit) });
}

async function captureAuthorization(work: Work): Promise<Answer> {
  const { ledger, body } = work;
  const id = work.call.ids[0]!;
  const part = await partOf(ledger, 'authorization', id);
  const whole = moneyOf(part.view['amount'])!;
  const amount = field(body, 'amount') === undefined ? ofMinor(left(whole, part), whole) : requirePositive(field(body, 'amount'), '/amount');
  const status = part.view['status'];
  if (status === 'VOIDED') throw unprocessable('AUTHORIZATION_VOIDED', 'A voided authorization cannot be captured or reauthorized.');
  if (status === 'CAPTURED') throw unprocessable('AUTHORIZATION_ALREADY_CAPTURED', 'Authorization has already been captured.');
  if (amount.currency !== whole.currency) throw unprocessable('CURRENCY_MISMATCH', 'The currency of the capture must be the same as the currency of the authorization.');
  const { declined } = work.call.context;
  if (declined !== null) throw refusedByBank(declined.code, null);
  const used = BigInt(part.used) + BigInt(amount.minor);
  // PayPal lets a seller take up to 115 % of what was authorized
  if (used * 100n > BigInt(whole.minor) * 115n) throw unprocessable('MAX_CAPTURE_AMOUNT_EXCEEDED', 'Capture amount exceeds allowable limit.');
  const last = field(body, 'final_capture') === true || used >= BigInt(whole.minor);
  const made = capture(work, { order: part.order, amount, from: [body, part.view], authorization: id, last: field(body, 'final_capture') === true });
  ledger.save('authorization', id, { ...part, used: String(used), view: { ...part.view, status: last ? 'CAPTURED' : 'PARTIALLY_CAPTURED', update_time: iso(work.now) } } satisfies Part);
  await intoOrder(work, part.order, id, (unit) => ({ ...unit, captures: [...unit.captures, made] }));
  return answer(201, (await partOf(ledger, 'capture', made)).view, work.whole);
}

function left(whole: Money, part: Part): bigint {
  const rest = BigInt(whole.minor) - BigInt(part.used);
  return rest > 0n ? rest : 0n;
}

async function voidCall(work: Work): Promise<Answer> {
  const part = await partOf(work.ledger, 'authorization', work.call.ids[0]!);
  if (part.view['status'] === 'VOIDED') throw unprocessable('PREVIOUSLY_VOIDED', 'Authorization has been previously voided and hence cannot be voided again.');
  if (part.view['status'] !== 'CREATED') throw unprocessable('PREVIOUSLY_CAPTURED', 'Authorization has been previously captured and hence cannot be voided.');
  const view = voided(work, part);
  return work.whole ? { status: 200, body: view } : { status: 204, body: null };
}

/** The money is no longer held. */
export function voided(work: Paying, part: Part): JsonObject {
  const view: JsonObject = { ...part.view, status: 'VOIDED', update_time: iso(work.now) };
  work.ledger.save('authorization', String(view['id']), { ...part, view } satisfies Part);
  announce(work, { type: 'PAYMENT.AUTHORIZATION.VOIDED', resourceType: 'authorization', resourceVersion: '2.0', summary: 'A payment authorization was voided', resource: view, object: part.order, atMs: work.now });
  return view;
}

async function refundCall(work: Work): Promise<Answer> {
  const part = await partOf(work.ledger, 'capture', work.call.ids[0]!);
  if (part.view['status'] === 'REFUNDED') throw unprocessable('CAPTURE_FULLY_REFUNDED', 'The capture has already been fully refunded.');
  const whole = moneyOf(part.view['amount'])!;
  const amount = field(work.body, 'amount') === undefined ? ofMinor(left(whole, part), whole) : requirePositive(field(work.body, 'amount'), '/amount');
  if (amount.currency !== whole.currency) throw unprocessable('REFUND_CAPTURE_CURRENCY_MISMATCH', 'Refund must be in the same currency as the capture.');
  if (BigInt(amount.minor) > left(whole, part)) throw unprocessable('REFUND_AMOUNT_EXCEEDED', 'The refund amount must be less than or equal to the capture amount that has not yet been refunded.');
  return answer(201, await refunded(work, part, amount, work.body), work.whole);
}

/** Some of a capture goes back to the payer. */
export async function refunded(work: Paying, part: Part, amount: Money, from: JsonObject): Promise<JsonObject> {
  const id = work.id();
  const captured = String(part.view['id']);
  const used = BigInt(part.used) + BigInt(amount.minor);
  const self = `${work.api}/v2/payments/refunds/${id}`;
  const { gross_amount: gross } = breakdown(amount);
  const view: JsonObject = {
    id, status: 'COMPLETED', amount: shown(amount), ...own(from, part.view),
    seller_payable_breakdown: { gross_amount: gross!, paypal_fee: shown(ofMinor(0n, amount)), net_amount: gross!, total_refunded_amount: shown(ofMinor(used, amount)) },
    create_time: iso(work.now), update_time: iso(work.now), links: [link(self, 'self'), link(`${work.api}/v2/payments/captures/${captured}`, 'up')],
  };
  work.ledger.save('refund', id, { view, order: part.order, used: '0' } satisfies Part);
  const all = used >= BigInt(moneyOf(part.view['amount'])!.minor);
  work.ledger.save('capture', captured, { ...part, used: String(used), view: { ...part.view, status: all ? 'REFUNDED' : 'PARTIALLY_REFUNDED', update_time: iso(work.now) } } satisfies Part);
  await intoOrder(work, part.order, captured, (unit) => ({ ...unit, refunds: [...unit.refunds, id] }));
  announce(work, { type: 'PAYMENT.CAPTURE.REFUNDED', resourceType: 'refund', resourceVersion: '2.0', summary: `A ${spoken(amount)} capture payment was refunded`, resource: view, object: part.order || captured, atMs: work.now });
  return view;
}
