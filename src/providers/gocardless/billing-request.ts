import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Books, Happened } from './books.ts';
import { happen } from './books.ts';
import { currencyOf, customerFields, newBankAccount } from './customers.ts';
import { invalid } from './errors.ts';
import { newMandate, tellMandate } from './mandate.ts';
import { linkOf, some, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';
import { newPayment, refusedByBank, tellPayment } from './payment.ts';

/** A billing request as it is remembered: what is told of its customer and bank account is looked up when it is shown. */
export type BillingRequest = View;

const sentences: Readonly<Record<string, readonly [cause: string, description: string]>> = {
  created: ['billing_request_created', 'This billing request has been created.'],
  flow_created: ['billing_request_flow_created', 'A billing request flow has been created against this billing request.'],
  flow_exited: ['billing_request_flow_exited', 'The billing request flow has been exited by the payer.'],
  collect_customer_details: ['billing_request_collect_customer_details', 'Customer details have been collected for this billing request.'],
  collect_bank_account: ['billing_request_collect_bank_account', 'Bank account details have been collected for this billing request.'],
  payer_details_confirmed: ['billing_request_payer_details_confirmed', 'Payer has confirmed all their details for this billing request.'],
  bank_authorisation_denied: ['billing_request_bank_authorisation_denied', 'A bank authorisation for this billing request has been denied by the payer.'],
  fulfilled: ['billing_request_fulfilled', 'This billing request has been fulfilled and the resources have been created.'],
  cancelled: ['billing_request_cancelled', 'This billing request has been cancelled none of the resources have been created.'],
};

export function tellRequest(books: Books, request: BillingRequest, action: string, origin: Happened['origin'], links: JsonObject = {}): void {
  const [cause, description] = sentences[action]!;
  happen(books, { resource: 'billing_requests', action, origin, cause, description, about: request, links: { billing_request: request.id, ...links } });
}

export function isOpen(request: BillingRequest): boolean {
  return ['pending', 'ready_to_fulfil'].includes(textOf(request, 'status') ?? '');
}

const steps = ['collect_customer_details', 'collect_bank_account', 'confirm_payer_details'] as const;
export type Step = typeof steps[number];

export function isDone(request: BillingRequest, step: Step): boolean {
  return (field(asObject(field(request, 'done')), step) ?? false) === true;
}

/** The step is done; with the last of them the request can be fulfilled. */
export function stepDone(books: Books, request: BillingRequest, step: Step, origin: Happened['origin']): BillingRequest {
  const done = { ...asObject(field(request, 'done')), [step]: true };
  const after: BillingRequest = { ...request, done, status: steps.every((each) => (done as JsonObject)[each] === true) ? 'ready_to_fulfil' : 'pending' };
  books.ledger.save('billing_request', request.id, after);
  tellRequest(books, after, step === 'confirm_payer_details' ? 'payer_details_confirmed' : step, origin);
  return after;
}

export async function collectCustomer(books: Books, request: BillingRequest, given: JsonObject, origin: Happened['origin']): Promise<BillingRequest> {
  const id = linkOf(request, 'customer')!;
  const customer = await books.ledger.find<View>('customer', id);
  books.ledger.save('customer', id, { ...customer, id, ...some(given, customerFields) });
  return stepDone(books, request, 'collect_customer_details', origin);
}

export async function collectBankAccount(books: Books, request: BillingRequest, given: JsonObject, origin: Happened['origin']): Promise<BillingRequest> {
  const account = newBankAccount(books, linkOf(request, 'customer')!, { currency: currencyAsked(request), ...given }, '/data');
  books.ledger.save('customer_bank_account', account.id, account);
  return stepDone(books, withLinks(request, { customer_bank_account: account.id }), 'collect_bank_account', origin);
}

function withLinks(request: BillingRequest, links: JsonObject): BillingRequest {
  return { ...request, links: { ...asObject(field(request, 'links')), ...links } };
}

function currencyAsked(request: BillingRequest): string {
  return textOf(asObject(field(request, 'payment_request')), 'currency') ?? textOf(asObject(field(request, 'mandate_request')), 'currency') ?? currencyOf(null);
}

/** The mandate and the payment that were asked for come to be. A payment alone is authorised once, at the payer's bank. */
export async function fulfil(books: Books, request: BillingRequest, origin: Happened['origin']): Promise<BillingRequest> {
  const account = await books.ledger.find<View>('customer_bank_account', linkOf(request, 'customer_bank_account') ?? '');
  if (account === null) throw invalid('/data/links/customer_bank_account', "can't be blank");
  const mandateRequest = asObject(field(request, 'mandate_request'));
  const paymentRequest = asObject(field(request, 'payment_request'));
  const mandate = newMandate(books, {
    account, scheme: textOf(mandateRequest ?? paymentRequest, 'scheme') ?? (mandateRequest === null && textOf(account, 'currency') === 'GBP' ? 'faster_payments' : null),
    status: mandateRequest === null ? 'consumed' : 'pending_submission', given: mandateRequest ?? {},
  });
  const payment = paymentRequest === null ? null : newPayment(books, { mandate, given: paymentRequest, currency: textOf(paymentRequest, 'currency')!, amount: wholeOf(field(paymentRequest, 'amount'))! });
  const made: JsonObject = { ...(mandateRequest === null ? {} : { mandate_request_mandate: mandate.id }), ...(payment === null ? {} : { payment_request_payment: payment.id }) };
  const linked = withLinks(request, made);
  const after: BillingRequest = {
    ...linked, status: 'fulfilled',
    mandate_request: mandateRequest === null ? null : { ...mandateRequest, links: { mandate: mandate.id } }, payment_request: paymentRequest === null ? null : { ...paymentRequest, links: { payment: payment!.id } },
  };
  books.ledger.save('billing_request', request.id, after);
  tellRequest(books, after, 'fulfilled', origin, { ...made, customer: linkOf(request, 'customer'), customer_bank_account: account.id });
  if (mandateRequest !== null) tellMandate(books, mandate, 'created');
  if (payment !== null) {
    tellPayment(books, payment, 'created');
    refusedByBank(books, payment);
  }
  return after;
}

export async function showRequest({ ledger }: Pick<Books, 'ledger'>, request: BillingRequest): Promise<JsonObject> {
  const { done: _done, ...shown } = request;
  const customer = await ledger.find<View>('customer', linkOf(request, 'customer') ?? '');
  const account = await ledger.find<View>('customer_bank_account', linkOf(request, 'customer_bank_account') ?? '');
  return {
    ...shown,
    actions: steps.map((step, index) => ({ type: step, required: true, completes_actions: [], requires_actions: index === 2 ? steps.slice(0, 2) : [], status: isDone(request, step) ? 'completed' : 'pending' })),
    resources: {
      ...(customer === null ? {} : {
        customer: some(customer, ['id', 'created_at', 'email', 'given_name', 'family_name', 'company_name', 'language', 'phone_number', 'metadata']),
        customer_billing_detail: { id: linkOf(request, 'customer_billing_detail'), ...some(customer, ['created_at', 'address_line1', 'address_line2', 'address_line3', 'city', 'region', 'postal_code', 'country_code', 'danish_identity_number', 'swedish_identity_number']), schemes: [] },
      }),
      ...(account === null ? {} : { customer_bank_account: account }),
    },
  };
}
