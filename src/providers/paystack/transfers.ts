import { everything } from '../wire/everything.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import type { Addressee } from '../../model/recipient.ts';
import { sumOf } from '../wire/decimal-money.ts';
import { unreadable } from '../wire/unread.ts';
import { currencyOf, minorOf, moneyIn, moneyOf, requireMoney } from './amount.ts';
import { invalid, notFound } from './errors.ts';
import { listed } from './list.ts';
import { iso, named, nothing, operation, text } from './operation.ts';
import type { Answer, Books, Work } from './operation.ts';
import { recipientOf } from './recipients.ts';
import { announce } from './webhook.ts';

export interface Transfer { readonly view: JsonObject & { readonly transfer_code: string; readonly reference: string; readonly status: string } }

const whom = (code: string | null): readonly Addressee[] => code === null ? [] : [{ address: code, kind: 'customer', role: 'recipient' }];

export const transferRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/transfer$/, operation: 'transfer.initiate',
    effect: (body) => ({ ...nothing, besides: whom(text(body, 'recipient')), amount: moneyIn(body), movesMoney: true, customer: text(body, 'recipient'), description: text(body, 'reason') }),
    run: async (work) => ({ message: 'Transfer has been queued', data: pending(await initiate(work, work.body)) }),
  }),
  operation({
    method: 'POST', path: /^\/transfer\/bulk$/, operation: 'transfer.bulk', run: bulk,
    effect: (body) => {
      const list = asArray(field(body, 'transfers'))?.map((each) => asObject(each)) ?? [];
      if (list.length === 0 || list.length > 100 || list.includes(null)) return unreadable('its transfers are no list of 1 to 100 objects');
      const currency = currencyOf(body);
      const amounts = list.map((each) => {
        const minor = minorOf(field(each, 'amount'));
        return minor === null || currency === null ? null : moneyOf(minor, currency);
      });
      return { ...nothing, besides: list.flatMap((each) => whom(text(each, 'recipient'))), amount: sumOf(amounts), movesMoney: true };
    },
  }),
  operation({ method: 'GET', path: /^\/transfer$/, operation: 'transfer.list', run: (work) => listed(work, { kind: 'transfer', message: 'Transfers retrieved', filters: { status: (view) => view['status'] } }) }),
  operation({
    method: 'GET', path: named('transfer/verify'), operation: 'transfer.verify',
    run: async (work) => {
      const { items } = await work.context.list('transfer', { where: { reference: work.call.ids[0]! }, limit: 1 });
      if (items[0] === undefined) throw notFound('Transfer', 'transfer_not_found');
      return { message: 'Transfer retrieved', data: (items[0].value as Transfer).view };
    },
  }),
  operation({
    method: 'GET', path: /^\/transfer\/(TRF_[A-Za-z0-9]{1,40})$/, operation: 'transfer.fetch',
    run: async (work) => {
      const found = await work.ledger.find<Transfer>('transfer', work.call.ids[0]!);
      if (found === null) throw notFound('Transfer', 'transfer_not_found');
      return { message: 'Transfer retrieved', data: found.view };
    },
  }),
  operation({
    method: 'GET', path: /^\/balance$/, operation: 'balance.check',
    run: async ({ context }) => {
      const sent = (await everything<Transfer>(context, 'transfer')).map(({ view }) => view).filter(({ status, currency }) => status === 'success' && currency === 'NGN');
      // as much as nobody comes to the end of by chance
      const left = sent.reduce((sum, { amount }) => sum - (minorOf(amount) ?? 0n), 100_000_000_000n);
      return { message: 'Balances retrieved', data: [{ currency: 'NGN', balance: Number(left) }] };
    },
  }),
  operation({
    method: 'GET', path: /^\/bank\/resolve$/, operation: 'bank.resolve',
    run: async ({ call: { query } }) => {
      const number = query.find(([name]) => name === 'account_number')?.[1] ?? '';
      if (!/^[0-9]{10}$/.test(number)) throw invalid('Could not resolve account name. Check parameters or try again.', 'invalid_bank_code');
      return { message: 'Account number resolved', data: { account_number: number, account_name: 'FOURTHWALL TEST ACCOUNT', bank_id: 9 } };
    },
  }),
];

async function initiate(work: Work, body: JsonObject): Promise<Transfer> {
  const { now, domain } = work;
  if (text(body, 'source') !== 'balance') throw invalid('Source is required: it is \'balance\'', 'missing_params');
  const { amount, currency } = requireMoney(body);
  const recipient = await recipientOf(work, text(body, 'recipient') ?? '');
  const reference = text(body, 'reference') ?? work.code('');
  if ((await work.context.list('transfer', { where: { reference }, limit: 1 })).items.length > 0) throw invalid('Please provide a unique reference. Reference already exists on a transfer', 'duplicate_transfer_reference');
  // nobody's bank declines a payout; a rule that declines makes it one that does not arrive, as Paystack tells it: queued, then failed
  const arrives = work.context.declined === null;
  const status = arrives ? 'success' : 'failed';
  const view = {
    id: work.number(), integration: 100_043, domain, amount: Number(amount), currency, reference, source: 'balance', source_details: null, reason: text(body, 'reason') ?? '', status, failures: null,
    transfer_code: work.code('TRF_'), titan_code: null, transferred_at: arrives ? iso(now) : null, request: work.number(), recipient: recipient.view, transfersessionid: [], transfertrials: [], createdAt: iso(now), updatedAt: iso(now),
  } satisfies JsonObject;
  work.ledger.save('transfer', view.transfer_code, { view }, { reference });
  announce(work, `transfer.${status}`, view, view.transfer_code);
  return { view };
}

/** As the call itself is answered: it is through when the webhook says so. */
function pending({ view }: Transfer): JsonObject {
  return { ...view, status: 'pending', transferred_at: null, recipient: (view['recipient'] as JsonObject)['id']! };
}

async function bulk(work: Work): Promise<Answer> {
  const given = (asArray(field(work.body, 'transfers')) ?? []).map((each) => asObject(each)!);
  const references = given.flatMap((each) => text(each, 'reference') ?? []);
  if (new Set(references).size !== references.length) throw invalid('Please provide a unique reference. Reference already exists on a transfer', 'duplicate_transfer_reference');
  const data: JsonObject[] = [];
  for (const each of given) {
    const { view } = await initiate(work, { ...each, source: text(work.body, 'source') ?? '', currency: currencyOf(work.body) ?? '' });
    data.push({ reference: view.reference, recipient: text(each, 'recipient'), amount: view['amount']!, transfer_code: view.transfer_code, currency: view['currency']!, status: 'received' });
  }
  return { message: `${data.length} transfers queued.`, data };
}

export async function transferBecame(books: Books, code: string, status: 'failed' | 'reversed'): Promise<void> {
  const found = await books.ledger.find<Transfer>('transfer', code);
  if (found === null || found.view.status !== 'success') return;
  const view = { ...found.view, status, updatedAt: iso(books.now) };
  books.ledger.save('transfer', code, { view }, { reference: view.reference });
  announce(books, `transfer.${status}`, view, code);
}
