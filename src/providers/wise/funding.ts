import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { changed, standardBalance } from './balance.ts';
import { invalid, notFound } from './errors.ts';
import { newNumber, operation } from './operation.ts';
import type { Work } from './operation.ts';
import { moveOn, transferOf } from './transfer.ts';
import type { Transfer } from './transfer.ts';

/** Why Wise does not take the money. https://docs.wise.com/api-reference/transfer/transferfund */
export const declines = ['balance.payment-option-unavailable', 'transfer.insufficient_funds'] as const;

/** This is where money goes out. */
export const fundingRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v3\/profiles\/([0-9]{1,18})\/transfers\/([0-9]{1,18})\/payments$/, operation: 'transfers.fund',
    effect: (body, { ids }) => ({ movesMoney: true, method: asString(field(body, 'type')), object: ids[1]! }),
    run: async (work) => {
      requireBalanceType(work.body);
      const [profile, id] = work.call.ids;
      const transfer = await transferOf(work, id!);
      if (transfer.profile !== profile) throw notFound('Transfer');
      const refused = await refusal(work, [transfer]);
      if (refused !== null) return { status: 201, body: outcome(refused) };
      await fund(work, transfer);
      return { status: 201, body: { ...outcome(null), balanceTransactionId: Number(newNumber(work)) } };
    },
  }),
];

export function requireBalanceType(body: JsonObject): void {
  if (field(body, 'type') !== 'BALANCE') throw invalid('type', 'type must be BALANCE');
}

export function outcome(errorCode: string | null): JsonObject {
  return { type: 'BALANCE', status: errorCode === null ? 'COMPLETED' : 'REJECTED', errorCode };
}

/** All of them or none: one balance pays for all of a profile and a currency together. */
export async function refusal(work: Work, transfers: readonly Transfer[]): Promise<string | null> {
  if (work.context.declined !== null) return work.context.declined.code ?? declines[0];
  if (transfers.some(({ status }) => status !== 'incoming_payment_waiting')) return declines[0];
  for (const of of Map.groupBy(transfers, ({ profile, source }) => `${profile} ${source}`).values()) {
    const balance = await standardBalance(work, of[0]!.profile, of[0]!.source);
    if (balance === null) return declines[0];
    if (of.reduce((sum, { paid }) => sum + BigInt(paid), 0n) > BigInt(balance.minor)) return declines[1];
  }
  return null;
}

export async function fund(work: Work, transfer: Transfer): Promise<void> {
  const balance = (await standardBalance(work, transfer.profile, transfer.source))!;
  changed(work, balance, -BigInt(transfer.paid));
  await moveOn(work, { ...transfer, paidFrom: balance.id }, 'processing');
}
