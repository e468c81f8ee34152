import type { HttpRequest } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Money } from '../../model/money.ts';
import type { Decoded, Payment } from '../../model/side-effect.ts';
import { field } from '../wire/json.ts';
import { keysOf, peopleOf } from './addressees.ts';
import { documentOf, readDocument } from './document.ts';
import type { Document } from './document.ts';
import { centsOf, moneyOf, textOf } from './objects.ts';
import type { Resource } from './objects.ts';
import { leftOf } from './order.ts';

type Recall = Pick<SimulationContext, 'recall'>;

const kindOf: Readonly<Record<string, string>> = { 'orders.refund': 'orders', 'subscription-invoices.refund': 'subscription-invoices', 'subscriptions.update': 'subscriptions', 'subscriptions.cancel': 'subscriptions', 'customers.update': 'customers' };

/** A refund names an order, a checkout a variant: whose and how much that is, is remembered. It only ever adds to what was decoded. */
export async function recalled(request: HttpRequest, decoded: Decoded, context: Recall): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  return { kind: 'effects', effects: await Promise.all(decoded.effects.map((effect) => effect.channel !== 'payment' ? effect : told(effect, givenOf(request, effect), context))) };
}

function givenOf(request: HttpRequest, { operation }: Payment): Document | null {
  const read = readDocument(request);
  const given = read.kind === 'content' ? documentOf(read.body, kindOf[operation] ?? 'checkouts', null) : null;
  return given === null || 'kind' in given ? null : given;
}

async function told(effect: Payment, given: Document | null, context: Recall): Promise<Payment> {
  const find = async (kind: string, id: string): Promise<Resource | null> => (await context.recall(kind, id))?.value as Resource | undefined ?? null;
  if (effect.operation === 'checkouts.create') return { ...effect, amount: effect.amount ?? await asked(given, find) };
  const kind = kindOf[effect.operation];
  const object = kind === undefined || effect.object === null ? null : await find(kind, effect.object);
  if (object === null) return effect;
  const email = textOf(object.attributes, 'user_email') ?? textOf(object.attributes, 'email');
  const people = email === null ? [] : peopleOf({ email });
  const customer = object.attributes['customer_id'];
  return {
    ...effect, recipients: [...effect.recipients, ...people.filter((one) => !effect.recipients.some(({ address }) => address === one.address))], keys: effect.keys.length > 0 ? effect.keys : keysOf(object.custom),
    customer: effect.customer ?? (customer === undefined || customer === null ? null : String(customer)), amount: effect.amount ?? (effect.operation.endsWith('.refund') ? refundOf(given, object) : null),
  };
}

function refundOf(given: Document | null, object: Resource): Money {
  return moneyOf(centsOf(field(given?.attributes ?? null, 'amount')) ?? leftOf(object), textOf(object.attributes, 'currency') ?? 'USD');
}

/** What the checkout asks for, where its store and its price are known. */
async function asked(given: Document | null, find: (kind: string, id: string) => Promise<Resource | null>): Promise<Money | null> {
  const [store, variant] = [await find('stores', given?.related['store'] ?? ''), await find('variants', given?.related['variant'] ?? '')];
  const cents = centsOf(field(given?.attributes ?? null, 'custom_price')) ?? centsOf(field(variant?.attributes ?? null, 'price'));
  const currency = textOf(store?.attributes ?? null, 'currency');
  return cents === null || currency === null ? null : moneyOf(cents, currency);
}
