import type { Remember } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { moneyOf } from './amount.ts';
import type { Payment } from './payment.ts';

const statuses = ['authorised', 'refused', 'cancelled'] as const;

/** A payment of before, by its pspReference: what captures, refunds and cancels name. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value'> {
  if (kind !== 'payment') throw new Error(`Adyen has no '${kind}' to be seeded; it has payment`);
  if (!/^[A-Za-z0-9]{1,64}$/.test(id)) throw new Error(`'${id}' is no pspReference of Adyen's: it is letters and digits, usually 16`);
  const given = asObject(value as JsonValue);
  const amount = moneyOf(field(given, 'amount'));
  if (amount === null || BigInt(amount.minor) < 0n) throw new Error(`Adyen payment ${id}: amount is an object of whole minor units, such as { value: 1000, currency: EUR }`);
  const status = statuses.find((each) => each === (asString(field(given, 'status')) ?? 'authorised'));
  if (status === undefined) throw new Error(`Adyen payment ${id}: status is one of ${statuses.join(', ')}`);
  const counted = (name: 'captured' | 'refunded'): string => {
    const said = field(given, name) ?? 0;
    if (typeof said !== 'number' || !Number.isSafeInteger(said) || said < 0 || BigInt(said) > BigInt(amount.minor)) throw new Error(`Adyen payment ${id}: ${name} is whole minor units, no more than its amount`);
    return String(said);
  };
  const payment: Payment = {
    psp: id, merchantAccount: asString(field(given, 'merchantAccount')) ?? 'Shop', reference: asString(field(given, 'reference')) ?? id, brand: asString(field(given, 'paymentMethod')) ?? 'visa',
    minor: amount.minor, currency: amount.currency, status, captured: counted('captured'), refunded: counted('refunded'),
  };
  return { value: payment };
}
