import type { HttpResponse } from '../../model/exchange.ts';
import { decimalText } from '../wire/decimal-money.ts';
import { everything } from '../wire/everything.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { idsIn, matches, searchFault } from './criteria.ts';
import type { Searchable } from './criteria.ts';
import { operation } from './operation.ts';
import type { Work } from './operation.ts';
import { textOf } from './parameters.ts';
import { under } from './place.ts';
import { showTransaction, standing } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { methodsOf, showCustomer } from './vault.ts';
import type { Customer } from './vault.ts';
import { collection, list, xmlReply } from './xml-reply.ts';
import type { Nodes } from './xml-reply.ts';

const pageSize = 50;
/** As many as Braintree itself gives out for one search. */
const most = 10_000;

const given = (name: string, ...inside: readonly string[]) => (value: { readonly given: JsonObject }): string | null => textOf(field(inside.length === 0 ? value.given : asObject(field(value.given, inside[0]!)), name));
const when = (status: Transaction['status']) => (transaction: Transaction): number | null => transaction.history.find((each) => each.status === status)?.ms ?? null;
const text = <T>(of: (value: T) => string | null): Searchable<T> => ({ kind: 'text', of });
const time = <T>(of: (value: T) => number | null): Searchable<T> => ({ kind: 'time', of });

const transactionFields: Readonly<Record<string, Searchable<Transaction>>> = {
  id: text(({ id }) => id), ids: text(({ id }) => id), order_id: text(given('order_id')), status: text(({ status }) => status), type: text(({ type }) => type), currency: text(({ amount }) => amount.currency),
  merchant_account_id: text(({ merchantAccount }) => merchantAccount), payment_method_token: text(({ vaulted }) => vaulted), payment_instrument_type: text(({ card }) => card.instrument), source: text(() => 'api'),
  customer_id: text(({ customer }) => customer), customer_email: text(given('email', 'customer')), customer_first_name: text(given('first_name', 'customer')), customer_last_name: text(given('last_name', 'customer')),
  customer_company: text(given('company', 'customer')), credit_card_card_type: text(({ card }) => card.type), credit_card_cardholder_name: text(({ card }) => card.holder),
  amount: { kind: 'amount', of: ({ amount }) => decimalText(amount) }, refund: { kind: 'flag', of: ({ refundOf }) => refundOf !== null },
  created_at: time(({ createdMs }) => createdMs), authorized_at: time(when('authorized')), submitted_for_settlement_at: time(when('submitted_for_settlement')), settled_at: time(when('settled')), voided_at: time(when('voided')),
  processor_declined_at: time(when('processor_declined')), gateway_rejected_at: time(when('gateway_rejected')), failed_at: time(when('failed')),
};

const customerFields: Readonly<Record<string, Searchable<Customer>>> = {
  id: text(({ id }) => id), ids: text(({ id }) => id), email: text(given('email')), first_name: text(given('first_name')), last_name: text(given('last_name')), company: text(given('company')),
  phone: text(given('phone')), fax: text(given('fax')), website: text(given('website')), created_at: time(({ createdMs }) => createdMs),
};

interface Subject<T extends { readonly id: string }> {
  readonly plural: string;
  readonly kind: string;
  readonly name: string;
  /** the element around a page */
  readonly page: string;
  readonly fields: Readonly<Record<string, Searchable<T>>>;
  readonly now: (value: T, work: Work) => T;
  readonly show: (value: T, work: Work) => Promise<Nodes>;
}

/** First the ids of all that is found, then whole pages by their ids. */
function searches<T extends { readonly id: string }>({ plural, kind, name, page, fields, now, show }: Subject<T>): readonly JsonRoute[] {
  const found = async (work: Work): Promise<readonly T[]> => (await everything<T>(work.context, kind, { where: { all: 'yes' }, most })).map((each) => now(each, work)).filter((each) => matches(each, work.body, fields));
  const check = (search: JsonObject): string | null => searchFault(search, fields);
  const ids = async (work: Work): Promise<HttpResponse> => xmlReply(200, 'search_results', { page_size: pageSize, ids: list('item', (await found(work)).map(({ id }) => id)) });
  const pages = async (work: Work): Promise<HttpResponse> => {
    const wanted = idsIn(work.body);
    const here = (await found(work)).filter(({ id }) => wanted === null || wanted.includes(id)).slice(0, pageSize);
    return xmlReply(200, page, collection({ current_page_number: 1, page_size: pageSize, total_items: here.length }, kind, await Promise.all(here.map((each) => show(each, work)))));
  };
  return [
    operation({ method: 'POST', path: under(`${plural}/advanced_search_ids`), operation: `${name}.search`, root: 'search', optional: true, check, run: ids }),
    operation({ method: 'POST', path: under(`${plural}/advanced_search`), operation: `${name}.search.page`, root: 'search', optional: true, check, run: pages }),
  ];
}

export const searchRoutes: readonly JsonRoute[] = [
  ...searches<Transaction>({ plural: 'transactions', kind: 'transaction', name: 'transaction', page: 'credit_card_transactions', fields: transactionFields, now: (transaction, { context }) => standing(transaction, context.now), show: async (transaction) => showTransaction(transaction) }),
  ...searches<Customer>({ plural: 'customers', kind: 'customer', name: 'customer', page: 'customers', fields: customerFields, now: (customer) => customer, show: async (customer, work) => showCustomer(customer, await methodsOf(work, customer)) }),
];
