import type { JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { amountOf, requireAmount, textOf } from './amount.ts';
import { decide, methodOf, requireWords, userOf } from './authorization.ts';
import type { Authorization } from './authorization.ts';
import { invalid, notFound } from './errors.ts';
import { countOf, offsetOf } from './events.ts';
import { accountOfItem, itemOf } from './item.ts';
import { at, operation, some, uuidOf } from './operation.ts';
import type { Work } from './operation.ts';
import { transferFrom } from './transfers.ts';

/** Transfers that are made by themselves, by a schedule. */
export interface Recurring {
  readonly id: string;
  readonly account: string;
  readonly given: JsonObject;
  readonly amount: string;
  readonly currency: string;
  readonly status: 'active' | 'cancelled' | 'expired';
  readonly transfers: readonly string[];
  readonly createdMs: number;
}

export const recurringRoutes: readonly JsonRoute[] = [
  operation({
    path: '/transfer/recurring/create', required: ['access_token', 'idempotency_key', 'account_id', 'type', 'network', 'amount', 'description', 'schedule', 'user'], onceMs: 48 * 3600_000,
    effect: (body) => ({ amount: amountOf(body), movesMoney: true, method: methodOf(body) }),
    run: create,
  }),
  operation({ path: '/transfer/recurring/get', required: ['recurring_transfer_id'], run: async (work) => ({ recurring_transfer: show(await recurringOf(work)) }) }),
  operation({
    path: '/transfer/recurring/list',
    run: async (work) => {
      const found = (await work.context.list('recurring', { limit: 5_000 })).items.map(({ value }) => value as Recurring);
      const [count, offset] = [countOf(work, 25, 25), offsetOf(work)];
      return { recurring_transfers: found.slice(offset, offset + count).map(show) };
    },
  }),
  operation({
    path: '/transfer/recurring/cancel', required: ['recurring_transfer_id'], effect: (body) => ({ object: asString(field(body, 'recurring_transfer_id')) }),
    run: async (work) => {
      const recurring = await recurringOf(work);
      if (recurring.status !== 'active') throw invalid('the recurring transfer is not active');
      save(work, { ...recurring, status: 'cancelled' });
      return {};
    },
  }),
];

async function create(work: Work): Promise<JsonObject> {
  const { body } = work;
  const { type } = requireWords(body, ['ach', 'same-day-ach', 'rtp']);
  const amount = requireAmount(body);
  const schedule = scheduleOf(body);
  const user = userOf(body);
  const found = await itemOf(work);
  const account = await accountOfItem(work, found);
  const judged = await decide(work, { item: found.item, account, type, amount: textOf(amount) });
  const said = { decision: judged.decision, decision_rationale: judged.rationale === null ? null : { ...judged.rationale } };
  if (judged.decision !== 'approved') return { recurring_transfer: null, ...said };
  const id = work.context.uuid();
  const given: JsonObject = { ...some(body, ['type', 'network', 'ach_class', 'funding_account_id', 'test_clock_id']), user };
  const description = asString(field(body, 'description'))!;
  // its first transfer is made on the first day of its schedule, where that has come
  const today = new Date(work.now).toISOString().slice(0, 10);
  const transfers = (asString(field(schedule, 'start_date')) ?? '') > today ? [] : [await first(work, { id, given, account: account.id, amount: textOf(amount), currency: amount.currency, description })];
  const recurring: Recurring = { id, account: account.id, given: { ...given, schedule, description }, amount: textOf(amount), currency: amount.currency, status: 'active', transfers, createdMs: work.now };
  save(work, recurring);
  return { recurring_transfer: show(recurring), ...said };
}

async function first(work: Work, { id, given, account, amount, currency, description }: Pick<Recurring, 'id' | 'given' | 'account' | 'amount' | 'currency'> & { readonly description: string }): Promise<string> {
  const authorization: Authorization = { id: work.context.uuid(), decision: 'approved', rationale: null, account, given, amount, currency, transfer: null, cancelled: false, createdMs: work.now };
  return (await transferFrom(work, authorization, { description: description.slice(0, 10), amount, recurring: id })).id;
}

function scheduleOf(body: JsonObject): JsonObject {
  const schedule = asObject(field(body, 'schedule'));
  const unit = asString(field(schedule, 'interval_unit'));
  const [count, day] = [field(schedule, 'interval_count'), field(schedule, 'interval_execution_day')];
  if (unit !== 'week' && unit !== 'month') throw invalid('schedule.interval_unit must be one of week, month');
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) throw invalid('schedule.interval_count must be a positive integer');
  if (typeof day !== 'number' || !Number.isSafeInteger(day) || day > (unit === 'week' ? 5 : 28) || day < (unit === 'week' ? 1 : -5) || day === 0) throw invalid('schedule.interval_execution_day is no day of its interval');
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(asString(field(schedule, 'start_date')) ?? '')) throw invalid('schedule.start_date must be a date, YYYY-MM-DD');
  return { end_date: null, ...some(schedule, ['interval_unit', 'interval_count', 'interval_execution_day', 'start_date', 'end_date']) };
}

function save({ ledger }: Pick<Work, 'ledger'>, recurring: Recurring): void {
  ledger.save('recurring', recurring.id, recurring);
}

async function recurringOf({ ledger, body }: Work): Promise<Recurring> {
  const recurring = await ledger.find<Recurring>('recurring', asString(field(body, 'recurring_transfer_id')) ?? '');
  if (recurring === null) throw notFound('recurring transfer');
  return recurring;
}

function show({ id, account, given, amount, currency, status, transfers, createdMs }: Recurring): JsonObject {
  return {
    origination_account_id: '', funding_account_id: uuidOf('plaid funding account'), test_clock_id: null, ...given, recurring_transfer_id: id, created: at(createdMs),
    next_origination_date: status === 'active' ? field(asObject(field(given, 'schedule')), 'start_date') ?? null : null, account_id: account, amount, iso_currency_code: currency, status, transfer_ids: transfers,
  };
}
