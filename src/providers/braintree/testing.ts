import type { HttpResponse } from '../../model/exchange.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { invalid, notFound } from './errors.ts';
import { operation } from './operation.ts';
import type { Work } from './operation.ts';
import { livenessOf, under } from './place.ts';
import { response } from './responses.ts';
import { result } from './result.ts';
import { awaitsBank, became, saveTransaction, settlementByAmount, transactionOf } from './transaction.ts';
import type { Status } from './transaction.ts';

/** The sandbox's own way to have a transaction settled. At the live host there is none. */
const steps = { settle: 'settled', settlement_confirm: 'settlement_confirmed', settlement_pending: 'settlement_pending', settlement_decline: 'settlement_declined' } as const;

async function step(work: Work, name: keyof typeof steps): Promise<HttpResponse> {
  if (livenessOf(work.request) !== 'test') throw notFound();
  const found = await transactionOf(work, work.ids[0]!);
  if (!awaitsBank(found)) throw invalid('transaction', 'base', '91575', 'Cannot simulate settlement unless status is submitted_for_settlement, settlement_pending or settlement_confirmed.');
  const asked: Status = steps[name];
  const status = asked === 'settled' ? settlementByAmount(found) : asked;
  const now = became(found, status, work.context.now, { settlement: status === 'settlement_declined' ? response('4001') : status === 'settlement_pending' ? response('4002') : null });
  saveTransaction(work, now);
  return result(now, 200);
}

export const testingRoutes: readonly JsonRoute[] = (Object.keys(steps) as (keyof typeof steps)[]).map((name) =>
  operation({ method: 'PUT', path: under(`transactions/{id}/${name}`), operation: `testing.${name}`, root: 'transaction', optional: true, effect: (_body, ids) => ({ movesMoney: false, object: ids[0]! }), run: (work) => step(work, name) }));
