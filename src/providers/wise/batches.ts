import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { requireCurrency } from './amount.ts';
import { invalid, notFound, WiseFailure } from './errors.ts';
import { fund, outcome, refusal, requireBalanceType } from './funding.ts';
import { iso, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { moveOn, showTransfer, transferOf } from './transfer.ts';
import { createTransfer, reached } from './transfers.ts';

/** Transfers that are paid for together. https://docs.wise.com/api-reference/batch-group */
interface Batch {
  readonly id: string;
  readonly profile: string;
  readonly version: number;
  readonly name: string;
  readonly currency: string;
  readonly status: 'NEW' | 'COMPLETED' | 'CANCELLED';
  readonly transfers: readonly string[];
}

interface Initiation { readonly id: string; readonly profile: string; readonly batch: string; readonly reference: string; readonly createdMs: number }

const of = '/profiles/([0-9]{1,18})/batch-groups/([0-9a-f-]{36})';
const one = new RegExp(`^/v3${of}$`);
/** A batch has a thousand transfers at most. */
const most = 1_000;

export const batchRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/v3\/profiles\/([0-9]{1,18})\/batch-groups$/, operation: 'batch-groups.create', effect: (body) => ({ description: asString(field(body, 'name')) }), run: create }),
  operation({ method: 'GET', path: one, operation: 'batch-groups.get', run: async (work) => ({ status: 200, body: show(await named(work)) }) }),
  operation({ method: 'PATCH', path: one, operation: 'batch-groups.update', effect: (body, { ids }) => ({ object: ids[1]!, description: asString(field(body, 'status')) }), run: update }),
  operation({
    method: 'POST', path: new RegExp(`^/v3${of}/transfers$`), operation: 'batch-groups.transfers.create', effect: reached,
    run: async (work) => {
      const batch = await named(work);
      if (batch.status !== 'NEW') throw new WiseFailure(409, 'BATCH_GROUP_CLOSED', `Batch group is ${batch.status}: no more transfers can be added`);
      if (batch.transfers.length >= most) throw invalid('batchGroupId', `A batch group has at most ${most} transfers`);
      const transfer = await createTransfer(work, batch.id);
      // the quote's profile is whose money it is; a customerTransactionId may lead to a transfer of before
      if (transfer.profile !== batch.profile) throw invalid('quoteUuid', 'The quote is of another profile than the batch group');
      if (transfer.source !== batch.currency) throw invalid('quoteUuid', 'The source currency of the quote is not that of the batch group');
      if (!batch.transfers.includes(transfer.id)) save(work, { ...batch, version: batch.version + 1, transfers: [...batch.transfers, transfer.id] });
      return { status: 200, body: showTransfer(transfer) };
    },
  }),
  operation({
    method: 'POST', path: /^\/v3\/profiles\/([0-9]{1,18})\/batch-payments\/([0-9a-f-]{36})\/payments$/, operation: 'batch-groups.fund',
    effect: (body, { ids }) => ({ movesMoney: true, method: asString(field(body, 'type')), object: ids[1]! }),
    run: async (work) => {
      requireBalanceType(work.body);
      const batch = await completed(work);
      const transfers = await Promise.all(batch.transfers.map((id) => transferOf(work, id)));
      const refused = await refusal(work, transfers);
      if (refused === null) for (const transfer of transfers) await fund(work, transfer);
      return { status: 201, body: { id: batch.id, batchGroupId: batch.id, ...outcome(refused) } };
    },
  }),
  operation({
    method: 'POST', path: new RegExp(`^/v[13]${of}/payment-initiations$`), operation: 'batch-groups.payment-initiations.create',
    effect: (body, { ids }) => ({ movesMoney: true, method: asString(field(body, 'type')), object: ids[1]! }),
    run: initiate,
  }),
  operation({
    method: 'GET', path: new RegExp(`^/v[13]${of}/payment-initiations/([0-9a-f-]{36})$`), operation: 'batch-groups.payment-initiations.get',
    run: async (work) => {
      const initiation = await work.ledger.find<Initiation>('initiation', work.call.ids[2]!);
      if (initiation === null || initiation.batch !== work.call.ids[1]) throw notFound('Payment initiation');
      return { status: 200, body: showInitiation(initiation, await named(work)) };
    },
  }),
];

async function create(work: Work): Promise<Answer> {
  const name = asString(field(work.body, 'name'));
  if (!name || name.length > 100) throw invalid('name', 'name must have between 1 and 100 characters');
  const batch: Batch = { id: work.context.uuid(), profile: work.call.ids[0]!, version: 0, name, currency: requireCurrency(work.body, 'sourceCurrency'), status: 'NEW', transfers: [] };
  save(work, batch);
  return { status: 201, body: show(batch) };
}

async function update(work: Work): Promise<Answer> {
  const batch = await named(work);
  const [status, version] = [field(work.body, 'status'), field(work.body, 'version')];
  if (status !== 'COMPLETED' && status !== 'CANCELLED') throw invalid('status', 'status must be one of COMPLETED, CANCELLED');
  if (version !== batch.version) throw new WiseFailure(409, 'BATCH_GROUP_VERSION_MISMATCH', `The version of the batch group is ${batch.version}`, 'version');
  if (batch.status === 'CANCELLED' || (status === 'COMPLETED' && batch.status !== 'NEW')) throw new WiseFailure(409, 'BATCH_GROUP_CLOSED', `Batch group is ${batch.status}`);
  if (status === 'CANCELLED') {
    const transfers = await Promise.all(batch.transfers.map((id) => transferOf(work, id)));
    if (transfers.some((transfer) => transfer.paidFrom !== null)) throw new WiseFailure(409, 'BATCH_GROUP_FUNDED', 'Batch group is funded and cannot be cancelled');
    for (const transfer of transfers) if (transfer.status === 'incoming_payment_waiting') await moveOn(work, transfer, 'cancelled');
  }
  const now: Batch = { ...batch, status, version: batch.version + 1 };
  save(work, now);
  return { status: 200, body: show(now) };
}

/** By direct debit: the money is on its way, and the transfers go on. */
async function initiate(work: Work): Promise<Answer> {
  if (field(work.body, 'type') !== 'DIRECT_DEBIT') throw invalid('type', 'type must be DIRECT_DEBIT');
  const batch = await completed(work);
  if (work.context.declined !== null) throw new WiseFailure(422, work.context.declined.code ?? 'balance.payment-option-unavailable', 'The payment was declined');
  const initiation: Initiation = { id: work.context.uuid(), profile: batch.profile, batch: batch.id, reference: `B${batch.id.slice(0, 7).toUpperCase()}`, createdMs: work.now };
  work.ledger.save('initiation', initiation.id, initiation);
  const transfers = await Promise.all(batch.transfers.map((id) => transferOf(work, id)));
  if (transfers.some(({ status }) => status !== 'incoming_payment_waiting')) throw new WiseFailure(409, 'BATCH_GROUP_FUNDED', 'Batch group is funded already');
  for (const transfer of transfers) await moveOn(work, transfer, 'processing');
  return { status: 200, body: showInitiation(initiation, batch) };
}

async function completed(work: Work): Promise<Batch> {
  const batch = await named(work);
  if (batch.status !== 'COMPLETED') throw new WiseFailure(409, 'BATCH_GROUP_NOT_COMPLETED', `Batch group is ${batch.status}: it is funded when it is COMPLETED`);
  return batch;
}

async function named({ ledger, call: { ids } }: Work): Promise<Batch> {
  const batch = await ledger.find<Batch>('batch', ids[1]!);
  if (batch === null || batch.profile !== ids[0]) throw notFound('Batch group');
  return batch;
}

function save({ ledger }: Pick<Work, 'ledger'>, batch: Batch): void {
  ledger.save('batch', batch.id, batch);
}

function show({ id, version, name, currency, status, transfers }: Batch): JsonObject {
  return { id, version, name, sourceCurrency: currency, status, transferIds: transfers.map(Number), payInDetails: [] };
}

function showInitiation({ id, profile, batch, reference, createdMs }: Initiation, { transfers }: Batch): JsonObject {
  return { id, batchGroupId: batch, userId: 1, profileId: Number(profile), type: 'DIRECT_DEBIT', reference, status: 'STARTED', transferIds: transfers.map(Number), createdTime: iso(createdMs) };
}
