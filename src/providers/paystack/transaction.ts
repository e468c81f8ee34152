import type { JsonObject } from '../wire/json.ts';
import { minorOf } from './amount.ts';
import { iso } from './operation.ts';
import type { Books } from './operation.ts';
import { announce } from './webhook.ts';

/** As Paystack shows it, with what only we know beside it. Kept by its reference. */
export interface Transaction {
  readonly view: JsonObject & { readonly reference: string; readonly status: string };
  /** where the payer goes back to, and where after giving up */
  readonly back: string | null;
  readonly cancel: string | null;
  /** hundredths */
  readonly refunded: string;
}

export interface Authorization {
  readonly view: JsonObject & { readonly authorization_code: string };
  /** of whom: only their address may charge it */
  readonly email: string;
}

export const declines: readonly string[] = ['Declined', 'Insufficient Funds', 'Do Not Honour', 'Expired Card'];

/** The card that the page of a test pays with; tokens tell nothing of theirs. https://paystack.com/docs/payments/test-payments */
export const testCard: JsonObject = { bin: '408408', last4: '4081', exp_month: '12', exp_year: '2030', channel: 'card', card_type: 'visa ', bank: 'TEST BANK', country_code: 'NG', brand: 'visa', reusable: true, account_name: null };

export function saveTransaction({ ledger }: Pick<Books, 'ledger'>, transaction: Transaction): Transaction {
  ledger.save('transaction', transaction.view.reference, transaction, { number: String(transaction.view['id']) });
  return transaction;
}

/** As Paystack shows it. What is called a signature is kept nowhere: it names the card, the same for the same authorization. */
export function shown({ view }: Pick<Transaction, 'view'>): JsonObject {
  const authorization = view['authorization'] as JsonObject;
  const code = authorization['authorization_code'];
  return typeof code === 'string' ? { ...view, authorization: { ...authorization, signature: `SIG_${code.slice(5)}` } } : view;
}

/** Paystack tells nobody of a charge that fails: the application asks. */
export function failedCharge(books: Books, transaction: Transaction, gatewayResponse: string, status: 'failed' | 'abandoned' = 'failed'): Transaction {
  return saveTransaction(books, { ...transaction, view: { ...transaction.view, status, gateway_response: gatewayResponse, message: status === 'failed' ? gatewayResponse : null, channel: 'card' } });
}

/** The charge went through. What it was paid with can be charged again. */
export function charged(books: Books, transaction: Transaction, by: JsonObject | null = null): Transaction {
  const customer = transaction.view['customer'] as JsonObject;
  const at = iso(books.now);
  const authorization = by ?? { authorization_code: books.code('AUTH_'), ...testCard };
  if (by === null) saveAuthorization(books, { view: authorization as Authorization['view'], email: String(customer['email']) });
  // only like Paystack's: 1.5 %
  const fees = (minorOf(transaction.view['amount']) ?? 0n) * 15n / 1000n;
  const after = saveTransaction(books, { ...transaction, view: { ...transaction.view, status: 'success', gateway_response: 'Successful', message: null, channel: 'card', paid_at: at, paidAt: at, fees: Number(fees), authorization } });
  announce(books, 'charge.success', shown(after), after.view.reference);
  return after;
}

export function saveAuthorization({ ledger }: Pick<Books, 'ledger'>, authorization: Authorization): Authorization {
  ledger.save('authorization', authorization.view.authorization_code, authorization);
  return authorization;
}

/** What is left to be given back. */
export function leftOf({ view, refunded }: Transaction): bigint {
  return (minorOf(view['amount']) ?? 0n) - BigInt(refunded);
}
