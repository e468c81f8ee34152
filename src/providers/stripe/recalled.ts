import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { money } from './currency.ts';
import { readCall } from './request.ts';
import type { StripeCall } from './request.ts';

type Find = (kind: string, id: string | null) => Promise<JsonObject | null>;

/** What a call is about that names it by id alone: whom Stripe would write to, and how much it is. */
interface About { readonly object: JsonObject; readonly role: string; readonly email: string | null; readonly amount: number | null }

/**
 * The call with what is remembered of its object. Stripe writes to the customer of an invoice when it is sent, finalized or paid, and to the
 * `receipt_email` of a payment when money moves. It only ever adds to what was decoded.
 */
export async function recalled(request: HttpRequest, decoded: Decoded, { recall }: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  const read = readCall(request);
  if (decoded.kind !== 'effects' || read.kind !== 'call') return decoded;
  const find: Find = async (kind, id) => (id === null || id === '' ? null : asObject(((await recall(kind, id))?.value ?? null) as JsonObject | null));
  const about = await aboutOf(read.call, find);
  if (about === null) return decoded;
  const { object, role, email, amount } = about;
  const currency = asString(field(object, 'currency'));
  const effects = decoded.effects.map((effect) => {
    if (effect.channel !== 'payment') return effect;
    const one: Addressee | null = email === null ? null : { address: email, kind: 'email', role };
    const known = one === null || effect.recipients.some(({ address }) => address === one.address);
    const own = Object.entries(asObject(field(object, 'metadata') ?? null) ?? {}).flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [{ name, value }] : []));
    return {
      ...effect, recipients: known ? effect.recipients : [...effect.recipients, one], keys: effect.keys.length > 0 ? effect.keys : own, customer: effect.customer ?? asString(field(object, 'customer')),
      amount: effect.amount ?? (amount === null || currency === null ? null : money(String(amount), currency)),
    };
  });
  return { kind: 'effects', effects };
}

async function aboutOf({ route, ids, params }: StripeCall, find: Find): Promise<About | null> {
  const [id = null] = ids;
  const said = asString(field(params, 'amount') ?? null) ?? asString(field(params, 'amount_to_capture') ?? null);
  const given = said !== null && /^[0-9]{1,15}$/.test(said) ? Number(said) : null;
  switch (route.operation) {
    case 'invoices.send': case 'invoices.finalize': case 'invoices.pay': {
      const invoice = await find('invoice', id);
      return invoice === null ? null : { object: invoice, role: 'invoice', email: asString(field(invoice, 'customer_email')), amount: numberOf(invoice, 'amount_due') };
    }
    case 'payment_intents.confirm': case 'payment_intents.capture': return paymentOf(await find('payment_intent', id), given);
    case 'charges.capture': case 'charges.refund': case 'charges.create_refund': return paymentOf(await find('charge', id), given);
    case 'refunds.create': {
      const intent = await find('payment_intent', asString(field(params, 'payment_intent') ?? null));
      return paymentOf(await find('charge', asString(field(params, 'charge') ?? null) ?? asString(field(intent, 'latest_charge'))) ?? intent, given);
    }
    case 'subscriptions.create': case 'invoices.create': {
      const customer = field(params, 'collection_method') === 'send_invoice' ? await find('customer', asString(field(params, 'customer') ?? null)) : null;
      return customer === null ? null : { object: { customer: customer['id'] ?? null }, role: 'invoice', email: asString(field(customer, 'email')), amount: null };
    }
    default: return null;
  }
}

function paymentOf(object: JsonObject | null, given: number | null): About | null {
  if (object === null) return null;
  const amount = numberOf(object, 'amount');
  const refunded = numberOf(object, 'amount_refunded') ?? 0;
  return { object, role: 'receipt', email: asString(field(object, 'receipt_email')), amount: given ?? (amount === null ? null : amount - refunded) };
}

function numberOf(object: JsonObject, name: string): number | null {
  const value = field(object, name);
  return typeof value === 'number' ? value : null;
}
