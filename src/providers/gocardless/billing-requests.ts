import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { collectBankAccount, collectCustomer, fulfil, isDone, isOpen, showRequest, stepDone, tellRequest } from './billing-request.ts';
import type { BillingRequest } from './billing-request.ts';
import { newCustomer, requireCustomer } from './customers.ts';
import { invalid, misuse, notFound, wrongState } from './errors.ts';
import { byField, byLink, listed } from './list.ts';
import { creditor, iso, linkOf, some, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { action, one, operation } from './operation.ts';
import type { Answer, Reached, Work } from './operation.ts';
import { moneyOf, requireAmount, requireCurrency } from './payments.ts';

const collection = 'billing_requests';

export async function requestOf({ ledger }: Pick<Work, 'ledger'>, id: string): Promise<BillingRequest> {
  const found = await ledger.find<BillingRequest>('billing_request', id);
  if (found === null) throw notFound();
  return found;
}

const shown = async (work: Work, request: BillingRequest, status = 200): Promise<Answer> => ({ status, body: { [collection]: await showRequest(work, request) } });
const named = (work: Work): Promise<BillingRequest> => requestOf(work, work.call.ids[0]!);

/** One that can still be changed. */
async function open(work: Work): Promise<BillingRequest> {
  const request = await named(work);
  if (!isOpen(request)) throw wrongState('billing_request_not_pending', `This billing request is ${textOf(request, 'status') ?? ''} and cannot be changed any more`);
  return request;
}

async function create(work: Work): Promise<Answer> {
  const { body, ledger, now } = work;
  const [mandate, payment] = ['mandate_request', 'payment_request'].map((name) => asObject(field(body, name)));
  if (!mandate && !payment) throw invalid(`/${collection}/mandate_request`, 'a mandate_request or a payment_request is required');
  if (payment) {
    requireAmount(payment, `/${collection}/payment_request`);
    requireCurrency(payment, `/${collection}/payment_request`);
    if (!textOf(payment, 'description')) throw invalid(`/${collection}/payment_request/description`, "can't be blank");
  }
  if (mandate && field(mandate, 'currency') !== undefined) requireCurrency(mandate, `/${collection}/mandate_request`);
  const known = linkOf(body, 'customer');
  const customer = known === null ? newCustomer(work.id('CU'), now, {}) : await requireCustomer(work, known);
  if (known === null) ledger.save('customer', customer.id, customer);
  const account = linkOf(body, 'customer_bank_account');
  if (account !== null && linkOf(await ledger.find<View>('customer_bank_account', account), 'customer') !== customer.id) throw notFound();
  const request: BillingRequest = {
    id: work.id('BRQ'), created_at: iso(now), status: 'pending', fallback_enabled: field(body, 'fallback_enabled') === true, fallback_occurred: false, payment_context_code: null, payment_purpose_code: null, purpose_code: null,
    ...some(body, ['payment_context_code', 'payment_purpose_code', 'purpose_code']), metadata: asObject(field(body, 'metadata')) ?? {}, instalment_schedule_request: null, subscription_request: null,
    mandate_request: mandate ? { description: null, scheme: null, verify: 'recommended', sweeping: false, payer_requested_dual_signature: false, constraints: null, consent_type: null, ...mandate, links: {} } : null,
    payment_request: payment ? { scheme: null, app_fee: null, reference: null, funds_settlement: 'managed', ...payment, links: {} } : null,
    links: { customer: customer.id, customer_billing_detail: work.id('CBD'), creditor, ...(account === null ? {} : { customer_bank_account: account }) },
    done: { collect_customer_details: known !== null, collect_bank_account: account !== null, confirm_payer_details: false },
  };
  ledger.save('billing_request', request.id, request);
  tellRequest(work, request, 'created', 'api');
  return shown(work, request, 201);
}

function reached(body: JsonObject): ReturnType<typeof unreadable> | Reached {
  const other = ['subscription_request', 'instalment_schedule_request'].find((name) => (field(body, name) ?? null) !== null);
  if (other !== undefined) return unreadable(`${other} is not simulated`);
  const payment = asObject(field(body, 'payment_request'));
  return { amount: moneyOf(payment), customer: linkOf(body, 'customer'), object: linkOf(body, 'customer'), description: textOf(payment, 'description') ?? textOf(asObject(field(body, 'mandate_request')), 'description') };
}

/** The details of the payer's own address stand apart from those of the payer. */
function payerIn(body: JsonObject): JsonObject {
  return { ...asObject(field(body, 'customer_billing_detail')), ...asObject(field(body, 'customer')) };
}

async function confirm(work: Work): Promise<Answer> {
  const request = await open(work);
  const missing = (['collect_customer_details', 'collect_bank_account'] as const).find((step) => !isDone(request, step));
  if (missing !== undefined) throw wrongState('billing_request_action_not_completed', `The action ${missing} has to be completed before the payer's details are confirmed`);
  return shown(work, stepDone(work, request, 'confirm_payer_details', 'api'));
}

async function complete(work: Work): Promise<Answer> {
  const request = await open(work);
  if (request['status'] !== 'ready_to_fulfil') throw wrongState('billing_request_not_ready_to_fulfil', 'This billing request is not ready to be fulfilled: an action is pending');
  return shown(work, await fulfil(work, request, 'api'));
}

async function cancel(work: Work): Promise<Answer> {
  const request: BillingRequest = { ...await open(work), status: 'cancelled' };
  work.ledger.save('billing_request', request.id, request);
  tellRequest(work, request, 'cancelled', 'api');
  return shown(work, request);
}

async function notify(work: Work): Promise<Answer> {
  if (textOf(work.body, 'notification_type') !== 'email') throw misuse(400, 'bad_request', 'notification_type must be email');
  return shown(work, await open(work));
}

export const billingRequestRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/billing_requests$/, operation: 'billing_requests.create', envelope: collection, once: true, effect: reached, run: create }),
  operation({
    method: 'GET', path: /^\/billing_requests$/, operation: 'billing_requests.list',
    run: async (work) => {
      const { status, body } = await listed(work, { kind: 'billing_request', collection, filters: { customer: byLink('customer'), status: byField('status') } });
      return { status, body: { ...body, [collection]: await Promise.all((body[collection] as readonly BillingRequest[]).map((each) => showRequest(work, each))) } };
    },
  }),
  operation({ method: 'GET', path: one(collection, 'BRQ'), operation: 'billing_requests.get', run: async (work) => shown(work, await named(work)) }),
  operation({ method: 'POST', path: action(collection, 'BRQ', 'collect_customer_details'), operation: 'billing_requests.collect_customer_details', effect: () => ({}), run: async (work) => shown(work, await collectCustomer(work, await open(work), payerIn(work.body), 'api')) }),
  operation({ method: 'POST', path: action(collection, 'BRQ', 'collect_bank_account'), operation: 'billing_requests.collect_bank_account', effect: () => ({}), run: async (work) => shown(work, await collectBankAccount(work, await open(work), work.body, 'api')) }),
  operation({ method: 'POST', path: action(collection, 'BRQ', 'confirm_payer_details'), operation: 'billing_requests.confirm_payer_details', effect: () => ({}), run: confirm }),
  // whether it asks for a payment is not in the call
  operation({ method: 'POST', path: action(collection, 'BRQ', 'fulfil'), operation: 'billing_requests.fulfil', effect: () => ({ movesMoney: true }), run: complete }),
  operation({ method: 'POST', path: action(collection, 'BRQ', 'cancel'), operation: 'billing_requests.cancel', effect: () => ({}), run: cancel }),
  // GoCardless sends the payer a mail with a link
  operation({ method: 'POST', path: action(collection, 'BRQ', 'notify'), operation: 'billing_requests.notify', effect: (_body, { ids }) => ({ recipients: [{ address: ids[0]!, kind: 'audience', role: 'customer' }] }), run: notify }),
];
