import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { asString, field } from '../wire/json.ts';
import { moneyOf } from './amount.ts';
import { keysOf, peopleOf } from './operation.ts';
import type { Paid } from './payment.ts';

/** A refund or a cancellation names the payment alone: what it was for and of whom is remembered. It only ever adds to what was decoded. */
export async function recalled(decoded: Decoded, { recall }: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const effects = await Promise.all(decoded.effects.map(async (effect) => {
    if (effect.channel !== 'payment' || effect.object === null || !['payments.refunds.create', 'payments.cancel'].includes(effect.operation)) return effect;
    const paid = (await recall('payment', effect.object))?.value as Paid | undefined;
    if (paid === undefined) return effect;
    const more = peopleOf(paid.given).filter((one) => !effect.recipients.some(({ address, role }) => address === one.address && role === one.role));
    const keys = keysOf(field(paid.given, 'metadata'));
    return {
      ...effect, recipients: [...effect.recipients, ...more], keys: effect.keys.length > 0 ? effect.keys : keys, amount: effect.amount ?? moneyOf(field(paid.given, 'amount')),
      customer: effect.customer ?? paid.customer, method: effect.method ?? paid.method, description: effect.description ?? asString(field(paid.given, 'description')),
    };
  }));
  return { kind: 'effects', effects };
}
