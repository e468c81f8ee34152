import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { decimalText } from '../wire/decimal-money.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { parseXml } from '../wire/xml.ts';
import { disputeBecame, disputed } from './disputes.ts';
import { response } from './responses.ts';
import { givenBackAgain } from './settling.ts';
import { awaitsBank, became, saveTransaction, showTransaction, standing } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { told } from './webhook.ts';
import { day } from './xml-reply.ts';

export const laterEvents = ['transaction_settled', 'transaction_settlement_declined', 'transaction_disbursed', 'refund_failed', 'dispute_opened', 'dispute_under_review', 'dispute_won', 'dispute_lost', 'dispute_accepted', 'dispute_expired'] as const;

type Books = Parameters<typeof disputed>[0];

/** It happens to the transaction that the call's answer shows. `detail` is the code of the settlement's answer. */
export async function later({ name, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const ledger = openLedger(context);
  const books: Books = { ledger, context };
  const id = shownIn(reply);
  const found = id === null ? null : await ledger.find<Transaction>('transaction', id);
  if (found === null) return ledger.finish();
  const transaction = standing(found, context.now);
  if (name === 'dispute_opened') await disputed(books, transaction.id);
  else if (name.startsWith('dispute_')) await disputeBecame(books, transaction, name.slice('dispute_'.length) as Parameters<typeof disputeBecame>[2]);
  else await happened(books, transaction, name, detail);
  return ledger.finish();
}

async function happened(books: Books, transaction: Transaction, name: string, detail: string | null): Promise<void> {
  const { now } = books.context;
  const waits = awaitsBank(transaction);
  const tell = (after: Transaction, more: object = {}): void => books.ledger.tell(told(name, after.id, { transaction: { ...showTransaction(after), ...more } }, now));
  if (name === 'transaction_settled' && waits) {
    const settled = became(transaction, 'settled', now);
    saveTransaction(books, settled);
    tell(settled);
  } else if (name === 'transaction_settlement_declined' && waits && transaction.type === 'sale') {
    const declined = became(transaction, 'settlement_declined', now, { settlement: response(/^[0-9]{4}$/.test(detail ?? '') ? detail! : '4001') });
    saveTransaction(books, declined);
    tell(declined);
  } else if (name === 'transaction_disbursed' && transaction.status === 'settled') {
    tell(transaction, { disbursement_details: { disbursement_date: day(now), settlement_amount: decimalText(transaction.amount), settlement_currency_iso_code: transaction.amount.currency, settlement_currency_exchange_rate: '1', funds_held: false, success: true } });
  } else if (name === 'refund_failed' && transaction.refundOf !== null && ['submitted_for_settlement', 'settling', 'settled'].includes(transaction.status)) {
    const failed = became(transaction, 'processor_declined', now, { response: response('2038') });
    saveTransaction(books, failed);
    await givenBackAgain(books, failed);
    tell(failed);
  }
}

/** The id of the transaction in an answer, of REST or of GraphQL. */
function shownIn({ status, body }: HttpResponse): string | null {
  if (status >= 300 || body.length === 0) return null;
  const xml = parseXml(body);
  if (xml.kind === 'xml') return xml.root.name === 'transaction' ? xml.root.children.find(({ name }) => name === 'id')?.text ?? null : null;
  const json = parseJson(body);
  return json.kind === 'json' ? legacyId(json.value) : null;
}

/** The first `legacyId`, or an id that says it is a transaction's, anywhere below `data`. */
function legacyId(value: JsonValue): string | null {
  const own = asObject(value);
  const legacy = asString(field(own, 'legacyId')) ?? /^transaction_(.+)$/.exec(Buffer.from(asString(field(own, 'id')) ?? '', 'base64').toString('latin1'))?.[1] ?? null;
  if (legacy !== null) return legacy;
  for (const each of Object.values(own ?? {})) {
    const found = legacyId(each);
    if (found !== null) return found;
  }
  return null;
}
