import type { JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { accountOf } from './account.ts';
import { invalid, WiseFailure } from './errors.ts';
import { idOf, operation, some } from './operation.ts';
import type { Reached, Work } from './operation.ts';
import { convertedBy, isExpired, quoteOf } from './quote.ts';
import { moveOn, next, saveTransfer, showTransfer, tell, transferOf } from './transfer.ts';
import type { Transfer } from './transfer.ts';
import { listTransfers } from './transfer-list.ts';

const one = '/v1/transfers/([0-9]{1,18})';

/** Nothing moves until it is funded; whom it is for is the recipient's id alone. */
export function reached(body: JsonObject): Reached {
  const [id, reference] = [asString(field(body, 'customerTransactionId')), asString(field(asObject(field(body, 'details')), 'reference'))];
  return {
    object: idOf(field(body, 'targetAccount')), description: reference,
    keys: [...(id ? [{ name: 'customerTransactionId', value: id }] : []), ...(reference ? [{ name: 'reference', value: reference }] : [])],
  };
}

export const transferRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/v1\/transfers$/, operation: 'transfers.create', effect: reached, run: async (work) => ({ status: 200, body: showTransfer(await createTransfer(work, null)) }) }),
  operation({ method: 'GET', path: /^\/v1\/transfers$/, operation: 'transfers.list', run: listTransfers }),
  operation({ method: 'GET', path: new RegExp(`^${one}$`), operation: 'transfers.get', run: async (work) => ({ status: 200, body: showTransfer(await transferOf(work, work.call.ids[0]!)) }) }),
  operation({
    method: 'PUT', path: new RegExp(`^${one}/cancel$`), operation: 'transfers.cancel', effect: (_body, { ids }) => ({ object: ids[0]! }),
    run: async (work) => {
      const transfer = await transferOf(work, work.call.ids[0]!);
      if (!(next[transfer.status] ?? []).includes('cancelled')) throw new WiseFailure(403, 'ERR_TRANSFER_NOT_CANCELLABLE', `Transfer ${transfer.id} is ${transfer.status} and cannot be cancelled`);
      return { status: 200, body: showTransfer(await moveOn(work, transfer, 'cancelled')) };
    },
  }),
  operation({
    method: 'POST', path: /^\/v1\/transfer-requirements$/, operation: 'transfers.requirements',
    run: async () => ({ status: 200, body: [{ type: 'transfer', usageInfo: null, fields: [{ name: 'Transfer reference', group: [{ key: 'reference', name: 'Transfer reference', type: 'text', required: false, refreshRequirementsOnChange: false, displayFormat: null, example: null, minLength: null, maxLength: 10, validationRegexp: null, validationAsync: null, valuesAllowed: null }] }] }] }),
  }),
  operation({ method: 'GET', path: /^\/v1\/delivery-estimates\/([0-9]{1,18})$/, operation: 'transfers.delivery-estimate', run: async (work) => ({ status: 200, body: { estimatedDeliveryDate: new Date((await transferOf(work, work.call.ids[0]!)).createdMs + 24 * 3600_000).toISOString() } }) }),
];

/** One transfer for one customerTransactionId, whatever else the second call says. */
export async function createTransfer(work: Work, batch: string | null): Promise<Transfer> {
  const { body } = work;
  const key = asString(field(body, 'customerTransactionId')) ?? '';
  if (!/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(key)) throw invalid('customerTransactionId', 'customerTransactionId must be a UUID');
  const before = await work.ledger.find<{ readonly transfer: string }>('transaction', key.toLowerCase());
  if (before !== null) return transferOf(work, before.transfer);
  const [quoteId, accountId] = [asString(field(body, 'quoteUuid')), idOf(field(body, 'targetAccount'))];
  if (quoteId === null) throw invalid('quoteUuid', 'quoteUuid is required');
  if (accountId === null) throw invalid('targetAccount', 'targetAccount is required');
  const [quote, account] = [await quoteOf(work, quoteId), await accountOf(work, accountId)];
  if (isExpired(quote, work.now)) throw invalid('quoteUuid', 'The quote has expired');
  if (!account.active || (account.currency !== null && account.currency !== quote.target)) throw invalid('targetAccount', 'The recipient cannot receive the target currency of the quote');
  const { source, target } = convertedBy(quote);
  const transfer: Transfer = {
    // an id of nine digits, the first no zero
    id: work.context.id('1', { length: 8, alphabet: 'digits' }), profile: quote.profile ?? account.profile ?? '1', account: account.id, quote: quote.id, source: quote.source, target: quote.target, paid: source.minor, arrives: target.minor,
    details: some(asObject(field(body, 'details')), ['reference', 'transferPurpose', 'transferPurposeSubTransferPurpose', 'sourceOfFunds']), customerTransactionId: key, status: 'incoming_payment_waiting', paidFrom: null, batch, createdMs: work.now,
  };
  saveTransfer(work, transfer);
  work.ledger.save('transaction', key.toLowerCase(), { transfer: transfer.id });
  await tell(work, transfer, null);
  return transfer;
}
