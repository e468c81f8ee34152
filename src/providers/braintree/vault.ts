import type { JsonObject } from '../wire/json.ts';
import type { Card, Outcome } from './card.ts';
import { showCard } from './card-node.ts';
import { notFound } from './errors.ts';
import type { Books } from './operation.ts';
import { fieldsOf, customFields } from './transaction.ts';
import { list } from './xml-reply.ts';
import type { Nodes } from './xml-reply.ts';
import { tokenized } from './test-values.ts';

export interface Customer {
  readonly id: string;
  readonly given: JsonObject;
  /** tokens of payment methods, the default one first */
  readonly methods: readonly string[];
  readonly createdMs: number;
  readonly updatedMs: number;
}

export interface PaymentMethod {
  /** its token; a field of that name would be masked where it is kept */
  readonly id: string;
  readonly customer: string;
  readonly card: Card;
  readonly outcome: Outcome;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** A customer that a call names: one made up where ids of a restored database are to be believed. */
export async function customerOf({ ledger, context }: Books, id: string): Promise<Customer | null> {
  const found = await ledger.find<Customer>('customer', id);
  if (found !== null || context.unknownIds !== 'adopt') return found;
  const adopted: Customer = { id, given: {}, methods: [], createdMs: context.now, updatedMs: context.now };
  saveCustomer({ ledger }, adopted);
  return adopted;
}

export async function requireCustomer(books: Books, id: string): Promise<Customer> {
  const customer = await customerOf(books, id);
  if (customer === null) throw notFound();
  return customer;
}

export async function methodOf(books: Books, token: string): Promise<PaymentMethod | null> {
  const { ledger, context } = books;
  const found = await ledger.find<PaymentMethod>('payment_method', token);
  if (found !== null || context.unknownIds !== 'adopt') return found;
  const means = tokenized();
  const owner = (await customerOf(books, `of_${token}`))!;
  return means.kind === 'method' ? vaulted(books, owner, token, means) : null;
}

export async function requireMethod(books: Books, token: string): Promise<PaymentMethod> {
  const method = await methodOf(books, token);
  if (method === null) throw notFound();
  return method;
}

/** A card put into the vault, as the customer's default where it is the first or is to be. */
export function vaulted({ ledger, context }: Pick<Books, 'ledger' | 'context'>, customer: Customer, token: string, { card, outcome }: { readonly card: Card; readonly outcome: Outcome }, asDefault = false): PaymentMethod {
  const method: PaymentMethod = { id: token, customer: customer.id, card, outcome, createdMs: context.now, updatedMs: context.now };
  saveMethod({ ledger }, method);
  saveCustomer({ ledger }, { ...customer, methods: asDefault ? [token, ...customer.methods] : [...customer.methods, token], updatedMs: context.now });
  return method;
}

export function saveCustomer({ ledger }: Pick<Books, 'ledger'>, customer: Customer): void {
  ledger.save('customer', customer.id, customer, { all: 'yes' });
}

export function saveMethod({ ledger }: Pick<Books, 'ledger'>, method: PaymentMethod): void {
  ledger.save('payment_method', method.id, method);
}

export async function methodsOf({ ledger }: Pick<Books, 'ledger'>, customer: Customer): Promise<readonly PaymentMethod[]> {
  const found = await Promise.all(customer.methods.map((token) => ledger.find<PaymentMethod>('payment_method', token)));
  return found.filter((each) => each !== null);
}

export const customerFields = ['first_name', 'last_name', 'company', 'email', 'phone', 'fax', 'website'];

export function showCustomer(customer: Customer, methods: readonly PaymentMethod[]): Nodes {
  const of = (instrument: Card['instrument']): readonly Nodes[] => methods.filter(({ card }) => card.instrument === instrument).map((method) => showMethod(method, method.id === customer.methods[0]));
  return {
    id: customer.id, merchant_id: 'merchant', ...fieldsOf(customer.given, customerFields), created_at: new Date(customer.createdMs), updated_at: new Date(customer.updatedMs), custom_fields: customFields(customer.given),
    credit_cards: list('credit_card', of('credit_card')), paypal_accounts: list('paypal_account', of('paypal_account')), apple_pay_cards: list('apple_pay_card', of('apple_pay_card')), android_pay_cards: list('android_pay_card', of('android_pay_card')),
    addresses: list('address', []),
  };
}

export function showMethod({ card, id: token, customer, createdMs, updatedMs }: PaymentMethod, isDefault: boolean): Nodes {
  const common: Nodes = { customer_id: customer, default: isDefault, created_at: new Date(createdMs), updated_at: new Date(updatedMs), subscriptions: list('subscription', []) };
  if (card.instrument === 'paypal_account') return { token, email: card.email, image_url: 'https://assets.braintreegateway.com/payment_method_logo/paypal.png?environment=sandbox', billing_agreement_id: `B-${token}`, payer_id: null, ...common };
  return { ...showCard(card, token), expired: false, ...common, verifications: list('verification', []) };
}
