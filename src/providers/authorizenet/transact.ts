import type { JsonObject } from '../wire/json.ts';
import { requireAmount } from './amount.ts';
import { at, listAt, textAt } from './call.ts';
import { fails, reason, TransactionFailure } from './errors.ts';
import { methodOf } from './method.ts';
import type { Method } from './method.ts';
import { freshNumber, some } from './operation.ts';
import type { Books } from './operation.ts';
import { asObject } from '../wire/json.ts';
import { kept, newProfile } from './profile.ts';
import type { Answer, Message, Nodes } from './reply.ts';
import { successful } from './reply.ts';
import { keptFields, leftToRefund, likeness, saveTransaction, showFailure, showResponse, transactionOf } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { toldOfTransaction } from './webhook.ts';

type Kind = (books: Books, thing: JsonObject) => Promise<{ readonly transaction: Transaction; readonly said: Message; readonly more?: Nodes }>;

/** A transaction that is no good is an answer too, whose message says that it was unsuccessful. */
export async function transact(books: Books, thing: JsonObject): Promise<Answer> {
  const kind = kinds[textAt(thing, 'transactionType') ?? ''];
  try {
    if (kind === undefined) throw fails('5');
    const { transaction, said, more = {} } = await kind(books, thing);
    return { body: { transactionResponse: showResponse(transaction, said), ...more } };
  } catch (error) {
    if (!(error instanceof TransactionFailure)) throw error;
    return { body: { transactionResponse: showFailure(error.reason, null, thing) }, message: { code: 'E00027', text: 'The transaction was unsuccessful.' } };
  }
}

/** Test values of the sandbox. https://developer.authorize.net/hello_world/testing_guide.html */
const avsByZip: Readonly<Record<string, string>> = { 46201: 'A', 46203: 'E', 46204: 'G', 46205: 'N', 46206: 'P', 46207: 'R', 46208: 'S', 46209: 'U', 46211: 'W', 46214: 'X', 46217: 'Z' };
const matchByCode: Readonly<Record<string, string>> = { 900: 'M', 901: 'N', 902: 'S', 903: 'U', 904: 'P' };
const declinedZip = '46282';
const usualWindow = 120;

/** What the bank says: the code of why it will not, null when it will. */
function declineOf({ context, liveness }: Books, thing: JsonObject, method: Method, minor: bigint): string | null {
  if (context.declined !== null) return /^[0-9]{1,3}$/.test(context.declined.code ?? '') ? context.declined.code : '2';
  if (textAt(thing, 'billTo', 'zip') === declinedZip) return '2';
  // the sandbox takes an electronic check of a hundred dollars and no more
  return method.kind === 'account' && liveness === 'test' && minor > 10_000n ? '2' : null;
}

async function made(books: Books, thing: JsonObject, facts: Pick<Transaction, 'type' | 'status' | 'method' | 'amount'> & Partial<Transaction>): Promise<Transaction> {
  const transaction: Transaction = {
    id: freshNumber(books, '6', 11), settles: null, given: some(thing, keptFields), reason: reason('1'), authCode: books.context.id('', { length: 6, alphabet: 'base62' }).toUpperCase(), avs: avsByZip[textAt(thing, 'billTo', 'zip') ?? ''] ?? 'Y',
    codeMatch: matchByCode[textAt(thing, 'payment', 'creditCard', 'cardCode') ?? ''] ?? 'P', refOf: null, refunded: '0', subscription: null, submittedMs: books.context.now, changedMs: books.context.now, ...facts,
  };
  saveTransaction(books, transaction);
  return transaction;
}

const paying = (type: string, event: string, status: Transaction['status']): Kind => async (books, thing) => {
  const amount = requireAmount(thing);
  const method = await methodOf(books, thing);
  if (type === 'captureOnlyTransaction' && textAt(thing, 'authCode') === null) throw fails('12');
  if (await isDuplicate(books, { type, method, amount, given: thing }, windowOf(thing))) throw fails('11');
  const declined = declineOf(books, thing, method, BigInt(amount.minor));
  const said = reason(declined ?? '1');
  if (declined !== null) return { transaction: await made(books, thing, { type, status: 'declined', method, amount, reason: said, authCode: '000000' }), said };
  const stored = at(thing, 'profile', 'createProfile') === true || at(thing, 'profile', 'createProfile') === 'true' ? await profileMade(books, thing, method) : null;
  const transaction = await made(books, thing, { type, status, method: stored === null ? method : { ...method, profile: stored.id, paymentProfile: stored.methods[0]?.id ?? null }, amount, ...(type === 'captureOnlyTransaction' ? { authCode: textAt(thing, 'authCode')! } : {}) });
  books.ledger.tell(toldOfTransaction(books.context, event, transaction));
  return { transaction, said, more: stored === null ? {} : { profileResponse: { messages: { resultCode: 'Ok', message: [{ code: successful.code, text: successful.text }] }, customerProfileId: stored.id, customerPaymentProfileIdList: [stored.methods[0]!.id], customerShippingAddressIdList: [] } } };
};

async function profileMade(books: Books, thing: JsonObject, method: Method): Promise<Awaited<ReturnType<typeof newProfile>>> {
  const customer = asObject(at(thing, 'customer'));
  return newProfile(books, { ...some(customer, ['email']), ...(textAt(customer, 'id') === null ? {} : { merchantCustomerId: textAt(customer, 'id')! }) }, [kept(books, method, some(thing, ['billTo']), true)]);
}

/** How long a transaction keeps another one like it out: as long as usual where no number of seconds is said. */
function windowOf(thing: JsonObject): number {
  const asked = listAt(thing, 'transactionSettings', 'setting').find((each) => textAt(each, 'settingName') === 'duplicateWindow');
  const seconds = textAt(asked ?? null, 'settingValue') ?? '';
  return (/^[0-9]{1,9}$/.test(seconds) ? Number(seconds) : usualWindow) * 1000;
}

/** The same amount with the same card and the same invoice, a moment ago. */
async function isDuplicate({ context }: Books, one: Parameters<typeof likeness>[0], windowMs: number): Promise<boolean> {
  const { items } = await context.list('transaction', { where: { likeness: likeness(one) }, limit: 50 });
  return items.some(({ value }) => context.now - (value as Transaction).submittedMs < windowMs);
}

const capture: Kind = async (books, thing) => {
  const found = await transactionOf(books, textAt(thing, 'refTransId'));
  if (['capturedPendingSettlement', 'settledSuccessfully'].includes(found.status)) return { transaction: found, said: reason('311') };
  if (found.status !== 'authorizedPendingCapture') throw fails('16');
  const settles = at(thing, 'amount') === undefined ? found.amount : requireAmount(thing, found.amount.currency);
  if (BigInt(settles.minor) > BigInt(found.amount.minor)) throw fails('47');
  const declined = declineOf({ ...books, liveness: 'unknown' }, {}, found.method, 0n);
  if (declined !== null) return { transaction: { ...found, status: 'declined' }, said: reason(declined) };
  const transaction: Transaction = { ...found, status: 'capturedPendingSettlement', settles, changedMs: books.context.now };
  saveTransaction(books, transaction);
  books.ledger.tell(toldOfTransaction(books.context, 'priorAuthCapture', transaction));
  return { transaction: { ...transaction, refOf: found.id }, said: reason('1') };
};

const voiding: Kind = async (books, thing) => {
  const found = await transactionOf(books, textAt(thing, 'refTransId'));
  if (found.status === 'voided') return { transaction: found, said: reason('310') };
  if (!['authorizedPendingCapture', 'capturedPendingSettlement', 'refundPendingSettlement'].includes(found.status)) throw fails('16');
  const transaction: Transaction = { ...found, status: 'voided', changedMs: books.context.now };
  saveTransaction(books, transaction);
  // what a voided refund was to give back can be given back again
  const sale = found.status === 'refundPendingSettlement' && found.refOf !== null ? await books.ledger.find<Transaction>('transaction', found.refOf) : null;
  if (sale !== null) saveTransaction(books, { ...sale, refunded: String(BigInt(sale.refunded) - BigInt(found.amount.minor)) });
  books.ledger.tell(toldOfTransaction(books.context, 'void', transaction));
  return { transaction: { ...transaction, refOf: found.id }, said: reason('1') };
};

const refunding: Kind = async (books, thing) => {
  const refOf = textAt(thing, 'refTransId');
  if (refOf === null) throw fails('54');
  const found = await transactionOf(books, refOf);
  const amount = requireAmount(thing, found.amount.currency);
  // the card is named by its last digits, or by its profile
  const digits = (textAt(thing, 'payment', 'creditCard', 'cardNumber') ?? textAt(thing, 'payment', 'bankAccount', 'accountNumber') ?? '').replaceAll(/[^0-9]/g, '').slice(-4);
  const sameProfile = found.method.profile !== null && textAt(thing, 'profile', 'customerProfileId') === found.method.profile;
  if (found.status !== 'settledSuccessfully' || !sameProfile && digits !== found.method.masked.slice(-4)) throw fails('54');
  if (BigInt(amount.minor) > leftToRefund(found)) throw fails('55');
  if (await isDuplicate(books, { type: 'refundTransaction', method: found.method, amount, given: { ...found.given, ...some(thing, keptFields) } }, windowOf(thing))) throw fails('11');
  const transaction = await made(books, { ...found.given, ...some(thing, keptFields) }, { type: 'refundTransaction', status: 'refundPendingSettlement', method: found.method, amount, refOf, authCode: '' });
  saveTransaction(books, { ...found, refunded: String(BigInt(found.refunded) + BigInt(amount.minor)) });
  books.ledger.tell(toldOfTransaction(books.context, 'refund', transaction));
  return { transaction, said: reason('1') };
};

const kinds: Readonly<Record<string, Kind>> = {
  authCaptureTransaction: paying('authCaptureTransaction', 'authcapture', 'capturedPendingSettlement'), authOnlyTransaction: paying('authOnlyTransaction', 'authorization', 'authorizedPendingCapture'),
  captureOnlyTransaction: paying('captureOnlyTransaction', 'capture', 'capturedPendingSettlement'), priorAuthCaptureTransaction: capture, refundTransaction: refunding, voidTransaction: voiding,
};

export const transactionTypes: readonly string[] = Object.keys(kinds);

