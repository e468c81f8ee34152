import { currencyExponent } from '../../model/money.ts';
import type { Remember } from '../../model/provider.ts';
import { decimalMoney } from '../wire/decimal-money.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { listAt, textAt } from './call.ts';
import { reason } from './errors.ts';
import { some } from './operation.ts';
import { identityOf, profileFields } from './profile.ts';
import type { PaymentProfile, Profile } from './profile.ts';
import { indexOf, keptFields } from './transaction.ts';
import type { Status, Transaction } from './transaction.ts';

type Seeded = Pick<Remember, 'value' | 'index'>;

/** Written as Authorize.Net's own answers are. What is left out is usual. */
export function seed(kind: string, id: string, value: unknown): Seeded {
  const given = asObject(value as JsonValue);
  const what = `Authorize.Net ${kind} ${id}`;
  if (!/^[0-9]{1,20}$/.test(id)) throw new Error(`${what}: an id is of digits`);
  if (given === null) throw new Error(`${what}: it is no object; write its fields as Authorize.Net names them, { email: ann@example.test }`);
  if (kind === 'customer_profile') return profile(id, given, what);
  if (kind === 'transaction') return transaction(id, given, what);
  throw new Error(`${what}: there is no such kind; right are customer_profile and transaction`);
}

function only(given: JsonObject, names: readonly string[], what: string): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`${what}: the field ${unknown} is not known; right are ${names.join(', ')}`);
}

function masked(given: JsonObject, name: string, what: string): string {
  const text = textAt(given, name) ?? 'XXXX1111';
  if (!/^XXXX[0-9]{4}$/.test(text)) throw new Error(`${what}: ${name} is masked, XXXX1111; a whole number is never kept`);
  return text;
}

function profile(id: string, given: JsonObject, what: string): Seeded {
  only(given, [...profileFields, 'paymentProfiles'], what);
  const methods = listAt(given, 'paymentProfiles').map((each, place): PaymentProfile => {
    only(each, ['customerPaymentProfileId', 'cardNumber', 'cardType', 'customerType', 'billTo'], what);
    const own = textAt(each, 'customerPaymentProfileId');
    if (own === null || !/^[0-9]{1,20}$/.test(own)) throw new Error(`${what}: each of paymentProfiles has a customerPaymentProfileId of digits`);
    return { id: own, kind: 'card', type: textAt(each, 'cardType') ?? 'Visa', masked: masked(each, 'cardNumber', what), given: some(each, ['customerType', 'billTo']), isDefault: place === 0 };
  });
  const value: Profile = { id, given: some(given, profileFields), methods };
  const [email, merchantId] = [textAt(given, 'email'), textAt(given, 'merchantCustomerId')];
  return { value, index: { all: 'yes', identity: identityOf(value.given), ...(email === null ? {} : { email }), ...(merchantId === null ? {} : { merchantId }) } };
}

const statuses: readonly Status[] = ['authorizedPendingCapture', 'capturedPendingSettlement', 'settledSuccessfully', 'voided', 'declined', 'refundPendingSettlement', 'refundSettledSuccessfully'];

function transaction(id: string, given: JsonObject, what: string): Seeded {
  only(given, [...keptFields.filter((name) => name !== 'refId'), 'transactionType', 'transactionStatus', 'authAmount', 'currencyCode', 'accountNumber', 'accountType', 'customerProfileId', 'customerPaymentProfileId', 'submitTimeUTC', 'refTransId'], what);
  const amount = decimalMoney(textAt(given, 'authAmount'), textAt(given, 'currencyCode') ?? 'USD', currencyExponent);
  if (amount === null || BigInt(amount.minor) <= 0n) throw new Error(`${what}: authAmount is a decimal text above nothing, like '10.00', no finer than its currency`);
  const status = (textAt(given, 'transactionStatus') ?? 'settledSuccessfully') as Status;
  if (!statuses.includes(status)) throw new Error(`${what}: transactionStatus ${status} is not known; right are ${statuses.join(', ')}`);
  const time = Date.parse(textAt(given, 'submitTimeUTC') ?? '2020-01-01T00:00:00Z');
  if (Number.isNaN(time)) throw new Error(`${what}: submitTimeUTC is a time like 2026-11-21T09:00:00Z`);
  const type = textAt(given, 'accountType') ?? 'Visa';
  const value: Transaction = {
    id, type: textAt(given, 'transactionType') ?? 'authCaptureTransaction', status, amount, settles: null, given: some(given, keptFields), reason: reason(status === 'declined' ? '2' : '1'), authCode: '000000', avs: 'Y', codeMatch: 'P',
    method: { kind: type === 'eCheck' ? 'account' : 'card', type, masked: masked(given, 'accountNumber', what), profile: textAt(given, 'customerProfileId'), paymentProfile: textAt(given, 'customerPaymentProfileId') },
    refOf: textAt(given, 'refTransId'), refunded: '0', subscription: null, submittedMs: time, changedMs: time,
  };
  return { value, index: indexOf(value) };
}
