import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { decimalText } from '../wire/decimal-money.ts';
import type { Money } from '../../model/money.ts';
import { openDispute } from './disputes.ts';
import { invalid } from './errors.ts';
import { freshId, some } from './operation.ts';
import type { Books } from './operation.ts';
import { isTrue, textOf } from './parameters.ts';
import type { Outcome } from './card.ts';
import { response } from './responses.ts';
import type { Source } from './source.ts';
import { amountMeans } from './test-values.ts';
import { became, kept, saveTransaction } from './transaction.ts';
import type { Status, Transaction } from './transaction.ts';
import { customerFields, customerOf, saveCustomer, vaulted } from './vault.ts';
import type { Customer } from './vault.ts';

/** The sandbox rejects an order that was paid a moment ago. */
const duplicateMs = 30_000;

interface Sale {
  readonly type: 'sale' | 'credit';
  readonly amount: Money;
  readonly merchantAccount: string;
  readonly source: Source;
  readonly settle: boolean;
  readonly body: JsonObject;
}

/** What comes of a sale or a credit: a new transaction, whatever the bank says of it. */
export async function sell(books: Books, { type, amount, merchantAccount, source, settle, body }: Sale): Promise<Transaction> {
  const { context, ledger } = books;
  const outcome = await outcomeOf(books, { type, amount, source, body });
  const owner = source.customer === null ? null : await customerOf(books, source.customer);
  const said = some(body, kept);
  const given: JsonObject = owner === null ? said : { ...said, customer: { ...some(owner.given, customerFields), ...asObject(field(said, 'customer')) } };
  const blank: Transaction = {
    id: freshId(books), type, status: 'authorized', amount, merchantAccount, given, customer: source.customer, vaulted: source.vaulted, card: source.card,
    response: response('1000'), settlement: null, rejection: null, refunds: [], refunded: '0', refundOf: null, parts: [], inParts: '0', partOf: null, disputes: [], history: [], createdMs: context.now,
  };
  if (outcome.kind !== 'pays') {
    const declined = outcome.kind === 'declines';
    const refused = became(blank, declined ? (outcome.code === '3000' ? 'failed' : 'processor_declined') : 'gateway_rejected', context.now, { response: declined ? response(outcome.code) : null, rejection: declined ? null : outcome.reason });
    saveTransaction(books, refused);
    return refused;
  }
  const stored = await storedInVault(books, body, source);
  const authorized = became(blank, 'authorized', context.now, stored);
  const sold = settle || type === 'credit' ? became(authorized, submitted(authorized), context.now) : authorized;
  const disputed = source.disputed && type === 'sale' ? openDispute({ ledger, context }, sold) : sold;
  saveTransaction(books, disputed);
  return disputed;
}

/** PayPal settles at once. */
export function submitted({ card }: Pick<Transaction, 'card'>): Status {
  return card.instrument === 'paypal_account' ? 'settling' : 'submitted_for_settlement';
}

async function outcomeOf(books: Books, { type, amount, source, body }: Pick<Sale, 'type' | 'amount' | 'source' | 'body'>): Promise<Outcome> {
  const { context } = books;
  if (type === 'credit') return { kind: 'pays' };
  if (context.declined !== null) return { kind: 'declines', code: /^(?:2[0-9]{3}|3000)$/.test(context.declined.code ?? '') ? context.declined.code! : '2000' };
  if (await isDuplicate(books, { amount, source, body })) return { kind: 'rejected', reason: 'duplicate' };
  const said = amountMeans(decimalText(amount));
  return said.kind === 'pays' ? source.outcome : said;
}

/** The same order for the same amount with the same card within half a minute. */
async function isDuplicate({ context }: Books, { amount, source, body }: Pick<Sale, 'amount' | 'source' | 'body'>): Promise<boolean> {
  const order = textOf(field(body, 'order_id'));
  // whoever names a key of the request says himself what is one
  if (order === null || textOf(field(body, 'api_request_key')) !== null) return false;
  const { items } = await context.list('transaction', { where: { order }, limit: 20 });
  return items.map(({ value }) => value as Transaction).some((other) =>
    other.type === 'sale' && context.now - other.createdMs < duplicateMs && ['authorized', 'submitted_for_settlement', 'settling'].includes(other.status)
    && other.amount.minor === amount.minor && other.amount.currency === amount.currency && other.card.bin === source.card.bin && other.card.last4 === source.card.last4);
}

/** `store_in_vault` keeps the card under a token of the call's customer, who is made where there is none. */
async function storedInVault(books: Books, body: JsonObject, source: Source): Promise<Partial<Transaction>> {
  const options = asObject(field(body, 'options'));
  if (source.vaulted !== null || !isTrue(field(options, 'store_in_vault')) && !isTrue(field(options, 'store_in_vault_on_success'))) return {};
  const said = asObject(field(body, 'customer'));
  const known = source.customer === null ? null : await customerOf(books, source.customer);
  const id = textOf(field(said, 'id')) ?? freshId(books);
  if (known === null && await books.ledger.find('customer', id) !== null) throw invalid(['transaction', 'customer'], 'id', '91609', 'Customer ID has already been taken.');
  const customer: Customer = known ?? { id, given: some(said, customerFields), methods: [], createdMs: books.context.now, updatedMs: books.context.now };
  if (known === null) saveCustomer(books, customer);
  const token = textOf(field(asObject(field(body, 'credit_card')), 'token')) ?? freshId(books);
  if (await books.ledger.find('payment_method', token) !== null) throw invalid(['transaction', 'credit_card'], 'token', '91719', 'Duplicate token.');
  vaulted(books, customer, token, source);
  return { customer: customer.id, vaulted: token };
}
