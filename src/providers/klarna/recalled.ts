import type { HttpRequest } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { asObject, field } from '../wire/json.ts';
import { moneyOf } from './amount.ts';
import { told } from './operation.ts';
import type { Order } from './purchase.ts';

/** A capture or a refund names neither currency nor customer: the order does. It only ever adds to what was decoded. */
export async function recalled(request: HttpRequest, decoded: Decoded, { recall }: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const json = isBodiless(request) ? null : jsonBody(request);
  const body = json?.kind === 'json' ? asObject(json.value) : null;
  const effects = await Promise.all(decoded.effects.map(async (effect) => {
    if (effect.channel !== 'payment' || effect.object === null || !effect.operation.startsWith('ordermanagement.')) return effect;
    const order = (await recall('order', effect.object))?.value as Order | undefined;
    if (order === undefined) return effect;
    const { recipients, keys, customer } = told(order.given);
    const currency = field(order.given, 'purchase_currency');
    const amount = ['captured_amount', 'refunded_amount', 'order_amount'].map((name) => moneyOf(field(body, name), currency)).find((money) => money !== null) ?? null;
    const more = recipients.filter((one) => !effect.recipients.some(({ address, role }) => address === one.address && role === one.role));
    return { ...effect, recipients: [...effect.recipients, ...more], keys: effect.keys.length > 0 ? effect.keys : keys, amount: effect.amount ?? amount, customer: effect.customer ?? customer };
  }));
  return { kind: 'effects', effects };
}
