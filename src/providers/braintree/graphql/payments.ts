import type { Payment } from '../../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../../wire/json.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { currencyOf, moneyOf, requireAmount } from '../amount.ts';
import { shownCard } from '../card.ts';
import { clientToken } from '../client-token.ts';
import { notFound } from '../errors.ts';
import type { Books } from '../operation.ts';
import { textOf } from '../parameters.ts';
import { sell } from '../sale.ts';
import { refund, settle, voided } from '../settling.ts';
import { sourceOf } from '../source.ts';
import { fakeNonce } from '../test-values.ts';
import { transactionOf } from '../transaction.ts';
import { legacyId, showForGraphQl } from './shown.ts';

interface Mutation {
  /** null: it reaches nobody and changes nothing */
  readonly effect: ((input: JsonObject) => Pick<Payment, 'movesMoney' | 'amount' | 'customer' | 'method' | 'object' | 'description'> & { readonly keysOf: JsonObject | null }) | null;
  readonly run: (books: Books, input: JsonObject) => Promise<JsonObject>;
}

const inside = (input: JsonObject, name: string): JsonObject | null => asObject(field(input, name));

/** The names that REST has for what GraphQL says of a transaction. */
function asRest(said: JsonObject | null): JsonObject {
  const details = inside(said ?? {}, 'customerDetails');
  const fields: readonly (readonly [string, JsonValue | undefined])[] = [
    ['order_id', field(said, 'orderId')], ['purchase_order_number', field(said, 'purchaseOrderNumber')], ['channel', field(said, 'channel')], ['descriptor', field(said, 'descriptor')],
    ['customer', details === null ? undefined : { email: field(details, 'email') ?? null }], ['customer_id', textOf(field(said, 'customerId')) === null ? undefined : legacyId(textOf(field(said, 'customerId'))!, 'customer')],
    ['custom_fields', asArray(field(said, 'customFields')) === null ? undefined : Object.fromEntries(asArray(field(said, 'customFields'))!.flatMap((each) => { const name = asString(field(asObject(each), 'name')); return name === null ? [] : [[name, field(asObject(each), 'value') ?? null]]; }))],
  ];
  return Object.fromEntries(fields.filter((each): each is readonly [string, JsonValue] => each[1] !== undefined && each[1] !== null));
}

function charging(settles: boolean): Mutation {
  return {
    effect: (input) => {
      const said = inside(input, 'transaction');
      const paid = textOf(field(input, 'paymentMethodId'));
      const means = paid === null ? null : fakeNonce(paid);
      return {
        movesMoney: true, amount: moneyOf(field(said, 'amount')), customer: textOf(field(said, 'customerId')) ?? textOf(field(inside(said ?? {}, 'customerDetails'), 'email')), method: means?.kind === 'method' ? shownCard(means.card) : null,
        object: null, description: null, keysOf: said,
      };
    },
    run: async (books, input) => {
      const said = inside(input, 'transaction');
      const merchantAccount = textOf(field(said, 'merchantAccountId'));
      const amount = requireAmount(field(said, 'amount'), await currencyOf(books, merchantAccount));
      const body = asRest(said);
      const paid = legacyId(textOf(field(input, 'paymentMethodId')) ?? '', 'paymentmethod').replace(/^(?:cc|paypal|cch)_/, '');
      const isToken = await books.ledger.find('payment_method', paid) !== null;
      const source = await sourceOf(books, { ...body, ...(isToken ? { payment_method_token: paid } : { payment_method_nonce: paid }) });
      return { transaction: showForGraphQl(await sell(books, { type: 'sale', amount, merchantAccount: merchantAccount ?? 'merchant', source, settle: settles, body })) };
    },
  };
}

const idOf = (input: JsonObject): string => legacyId(textOf(field(input, 'transactionId')) ?? '', 'transaction');

function about(name: 'transaction' | 'refund', movesMoney: boolean): NonNullable<Mutation['effect']> {
  return (input) => ({ movesMoney, amount: moneyOf(field(inside(input, name), 'amount')), customer: null, method: null, object: idOf(input) || null, description: null, keysOf: inside(input, name) });
}

function amountAndOrder(said: JsonObject | null): JsonObject {
  return { ...asRest(said), ...(field(said, 'amount') === undefined ? {} : { amount: field(said, 'amount')! }) };
}

const charge = charging(true);
const authorize = charging(false);

/** https://graphql.braintreepayments.com/reference */
export const mutations: Readonly<Record<string, Mutation>> = {
  chargePaymentMethod: charge, chargeCreditCard: charge, chargePayPalAccount: charge, chargeVenmoAccount: charge,
  authorizePaymentMethod: authorize, authorizeCreditCard: authorize, authorizePayPalAccount: authorize,
  captureTransaction: { effect: about('transaction', true), run: async (books, input) => ({ transaction: showForGraphQl(await settle(books, idOf(input), amountAndOrder(inside(input, 'transaction')))) }) },
  refundTransaction: { effect: about('refund', true), run: async (books, input) => ({ refund: showForGraphQl(await refund(books, idOf(input), amountAndOrder(inside(input, 'refund')))) }) },
  reverseTransaction: {
    effect: about('transaction', true),
    run: async (books, input) => {
      const found = await transactionOf(books, idOf(input));
      const reversed = ['settled', 'settling'].includes(found.status) ? await refund(books, found.id, {}) : await voided(books, found.id);
      return { reversal: showForGraphQl(reversed) };
    },
  },
  createClientToken: {
    effect: null,
    run: async (books, input) => {
      const customer = textOf(field(inside(input, 'clientToken'), 'customerId'));
      if (customer !== null && await books.ledger.find('customer', legacyId(customer, 'customer')) === null) throw notFound();
      return { clientToken: clientToken(books.context, 'staging', '2') };
    },
  },
};
