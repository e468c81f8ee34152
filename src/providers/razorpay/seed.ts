import type { Remember } from '../../model/provider.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { currencyOf, minorOf } from './amount.ts';
import { indexOf } from './objects.ts';
import type { Customer, Kinds, Link, Order, Payment, Refund } from './objects.ts';
import { isYes, text } from './operation.ts';

const prefixes = { order: 'order', payment: 'pay', payment_link: 'plink', refund: 'rfnd', customer: 'cust' } as const;
const statuses: Readonly<Partial<Record<keyof Kinds, readonly string[]>>> = {
  order: ['created', 'attempted', 'paid'], payment: ['created', 'authorized', 'captured', 'refunded', 'failed'], payment_link: ['created', 'paid', 'cancelled', 'expired'], refund: ['pending', 'processed', 'failed'],
};
/** Whoever seeds tells no credential. */
const merchant = 'acc_fourthwall0000';

/** Razorpay's own object with as many of its fields as matter; what is missing is made up. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  if (!Object.hasOwn(prefixes, kind)) throw new Error(`Razorpay has no '${kind}' to be seeded; it has ${Object.keys(prefixes).join(', ')}`);
  const known = kind as keyof Kinds;
  if (!new RegExp(`^${prefixes[known]}_[A-Za-z0-9]{1,40}$`).test(id)) throw new Error(`'${id}' is no id of a Razorpay ${kind}; one is '${prefixes[known]}_' and up to 40 letters and digits`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`Razorpay ${kind} ${id}: the value is an object with the fields that Razorpay shows, such as { "amount": 50000 }`);
  const kept = made(known, id, given);
  return { value: kept, index: indexOf(known, kept.view) };
}

function made(kind: keyof Kinds, id: string, given: JsonObject): Kinds[keyof Kinds] {
  const status = (usual: string): string => {
    const said = text(given, 'status') ?? usual;
    if (!statuses[kind]!.includes(said)) throw new Error(`Razorpay ${kind} ${id}: status '${said}' is none of ${statuses[kind]!.join(', ')}`);
    return said;
  };
  const created = { created_at: typeof given['created_at'] === 'number' ? given['created_at'] : 1_700_000_000 };
  const next = { payment: null, proof: null, used: false };
  switch (kind) {
    case 'customer': return { merchant, view: { entity: 'customer', name: null, email: null, contact: null, gstin: null, notes: [], ...created, ...given, id } } satisfies Customer;
    case 'order': {
      const [amount, state] = [amountOf(kind, id, given), status('created')];
      const paid = state === 'paid' ? amount : 0;
      return {
        merchant, next, link: null, captures: isYes(field(given, 'payment_capture')), payer: { email: null, contact: null, customer: text(given, 'customer_id') },
        view: { entity: 'order', amount_paid: paid, amount_due: amount - paid, receipt: null, offer_id: null, attempts: 0, notes: [], ...created, ...given, id, amount, currency: currency(kind, id, given), status: state },
      } satisfies Order;
    }
    case 'payment': {
      const [amount, state] = [amountOf(kind, id, given), status('captured')];
      return {
        merchant, proof: null, back: null,
        view: {
          entity: 'payment', order_id: null, invoice_id: null, international: false, method: 'card', amount_refunded: state === 'refunded' ? amount : 0, refund_status: state === 'refunded' ? 'full' : null,
          captured: state === 'captured' || state === 'refunded', description: null, card_id: null, bank: null, wallet: null, vpa: null, email: null, contact: null, notes: [], fee: null, tax: null,
          error_code: null, error_description: null, error_source: null, error_step: null, error_reason: null, acquirer_data: {}, ...created, ...given, id, amount, currency: currency(kind, id, given), status: state,
        },
      } satisfies Payment;
    }
    case 'payment_link': return {
      merchant, next,
      view: {
        accept_partial: false, amount_paid: 0, callback_method: '', callback_url: '', cancelled_at: 0, customer: {}, description: '', expire_by: 0, expired_at: 0, first_min_partial_amount: 0, notes: null, notify: { email: false, sms: false },
        payments: null, reference_id: '', reminder_enable: false, reminders: [], short_url: '', updated_at: 1_700_000_000, user_id: '', ...created, ...given, id, amount: amountOf(kind, id, given), currency: currency(kind, id, given), status: status('created'),
      },
    } satisfies Link;
    case 'refund': {
      if (!/^pay_[A-Za-z0-9]{1,40}$/.test(text(given, 'payment_id') ?? '')) throw new Error(`Razorpay refund ${id}: payment_id is missing; it is that of the payment, 'pay_...'`);
      return {
        merchant,
        view: { entity: 'refund', notes: [], receipt: null, acquirer_data: { arn: null }, batch_id: null, speed_processed: 'normal', speed_requested: 'normal', ...created, ...given, id, amount: amountOf(kind, id, given), currency: currency(kind, id, given), status: status('processed') },
      } satisfies Refund;
    }
  }
}

function amountOf(kind: string, id: string, given: JsonObject): number {
  const amount = minorOf(field(given, 'amount'));
  if (amount === null || amount <= 0n) throw new Error(`Razorpay ${kind} ${id}: amount is a whole number of the currency's smallest unit above nothing, such as 50000 for INR 500.00`);
  return Number(amount);
}

function currency(kind: string, id: string, given: JsonObject): string {
  const found = field(given, 'currency') === undefined ? 'INR' : currencyOf(field(given, 'currency'));
  if (found === null) throw new Error(`Razorpay ${kind} ${id}: currency is a code of three letters, such as 'INR'`);
  return found;
}
