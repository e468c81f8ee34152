import { textOf, usd } from './amount.ts';
import type { Books } from './operation.ts';

/** What lies at Plaid for payouts, in minor units. It begins with enough to pay out of: nobody tops it up in staging. */
interface Balance { readonly available: string; readonly pending: string }

const first: Balance = { available: '10000000', pending: '0' };

export async function balanceOf({ ledger }: Pick<Books, 'ledger'>): Promise<{ readonly available: bigint; readonly pending: bigint }> {
  const { available, pending } = await ledger.find<Balance>('ledger', 'default') ?? first;
  return { available: BigInt(available), pending: BigInt(pending) };
}

export async function changeBalance(books: Pick<Books, 'ledger'>, { available = 0n, pending = 0n }: { readonly available?: bigint; readonly pending?: bigint }): Promise<void> {
  const now = await balanceOf(books);
  books.ledger.save('ledger', 'default', { available: String(now.available + available), pending: String(now.pending + pending) } satisfies Balance);
}

export async function showBalance(books: Pick<Books, 'ledger'>): Promise<{ readonly available: string; readonly pending: string }> {
  const { available, pending } = await balanceOf(books);
  return { available: textOf(usd(available)), pending: textOf(usd(pending)) };
}
