import type { Money } from '../../model/money.ts';
import type { JsonObject } from '../wire/json.ts';
import { money, shown } from './amount.ts';
import { iso, numberFor } from './operation.ts';
import type { Books } from './operation.ts';

export interface Balance {
  readonly id: string;
  readonly profile: string;
  readonly currency: string;
  readonly type: 'STANDARD' | 'SAVINGS';
  readonly name: string | null;
  /** in minor units */
  readonly minor: string;
  readonly createdMs: number;
}

/** What every profile has to begin with, so that there is something to pay from. */
const usual = ['EUR', 'GBP', 'USD'];
const begun = Date.UTC(2026, 0);

function first(profile: string, currency: string): Balance {
  return { id: numberFor(`balance ${profile} ${currency}`), profile, currency, type: 'STANDARD', name: null, minor: '10000000', createdMs: begun };
}

export async function balanceById({ ledger }: Pick<Books, 'ledger'>, profile: string, id: string): Promise<Balance | null> {
  const kept = await ledger.find<Balance>('balance', id);
  if (kept !== null) return kept.profile === profile ? kept : null;
  return usual.map((currency) => first(profile, currency)).find((each) => each.id === id) ?? null;
}

/** The first ones are there without having been written. */
export async function balancesOf({ ledger, context }: Pick<Books, 'ledger' | 'context'>, profile: string): Promise<readonly Balance[]> {
  const kept = (await context.list('balance', { where: { profile }, limit: 500 })).items.map(({ id }) => id);
  const ids = [...new Set([...usual.map((currency) => first(profile, currency).id), ...kept.toReversed()])];
  const found = await Promise.all(ids.map((id) => balanceById({ ledger }, profile, id)));
  return found.filter((each) => each !== null);
}

export async function standardBalance(books: Pick<Books, 'ledger' | 'context'>, profile: string, currency: string): Promise<Balance | null> {
  return (await balancesOf(books, profile)).find((each) => each.type === 'STANDARD' && each.currency === currency) ?? null;
}

export function saveBalance({ ledger }: Pick<Books, 'ledger'>, balance: Balance): void {
  ledger.save('balance', balance.id, balance, { profile: balance.profile });
}

/** So much more, or less where it is negative. */
export function changed(books: Pick<Books, 'ledger'>, balance: Balance, minor: bigint): Balance {
  const now: Balance = { ...balance, minor: String(BigInt(balance.minor) + minor) };
  saveBalance(books, now);
  return now;
}

export const worth = ({ minor, currency }: Balance): Money => money(BigInt(minor), currency);

export function showBalance(balance: Balance): JsonObject {
  const amount = shown(worth(balance));
  return {
    id: Number(balance.id), currency: balance.currency, type: balance.type, name: balance.name, icon: null, investmentState: 'NOT_INVESTED', amount, reservedAmount: shown(money(0n, balance.currency)), cashAmount: amount, totalWorth: amount,
    creationTime: iso(balance.createdMs), modificationTime: iso(balance.createdMs), visible: true,
  };
}
