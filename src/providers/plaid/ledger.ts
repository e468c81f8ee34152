import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { amountOf, minorOf, requireAmount, textOf } from './amount.ts';
import { balanceOf, changeBalance, showBalance } from './balance.ts';
import { invalid, notFound, PlaidFailure } from './errors.ts';
import { addEvent, countOf, offsetOf, within } from './events.ts';
import { at, operation, uuidOf } from './operation.ts';
import type { Books, Work } from './operation.ts';

export type SweepStatus = 'pending' | 'posted' | 'settled' | 'funds_available' | 'returned' | 'failed';

/** Money between the ledger and the company's own bank account. */
export interface Sweep {
  readonly id: string;
  /** negative: out of the company's account into the ledger */
  readonly amount: string;
  readonly kind: 'deposit' | 'withdraw';
  readonly status: SweepStatus;
  readonly description: string | null;
  readonly createdMs: number;
}

const ledgerId = uuidOf('plaid ledger');
const fundingId = uuidOf('plaid funding account');
const once = 48 * 3600_000;

export const ledgerRoutes: readonly JsonRoute[] = [
  operation({
    path: '/transfer/ledger/get',
    run: async (work) => {
      const asked = asString(field(work.body, 'ledger_id'));
      if (asked !== null && asked !== ledgerId) throw notFound('ledger');
      return { ledger_id: ledgerId, balance: await showBalance(work), name: 'Default', is_default: true };
    },
  }),
  operation({ path: '/transfer/ledger/deposit', required: ['amount', 'idempotency_key', 'network'], onceMs: once, effect: (body) => ({ amount: amountOf(body), movesMoney: true, method: asString(field(body, 'network')) }), run: (work) => move(work, 'deposit') }),
  operation({ path: '/transfer/ledger/withdraw', required: ['amount', 'idempotency_key', 'network'], onceMs: once, effect: (body) => ({ amount: amountOf(body), movesMoney: true, method: asString(field(body, 'network')) }), run: (work) => move(work, 'withdraw') }),
  operation({
    path: '/transfer/ledger/distribute', required: ['from_ledger_id', 'to_ledger_id', 'amount', 'idempotency_key'], onceMs: once,
    effect: (body) => ({ amount: amountOf(body), movesMoney: true, object: asString(field(body, 'to_ledger_id')) }),
    run: async (work) => {
      const amount = requireAmount(work.body);
      const [from, to] = [asString(field(work.body, 'from_ledger_id')), asString(field(work.body, 'to_ledger_id'))];
      if ((from === ledgerId) === (to === ledgerId)) throw notFound('ledger');
      if (from === ledgerId) await requireFunds(work, BigInt(amount.minor));
      await changeBalance(work, { available: from === ledgerId ? -BigInt(amount.minor) : BigInt(amount.minor) });
      return {};
    },
  }),
  operation({ path: '/transfer/sweep/get', required: ['sweep_id'], run: async (work) => ({ sweep: showSweep(await sweepOf(work, asString(field(work.body, 'sweep_id')))) }) }),
  operation({
    path: '/transfer/sweep/list',
    run: async (work) => {
      const status = asString(field(work.body, 'status'));
      const found = (await work.context.list('sweep', { limit: 5_000 })).items.map(({ value }) => value as Sweep).filter((sweep) => (status === null || sweep.status === status) && within(work, at(sweep.createdMs)));
      const [count, offset] = [countOf(work, 25, 25), offsetOf(work)];
      return { sweeps: found.slice(offset, offset + count).map(showSweep) };
    },
  }),
];

async function requireFunds(work: Work, minor: bigint): Promise<void> {
  if ((await balanceOf(work)).available < minor) throw new PlaidFailure('TRANSFER_ERROR', 'TRANSFER_LEDGER_INSUFFICIENT_BALANCE', 'the available balance of the ledger is lower than the amount');
}

async function move(work: Work, kind: Sweep['kind']): Promise<JsonObject> {
  const amount = requireAmount(work.body);
  if (!['ach', 'same-day-ach', ...(kind === 'withdraw' ? ['rtp', 'wire'] : [])].includes(asString(field(work.body, 'network')) ?? '')) throw invalid('network is none of this operation');
  const asked = asString(field(work.body, 'ledger_id'));
  if (asked !== null && asked !== ledgerId) throw notFound('ledger');
  if (kind === 'withdraw') await requireFunds(work, BigInt(amount.minor));
  const sweep: Sweep = { id: work.context.uuid(), amount: `${kind === 'deposit' ? '-' : ''}${textOf(amount)}`, kind, status: 'pending', description: asString(field(work.body, 'description')), createdMs: work.now };
  saveSweep(work, sweep);
  await changeBalance(work, kind === 'deposit' ? { pending: BigInt(amount.minor) } : { available: -BigInt(amount.minor) });
  await tellSweep(work, sweep);
  return { sweep: showSweep(sweep) };
}

function saveSweep({ ledger }: Pick<Books, 'ledger'>, sweep: Sweep): void {
  ledger.save('sweep', sweep.id, sweep);
}

export async function sweepOf({ ledger }: Pick<Books, 'ledger'>, id: string | null): Promise<Sweep> {
  const sweep = await ledger.find<Sweep>('sweep', id ?? '');
  if (sweep === null) throw notFound('sweep');
  return sweep;
}

async function tellSweep(books: Books, { id, amount, status }: Sweep): Promise<void> {
  await addEvent(books, { event_type: `sweep.${status}`, funding_account_id: fundingId, ledger_id: ledgerId, transfer_id: '', origination_account_id: null, failure_reason: null, sweep_id: id, sweep_amount: amount, refund_id: null, originator_client_id: null });
}

/** A deposit that is available lies in the ledger; what fails or comes back is as if it had never been. */
export async function sweepBecame(books: Books, sweep: Sweep, status: SweepStatus): Promise<void> {
  const now: Sweep = { ...sweep, status };
  saveSweep(books, now);
  const minor = minorOf(sweep.amount.replace('-', ''));
  if (sweep.kind === 'deposit') {
    if (status === 'funds_available') await changeBalance(books, { pending: -minor, available: minor });
    if (status === 'failed' || status === 'returned') await changeBalance(books, sweep.status === 'funds_available' ? { available: -minor } : { pending: -minor });
  } else if (status === 'failed' || status === 'returned') await changeBalance(books, { available: minor });
  await tellSweep(books, now);
}

function showSweep({ id, amount, status, description, createdMs }: Sweep): JsonObject {
  return {
    id, funding_account_id: fundingId, ledger_id: ledgerId, created: at(createdMs), amount, iso_currency_code: 'USD', settled: null, expected_funds_available_date: null, status, trigger: 'manual',
    ...(description === null ? {} : { description }), network_trace_id: null, failure_reason: null,
  };
}
