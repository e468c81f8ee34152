import type { Money } from '../../model/money.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { sumOf } from '../wire/decimal-money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Account } from './account.ts';
import { peopleOf } from './operation.ts';
import { paidOf } from './transfer.ts';
import type { Transfer } from './transfer.ts';

interface Known { readonly accounts: readonly Account[]; readonly transfers: readonly Transfer[] }

/** A call that names ids alone is told with whom they stand for, and how much. It only ever adds to what was decoded. */
export async function recalled(decoded: Decoded, context: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const effects = await Promise.all(decoded.effects.map(async (effect) => {
    if (effect.channel !== 'payment' || effect.object === null) return effect;
    const { accounts, transfers } = await knownOf(effect.operation, effect.object, context);
    const people = accounts.flatMap(({ details }) => peopleOf({ details } as JsonObject));
    const more = people.filter((one, index) => ![...effect.recipients, ...people.slice(0, index)].some(({ address, role }) => address === one.address && role === one.role));
    const amount: Money | null = sumOf(transfers.map(paidOf));
    const reference = transfers.length === 1 ? asString(field(transfers[0]!.details, 'reference')) : null;
    const keys = effect.keys.length > 0 ? effect.keys : transfers.map(({ customerTransactionId }) => ({ name: 'customerTransactionId', value: customerTransactionId }));
    return { ...effect, recipients: [...effect.recipients, ...more], keys, amount: effect.amount ?? amount, customer: effect.customer ?? accounts[0]?.holder ?? null, description: effect.description ?? reference };
  }));
  return { kind: 'effects', effects };
}

async function knownOf(operation: string, id: string, { recall }: Pick<SimulationContext, 'recall'>): Promise<Known> {
  const all = async <T>(kind: string, ids: readonly string[]): Promise<readonly T[]> => (await Promise.all(ids.map((each) => recall(kind, each)))).flatMap((found) => (found === null ? [] : [found.value as T]));
  if (['transfers.create', 'batch-groups.transfers.create', 'accounts.delete', 'accounts.delete.v1'].includes(operation)) return { accounts: await all<Account>('account', [id]), transfers: [] };
  const group = operation.startsWith('batch-groups.') ? (await all<{ readonly transfers: readonly string[] }>('batch', [id]))[0] : undefined;
  const transfers = group !== undefined ? await all<Transfer>('transfer', group.transfers) : ['transfers.fund', 'transfers.cancel', 'simulation.transfers'].includes(operation) ? await all<Transfer>('transfer', [id]) : [];
  return { accounts: await all<Account>('account', [...new Set(transfers.map(({ account }) => account))]), transfers };
}
