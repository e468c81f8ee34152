import { createHash } from 'node:crypto';
import type { Money } from '../../model/money.ts';
import type { JsonObject } from '../wire/json.ts';
import { numberOf } from './amount.ts';
import { listAt, textAt } from './call.ts';
import { fails } from './errors.ts';
import type { Method } from './method.ts';
import type { Books } from './operation.ts';
import { shownAddress } from './profile.ts';
import { within } from './reply.ts';
import type { Message, Nodes } from './reply.ts';

export type Status = 'authorizedPendingCapture' | 'capturedPendingSettlement' | 'settledSuccessfully' | 'voided' | 'declined' | 'refundPendingSettlement' | 'refundSettledSuccessfully' | 'returnedItem';

export interface Transaction {
  readonly id: string;
  readonly type: string;
  readonly status: Status;
  /** what was authorized, and what is to be settled */
  readonly amount: Money;
  readonly settles: Money | null;
  readonly method: Method;
  /** what the caller said of it, without the payment */
  readonly given: JsonObject;
  readonly reason: Message;
  readonly authCode: string;
  readonly avs: string;
  /** what the bank says of the card's code; 'cvv' would be masked where it is kept */
  readonly codeMatch: string;
  readonly refOf: string | null;
  /** refunds come to so much, in minor units */
  readonly refunded: string;
  readonly subscription: { readonly id: string; readonly number: number } | null;
  readonly submittedMs: number;
  /** when it was captured, refunded or settled */
  readonly changedMs: number;
}

export const keptFields = ['refId', 'order', 'customer', 'billTo', 'shipTo', 'poNumber', 'userFields', 'customerIP', 'tax', 'duty', 'shipping'];
const day = 24 * 3600 * 1000;

/** What is captured is settled with the batch of the next day. */
export function standing(transaction: Transaction, now: number): Transaction {
  const due = transaction.changedMs + day;
  if (now < due) return transaction;
  if (transaction.status === 'capturedPendingSettlement') return { ...transaction, status: 'settledSuccessfully', changedMs: due };
  return transaction.status === 'refundPendingSettlement' ? { ...transaction, status: 'refundSettledSuccessfully', changedMs: due } : transaction;
}

export async function findTransaction({ ledger, context }: Pick<Books, 'ledger' | 'context'>, id: string | null): Promise<Transaction | null> {
  const found = id === null ? null : await ledger.find<Transaction>('transaction', id);
  return found === null ? null : standing(found, context.now);
}

export async function transactionOf(books: Pick<Books, 'ledger' | 'context'>, id: string | null): Promise<Transaction> {
  const found = await findTransaction(books, id);
  if (found === null) throw fails('16');
  return found;
}

export function saveTransaction({ ledger }: Pick<Books, 'ledger'>, transaction: Transaction): void {
  ledger.save('transaction', transaction.id, transaction, indexOf(transaction));
}

/** Lists ask by whether it is settled, which time decides: the index only says whose it is, and what is another one like it. What was declined keeps none out. */
export function indexOf(transaction: Transaction): Readonly<Record<string, string>> {
  const { subscription, status } = transaction;
  return { all: 'yes', ...(subscription === null ? {} : { subscription: subscription.id }), ...(status === 'declined' ? {} : { likeness: likeness(transaction) }) };
}

/** The same for two transactions that one of them would be a duplicate of. */
export function likeness({ type, method, amount, given }: Pick<Transaction, 'type' | 'method' | 'amount' | 'given'>): string {
  const facts = [type, method.type, method.masked, amount.minor, amount.currency, textAt(given, 'order', 'invoiceNumber'), textAt(given, 'customer', 'id')];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

export function leftToRefund({ settles, amount, refunded }: Transaction): bigint {
  return BigInt((settles ?? amount).minor) - BigInt(refunded);
}

const response: Readonly<Partial<Record<Status, string>>> = { declined: '2' };

export function responseCode({ status }: Pick<Transaction, 'status'>): string {
  return response[status] ?? '1';
}

/** The transactionResponse of the call that made or changed it. */
export function showResponse(transaction: Transaction, said: Message): Nodes {
  const declined = transaction.status === 'declined';
  const { method } = transaction;
  return {
    responseCode: responseCode(transaction), authCode: declined ? '' : transaction.authCode, avsResultCode: transaction.avs, cvvResultCode: transaction.codeMatch, cavvResultCode: '2', transId: transaction.id, refTransID: transaction.refOf ?? '', transHash: '', testRequest: '0',
    accountNumber: method.masked, accountType: method.type,
    ...(declined ? { errors: within('error', [{ errorCode: said.code, errorText: said.text }]) } : { messages: within('message', [{ code: said.code, description: said.text }]) }),
    ...userFields(transaction.given), transHashSha2: '', ...(method.profile === null ? {} : { profile: { customerProfileId: method.profile, ...(method.paymentProfile === null ? {} : { customerPaymentProfileId: method.paymentProfile }) } }), networkTransId: `000000${transaction.id.slice(-9)}`, SupplementalDataQualificationIndicator: 0,
  };
}

/** An error is a response too: of a transaction that has no number. */
export function showFailure(reason: Message, method: Pick<Method, 'masked' | 'type'> | null, given: JsonObject | null): Nodes {
  return {
    responseCode: '3', authCode: '', avsResultCode: 'P', cvvResultCode: '', cavvResultCode: '', transId: '0', refTransID: '', transHash: '', testRequest: '0', accountNumber: method?.masked ?? '', accountType: method?.type ?? '',
    errors: within('error', [{ errorCode: reason.code, errorText: reason.text }]), ...userFields(given), transHashSha2: '', SupplementalDataQualificationIndicator: 0,
  };
}

function userFields(given: JsonObject | null): Nodes {
  const fields = listAt(given, 'userFields', 'userField');
  return fields.length === 0 ? {} : { userFields: within('userField', fields.map((each) => ({ name: textAt(each, 'name') ?? '', value: textAt(each, 'value') ?? '' }))) };
}

export function showDetails(transaction: Transaction): Nodes {
  const { given, method, amount, settles, submittedMs, status, subscription, reason } = transaction;
  const settled = ['settledSuccessfully', 'refundSettledSuccessfully'].includes(status);
  return {
    transId: transaction.id, ...(transaction.refOf === null ? {} : { refTransId: transaction.refOf }), submitTimeUTC: `${new Date(submittedMs).toISOString().slice(0, -1)}Z`, submitTimeLocal: new Date(submittedMs).toISOString().slice(0, -1), transactionType: transaction.type, transactionStatus: status,
    responseCode: Number(responseCode(transaction)), responseReasonCode: Number(reason.code), ...(subscription === null ? {} : { subscription: { id: Number(subscription.id), payNum: subscription.number } }), responseReasonDescription: status === 'declined' ? 'Decline' : 'Approval',
    authCode: transaction.authCode, AVSResponse: transaction.avs, cardCodeResponse: transaction.codeMatch,
    ...(settled ? { batch: { batchId: String(Math.floor(transaction.changedMs / day)), settlementTimeUTC: new Date(transaction.changedMs).toISOString(), settlementTimeLocal: new Date(transaction.changedMs).toISOString().slice(0, -1), settlementState: 'settledSuccessfully' } } : {}),
    ...shownAddress('order', given), requestedAmount: numberOf(amount), authAmount: numberOf(amount), settleAmount: numberOf(settles ?? amount), taxExempt: false,
    payment: method.kind === 'card' ? { creditCard: { cardNumber: method.masked, expirationDate: 'XXXX', cardType: method.type } } : { bankAccount: { accountNumber: method.masked, nameOnAccount: '', echeckType: 'WEB' } },
    ...customer(given), ...shownAddress('billTo', given), ...shownAddress('shipTo', given), recurringBilling: subscription !== null, ...(textAt(given, 'customerIP') === null ? {} : { customerIP: textAt(given, 'customerIP')! }), product: 'Card Not Present', marketType: 'eCommerce',
    ...(method.profile === null ? {} : { profile: { customerProfileId: method.profile, ...(method.paymentProfile === null ? {} : { customerPaymentProfileId: method.paymentProfile }) } }), networkTransId: `000000${transaction.id.slice(-9)}`,
  };
}

export function showSummary(transaction: Transaction): Nodes {
  const { given, method, submittedMs, subscription } = transaction;
  const optional: readonly (readonly [string, string | null])[] = [['invoiceNumber', textAt(given, 'order', 'invoiceNumber')], ['firstName', textAt(given, 'billTo', 'firstName')], ['lastName', textAt(given, 'billTo', 'lastName')]];
  return {
    transId: transaction.id, submitTimeUTC: new Date(submittedMs).toISOString(), submitTimeLocal: new Date(submittedMs).toISOString().slice(0, -1), transactionStatus: transaction.status,
    ...Object.fromEntries(optional.flatMap(([name, text]) => text === null ? [] : [[name, text]])), accountType: method.type, accountNumber: method.masked, settleAmount: numberOf(transaction.settles ?? transaction.amount), marketType: 'eCommerce', product: 'Card Not Present',
    ...(subscription === null ? {} : { subscription: { id: Number(subscription.id), payNum: subscription.number } }),
    ...(method.profile === null ? {} : { profile: { customerProfileId: method.profile, ...(method.paymentProfile === null ? {} : { customerPaymentProfileId: method.paymentProfile }) } }),
  };
}

function customer(given: JsonObject): Nodes {
  const said = shownAddress('customer', given)['customer'];
  return said === undefined ? {} : { customer: said };
}

