import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { customerOf, keysOf, peopleOf } from './operation.ts';
import { priceOf } from './price.ts';

/** A call that names its object alone is told with what the object says. It only ever adds to what was decoded. Only ids are looked up: a code is not. */
export async function recalled(decoded: Decoded, { recall }: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const effects = await Promise.all(decoded.effects.map(async (effect) => {
    if (effect.channel !== 'payment' || effect.object === null) return effect;
    const given = ((await recall(effect.operation.split('.')[0]!.replace(/s$/, ''), effect.object))?.value as { readonly given?: JsonObject } | undefined)?.given;
    if (given === undefined) return effect;
    const more = peopleOf(given).filter((one) => !effect.recipients.some(({ address, role }) => address === one.address && role === one.role));
    return {
      ...effect, recipients: [...effect.recipients, ...more], keys: effect.keys.length > 0 ? effect.keys : keysOf(given), amount: effect.amount ?? priceOf(field(given, 'local_price')),
      customer: effect.customer ?? customerOf(given), description: effect.description ?? asString(field(given, 'description')),
    };
  }));
  return { kind: 'effects', effects };
}
