import type { Reply } from '../model/exchange.ts';
import { StoreUnavailable, type Scope } from '../model/store.ts';
import type { Decoded } from '../model/side-effect.ts';
import { excessOf } from '../providers/wire/output-budget.ts';
import { keyedHash } from '../store/secret-key.ts';
import type { Call, House } from './call.ts';

/**
 * What the call comes to once its provider has looked at what it remembers: 'send draft 42' names whom the draft names. Where that
 * fails, or tells of no effect, the call stays as it was decoded, which names an audience instead.
 */
export async function recalled<R extends Reply>(house: Pick<House, 'store' | 'key' | 'logger'>, call: Call<R>, run: string | null): Promise<Decoded> {
  if (call.recalled === undefined || call.provider === null || call.decoded.kind !== 'effects') return call.decoded;
  const scope: Scope = { provider: call.provider.name, account: call.account === null ? '' : keyedHash(house.key, call.account), run: run ?? '' };
  try {
    const told = await call.recalled({ recall: (kind, id) => house.store.recall(scope, kind, id) });
    return told.kind === 'effects' && told.effects.length > 0 && excessOf(told.effects) === null ? told : call.decoded;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    house.logger.error({ err: error, provider: call.provider.name }, 'a provider failed to recall what a call is about');
    return call.decoded;
  }
}
