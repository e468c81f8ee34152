import type { HttpRequest } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Money } from '../../model/money.ts';
import type { Decoded, Payment } from '../../model/side-effect.ts';
import { jsonBody } from '../wire/body.ts';
import { sumOf } from '../wire/decimal-money.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { keysOf, peopleOf } from './addressees.ts';
import { itemsOf, minorOf, money, some, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { priced, totalOf } from './transaction.ts';

/** What these ask for is the sum of their items; an update of a subscription takes a part of it. */
const charging = ['transactions.create', 'transactions.update', 'subscriptions.charge'];

type Recall = Pick<SimulationContext, 'recall'>;

/** Prices, customers and transactions are named by their ids: what they are is remembered. It only ever adds to what was decoded. */
export async function recalled(request: HttpRequest, decoded: Decoded, context: Recall): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const json = jsonBody(request);
  const body = json.kind === 'json' ? asObject(json.value) : null;
  return { kind: 'effects', effects: await Promise.all(decoded.effects.map((effect) => effect.channel === 'payment' ? told(effect, body, context) : effect)) };
}

async function told(effect: Payment, body: JsonObject | null, context: Recall): Promise<Payment> {
  const find = async (kind: string, id: string | null): Promise<View | null> => id === null ? null : (await context.recall(kind, id))?.value as View | undefined ?? null;
  const kind = { txn: 'transaction', sub: 'subscription' }[(effect.object ?? '').slice(0, 3)];
  const object = kind === undefined ? null : await find(kind, effect.object);
  const customer = await find('customer', effect.customer?.startsWith('ctm_') === true ? effect.customer : textOf(object, 'customer_id'));
  const people = customer === null ? [] : peopleOf(some(customer, ['email']));
  const prices = await Promise.all(itemsOf(body).map(async (item) => priced(item, await find('price', textOf(item, 'price_id')))));
  return {
    ...effect, customer: effect.customer ?? customer?.id ?? null, keys: effect.keys.length > 0 ? effect.keys : keysOf(object),
    recipients: [...effect.recipients, ...people.filter((one) => !effect.recipients.some(({ address }) => address === one.address))],
    amount: effect.amount ?? (effect.operation === 'adjustments.create' ? refundOf(body, object) : charging.includes(effect.operation) && prices.length > 0 ? sumOf(prices) : null),
  };
}

function refundOf(body: JsonObject | null, transaction: View | null): Money | null {
  if (transaction === null) return null;
  const whole = totalOf(transaction);
  if (textOf(body, 'type') === 'full') return whole;
  const amounts = itemsOf(body).map((item) => minorOf(field(item, 'amount')));
  return amounts.length === 0 || amounts.includes(null) ? null : money(amounts.reduce<bigint>((sum, each) => sum + each!, 0n), whole.currency);
}
