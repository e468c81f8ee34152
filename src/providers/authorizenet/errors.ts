import type { Message } from './reply.ts';

/** A call that the API itself would not take. Thrown by whatever finds it, caught once, in operation.ts. https://developer.authorize.net/api/reference/responseCodes.html */
export class AnetFailure extends Error {
  override readonly name = 'AnetFailure';
  readonly code: string;
  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}

/** A transaction that is an error of its own: its response says so, and nothing is kept of it. */
export class TransactionFailure extends Error {
  override readonly name = 'TransactionFailure';
  readonly reason: Message;
  constructor(why: Message) {
    super(why.text);
    this.reason = why;
  }
}

export function notFound(text = 'The record cannot be found.'): AnetFailure {
  return new AnetFailure('E00040', text);
}

const declined = 'This transaction has been declined.';
const texts: Readonly<Record<string, string>> = {
  1: 'This transaction has been approved.', 2: declined, 3: declined, 4: declined, 5: 'A valid amount is required.', 6: 'The credit card number is invalid.', 7: 'Credit card expiration date is invalid.', 8: 'The credit card has expired.',
  9: 'The ABA code is invalid.', 10: 'The account number is invalid.', 11: 'A duplicate transaction has been submitted.', 12: 'An authorization code is required but not present.', 16: 'The transaction cannot be found.',
  27: 'The transaction has been declined because of an AVS mismatch. The address provided does not match billing address of cardholder.', 33: 'Payment cannot be left blank.', 44: declined, 45: declined,
  47: 'The amount requested for settlement cannot be greater than the original amount authorized.', 54: 'The referenced transaction does not meet the criteria for issuing a credit.',
  55: 'The sum of credits against the referenced transaction would exceed original debit amount.', 65: declined, 310: 'This transaction has already been voided.', 311: 'This transaction has already been captured.',
};

export function reason(code: string): Message {
  return { code, text: texts[code] ?? declined };
}

export function fails(code: string): TransactionFailure {
  return new TransactionFailure(reason(code));
}

/** What a failure rule may have the bank say. */
export const declines = ['2', '3', '4', '27', '44', '45', '65'] as const;
