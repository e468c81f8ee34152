import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, field, parseJson } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { idOf } from './operation.ts';
import { moveOn, next } from './transfer.ts';
import type { Status, Transfer } from './transfer.ts';

/** States that a transfer comes to, each told as transfers#state-change. */
export const laterEvents = ['processing', 'funds_converted', 'outgoing_payment_sent', 'bounced_back', 'funds_refunded', 'cancelled', 'charged_back'] as const;

/** It happens to the transfer that the call's answer shows, or whose payment it was; to each of a batch group. */
export async function later({ name }: LaterEvent, { request, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = reply.status >= 300 ? null : parseJson(reply.body);
  const answer = json?.kind === 'json' ? asObject(json.value) : null;
  const funded = /^\/v3\/profiles\/[0-9]{1,18}\/transfers\/([0-9]{1,18})\/payments$/.exec(request.path)?.[1];
  const group = /\/batch-(?:groups|payments)\/([0-9a-f-]{36})/.exec(request.path)?.[1];
  const ledger = openLedger(context);
  const books = { ledger, context, now: context.now };
  const shown = asArray(field(answer, 'transferIds'))?.flatMap((id) => idOf(id) ?? []) ?? [idOf(field(answer, 'id')) ?? funded ?? ''];
  const ids = group === undefined || request.path.endsWith('/transfers') ? shown : (await context.list('transfer', { where: { batch: group }, limit: 1_000 })).items.map(({ id }) => id).toReversed();
  for (const id of ids) {
    const transfer = await ledger.find<Transfer>('transfer', id);
    const to = name as Status;
    if (transfer !== null && transfer.status !== to && (next[transfer.status] ?? []).includes(to)) await moveOn(books, transfer, to);
  }
  return ledger.finish();
}
