import { asArray, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonCall, JsonRoute } from '../wire/json-api.ts';
import { moneyOf, requireAmount } from './amount.ts';
import { noSuch, unprocessable } from './errors.ts';
import { listPage } from './list.ts';
import { mandateFor, requireCustomer } from './mandates.ts';
import { operation } from './operation.ts';
import type { Answer, Reached, Work } from './operation.ts';
import { givenOf, isCancelable, savePayment, showPayment, told } from './payment.ts';
import type { Paid } from './payment.ts';

const one = /^\/v2\/payments\/(tr_[A-Za-z0-9]{1,32})$/;
const ofCustomer = /^\/v2\/customers\/(cst_[A-Za-z0-9]{1,32})\/payments$/;

/** A single method, where the call names one: the customer cannot choose. */
function methodOf(body: JsonObject): string | null {
  const method = field(body, 'method');
  const list = asArray(method);
  return asString(list !== null && list.length === 1 ? list[0] : method) || null;
}

function reached(body: JsonObject, { ids }: JsonCall): Reached {
  return {
    amount: moneyOf(field(body, 'amount')),
    // everything else waits for the customer; a token of a card or a wallet is charged at once
    movesMoney: field(body, 'sequenceType') === 'recurring' || ['mandateId', 'cardToken', 'applePayPaymentToken'].some((name) => (field(body, name) ?? null) !== null),
    customer: ids[0] ?? asString(field(body, 'customerId')), method: methodOf(body), object: null, description: asString(field(body, 'description')),
  };
}

export async function paymentOf({ ledger }: Pick<Work, 'ledger'>, id: string): Promise<Paid> {
  const paid = await ledger.find<Paid>('payment', id);
  if (paid === null) throw noSuch('payment', id);
  return paid;
}

export const paymentRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/v2\/payments$/, operation: 'payments.create', effect: reached, run: create }),
  operation({ method: 'POST', path: ofCustomer, operation: 'customers.payments.create', effect: reached, run: create }),
  operation({ method: 'GET', path: /^\/v2\/payments$/, operation: 'payments.list', run: (work) => listPage<Paid>(work, { kind: 'payment', embedded: 'payments', noun: 'payment', path: '/payments', where: { all: 'yes' }, show: (paid) => showPayment(paid, work) }) }),
  operation({
    method: 'GET', path: ofCustomer, operation: 'customers.payments.list',
    run: async (work) => {
      const customer = await requireCustomer(work, work.call.ids[0]!);
      return listPage<Paid>(work, { kind: 'payment', embedded: 'payments', noun: 'payment', path: `/customers/${customer.id}/payments`, where: { customer: customer.id }, show: (paid) => showPayment(paid, work) });
    },
  }),
  operation({ method: 'GET', path: one, operation: 'payments.get', run: async (work) => ({ status: 200, body: showPayment(await paymentOf(work, work.call.ids[0]!), work) }) }),
  operation({ method: 'PATCH', path: one, operation: 'payments.update', effect: (body, { ids }) => ({ ...reached(body, { ids: [] as readonly string[] } as JsonCall), movesMoney: false, object: ids[0]! }), run: update }),
  operation({ method: 'DELETE', path: one, operation: 'payments.cancel', effect: (_body, { ids }) => ({ amount: null, movesMoney: false, customer: null, method: null, object: ids[0]!, description: null }), run: cancel }),
];

async function create(work: Work): Promise<Answer> {
  const { body, call } = work;
  requireAmount(field(body, 'amount'));
  if (!asString(field(body, 'description'))) throw unprocessable('The description is required.', 'description');
  const recurring = field(body, 'sequenceType') === 'recurring';
  const token = ['cardToken', 'applePayPaymentToken'].some((name) => asString(field(body, name)) !== null);
  if (!recurring && !/^[a-z][a-z0-9+.-]*:\/\/./i.test(asString(field(body, 'redirectUrl')) ?? '') && !token) throw unprocessable('The redirect URL is invalid.', 'redirectUrl');
  const customerId = call.ids[0] ?? asString(field(body, 'customerId'));
  if (customerId !== null) await requireCustomer(work, customerId);
  if (field(body, 'sequenceType') === 'first' && customerId === null) throw unprocessable('A customer is required for a first payment.', 'customerId');
  const mandate = recurring ? await mandateFor(work, customerId, asString(field(body, 'mandateId'))) : null;
  const method = mandate?.method ?? (asString(field(body, 'cardToken')) !== null ? 'creditcard' : methodOf(body));
  // of what is taken at once; a customer who comes to the page declines there
  const declined = recurring || token ? call.context.declined : null;
  const paid: Paid = {
    id: work.id('tr_'), mode: work.mode, given: givenOf(body), customer: customerId, mandate: mandate?.id ?? null, method,
    status: declined !== null ? 'failed' : recurring ? (method === 'directdebit' ? 'pending' : 'paid') : token ? 'paid' : 'open',
    refunded: '0', chargedBack: '0', createdMs: work.now, changedMs: work.now, failure: declined === null ? null : declined.code ?? 'insufficient_funds',
  };
  savePayment(work, paid);
  // a direct debit takes days at Mollie: it is paid when it is made to happen
  if (paid.status === 'paid' || paid.status === 'failed') for (const draft of told(paid, `payment.${paid.status}`, work.now)) work.ledger.tell(draft);
  return { status: 201, body: showPayment(paid, work) };
}

async function update(work: Work): Promise<Answer> {
  const paid = await paymentOf(work, work.call.ids[0]!);
  const { amount: _amount, sequenceType: _sequence, ...changes } = givenOf(work.body);
  const now: Paid = { ...paid, given: { ...paid.given, ...changes }, method: methodOf(work.body) ?? paid.method };
  savePayment(work, now);
  return { status: 200, body: showPayment(now, work) };
}

async function cancel(work: Work): Promise<Answer> {
  const paid = await paymentOf(work, work.call.ids[0]!);
  if (!isCancelable(paid)) throw unprocessable('The payment cannot be canceled.');
  const now: Paid = { ...paid, status: 'canceled', changedMs: work.now };
  savePayment(work, now);
  for (const draft of told(now, 'payment.canceled', work.now)) work.ledger.tell(draft);
  return { status: 200, body: showPayment(now, work) };
}

