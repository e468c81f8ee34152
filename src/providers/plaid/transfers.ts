import type { JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { amountOf, minorOf, requireAmount, textOf } from './amount.ts';
import { authorizationOf, methodOf, saveAuthorization } from './authorization.ts';
import type { Authorization } from './authorization.ts';
import { invalid, notFound, PlaidFailure } from './errors.ts';
import { countOf, offsetOf, within } from './events.ts';
import { accountOfItem, itemOf } from './item.ts';
import { at, operation } from './operation.ts';
import type { Books, Work } from './operation.ts';
import { announceTransfers } from './telling.ts';
import { beginTransfer, failureOf, moveOn, showTransfer, transferOf } from './transfer.ts';
import type { Transfer } from './transfer.ts';

/** An authorization is good for an hour. */
const openMs = 3600_000;

export const transferRoutes: readonly JsonRoute[] = [
  operation({
    path: '/transfer/create', required: ['access_token', 'account_id', 'authorization_id', 'description'],
    effect: (body) => ({ amount: amountOf(body), movesMoney: true, method: methodOf(body), object: asString(field(body, 'authorization_id')) }),
    run: async (work) => ({ transfer: await showTransfer(work, await create(work)) }),
  }),
  operation({
    path: '/transfer/get',
    run: async (work) => {
      const authorization = asString(field(work.body, 'authorization_id'));
      const [of] = authorization === null ? [] : (await work.context.list('transfer', { where: { authorization }, limit: 1 })).items;
      if (authorization !== null && of === undefined) throw notFound('transfer');
      return { transfer: await showTransfer(work, await transferOf(work, of?.id ?? asString(field(work.body, 'transfer_id')))) };
    },
  }),
  operation({
    path: '/transfer/list',
    run: async (work) => {
      const found = (await work.context.list('transfer', { limit: 5_000 })).items.map(({ value }) => value as Transfer).filter(({ createdMs }) => within(work, at(createdMs)));
      const [count, offset] = [countOf(work, 25, 25), offsetOf(work)];
      return { transfers: await Promise.all(found.slice(offset, offset + count).map((transfer) => showTransfer(work, transfer))) };
    },
  }),
  operation({
    path: '/transfer/cancel', required: ['transfer_id'], effect: (body) => ({ object: asString(field(body, 'transfer_id')) }),
    run: async (work) => {
      const transfer = await transferOf(work, asString(field(work.body, 'transfer_id')));
      if (transfer.status !== 'pending') throw new PlaidFailure('TRANSFER_ERROR', 'TRANSFER_NOT_CANCELLABLE', 'transfer is not cancellable');
      await moveOn(work, transfer, 'cancelled');
      if (transfer.environment === 'production') announceTransfers(work, transfer.environment, null, 'cancelled');
      return {};
    },
  }),
];

async function create(work: Work): Promise<Transfer> {
  const { body } = work;
  const authorization = await authorizationOf(work);
  // it is idempotent by the authorization
  if (authorization.transfer !== null) return transferOf(work, authorization.transfer);
  const account = await accountOfItem(work, await itemOf(work));
  if (account.id !== authorization.account) throw new PlaidFailure('INVALID_INPUT', 'INVALID_ACCOUNT_ID', 'account_id is not the one that was authorized');
  if (authorization.cancelled || authorization.decision !== 'approved') throw invalid(`the authorization is ${authorization.cancelled ? 'cancelled' : authorization.decision}`);
  if (work.now - authorization.createdMs >= openMs) throw invalid('the authorization has expired');
  const amount = (field(body, 'amount') ?? null) === null ? null : requireAmount(body);
  if (amount !== null && (amount.currency !== authorization.currency || BigInt(amount.minor) > minorOf(authorization.amount))) throw invalid('amount must not be greater than the amount authorized');
  const description = asString(field(body, 'description')) ?? '';
  const most = field(authorization.given, 'network') === 'rtp' ? 15 : 10;
  if (description.length > most) throw invalid(`description must be at most ${most} characters`);
  return transferFrom(work, authorization, { description, amount: amount === null ? authorization.amount : textOf(amount), metadata: asObject(field(body, 'metadata')) });
}

/** What is authorized is on its way. Where the bank declines, it comes back at once. */
export async function transferFrom(work: Books & Pick<Work, 'environment'>, authorization: Authorization, { description, amount, metadata = null, recurring = null }: {
  readonly description: string; readonly amount: string; readonly metadata?: JsonObject | null; readonly recurring?: string | null;
}): Promise<Transfer> {
  const transfer: Transfer = {
    id: work.context.uuid(), authorized: authorization.id, account: authorization.account, given: authorization.given, amount, currency: authorization.currency, description, metadata,
    status: 'pending', failure: null, refunds: [], recurring, environment: work.environment, createdMs: work.now,
  };
  saveAuthorization(work, { ...authorization, transfer: transfer.id });
  await beginTransfer(work, transfer);
  const declined = work.context.declined;
  const now = declined === null ? transfer : await moveOn(work, transfer, 'failed', failureOf(declined.code === 'NSF' ? null : declined.code));
  // in the sandbox nobody is told by itself
  if (work.environment === 'production') announceTransfers(work, work.environment, null, now.status);
  return now;
}
