import { asString, field } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { requireMoney, shown } from './amount.ts';
import { at } from './checkout.ts';
import { invalid } from './errors.ts';
import { given, operation } from './operation.ts';
import type { Answer, Books, Work } from './operation.ts';
import { keep, paymentOf, requireMerchant } from './payment.ts';
import type { Payment } from './payment.ts';
import { announce } from './webhook.ts';

/** After so long a modification is done, or found impossible: only a webhook tells which. */
const doneMs = 1_000;

const id = '/payments/([A-Za-z0-9]{1,64})';

export const modificationRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: at(`${id}/captures`), operation: 'payments.captures', effect: { movesMoney: true }, run: (work) => modified(work, 'capture') }),
  operation({ method: 'POST', path: at(`${id}/refunds`), operation: 'payments.refunds', effect: { movesMoney: true }, run: (work) => modified(work, 'refund') }),
  operation({ method: 'POST', path: at(`${id}/cancels`), operation: 'payments.cancels', effect: { movesMoney: false }, run: (work) => modified(work, 'cancel') }),
  operation({ method: 'POST', path: at(`${id}/reversals`), operation: 'payments.reversals', effect: { movesMoney: true }, run: (work) => modified(work, 'reversal') }),
];

type Kind = 'capture' | 'refund' | 'cancel' | 'reversal';

const codes = { capture: 'CAPTURE', refund: 'REFUND', cancel: 'CANCELLATION', reversal: 'CANCEL_OR_REFUND' } as const;

async function modified(work: Work, kind: Kind): Promise<Answer> {
  const merchantAccount = requireMerchant(work.body);
  const amount = kind === 'capture' || kind === 'refund' ? requireMoney(field(work.body, 'amount')) : null;
  const payment = await paymentOf(work, work.call.ids[0]!);
  if (amount !== null && amount.currency !== payment.currency) throw invalid('138', 'Unsupported currency specified');
  const psp = work.id();
  const reference = asString(field(work.body, 'reference'));
  const minor = amount?.minor ?? payment.minor;
  const changed = change(payment, kind, BigInt(minor));
  if ('why' in changed) announce(work, payment, { code: codes[kind], success: false, psp, reference, minor, reason: changed.why, atMs: work.now + doneMs });
  else {
    keep(work, changed);
    announce(work, changed, { code: codes[kind], success: true, psp, reference, minor, atMs: work.now + doneMs });
  }
  return { status: 201, body: { merchantAccount, paymentPspReference: payment.psp, pspReference: psp, ...given(work.body, ['reference']), status: 'received', ...(amount === null ? {} : { amount: shown(amount) }) } };
}

/** A payment that was never captured by a call is one of an account that captures by itself: it can be given back. */
function change(payment: Payment, kind: Kind, minor: bigint): Payment | { readonly why: string } {
  if (payment.status !== 'authorised') return { why: `Transaction is ${payment.status}` };
  const [whole, captured, refunded] = [BigInt(payment.minor), BigInt(payment.captured), BigInt(payment.refunded)];
  switch (kind) {
    case 'capture': return captured + minor > whole ? { why: 'Insufficient balance on payment' } : { ...payment, captured: String(captured + minor) };
    case 'refund': return refunded + minor > (captured > 0n ? captured : whole) ? { why: 'Insufficient balance on payment' } : { ...payment, refunded: String(refunded + minor) };
    case 'cancel': return captured + refunded > 0n ? { why: 'Transaction already captured' } : { ...payment, status: 'cancelled' };
    case 'reversal': return refunded > 0n ? { why: 'Insufficient balance on payment' } : captured > 0n ? { ...payment, refunded: payment.captured } : { ...payment, status: 'cancelled' };
  }
}

/** What was said to be done fails after all. */
export function failed(books: Books, payment: Payment, facts: { readonly kind: 'capture' | 'refund'; readonly psp: string; readonly reference: string | null; readonly minor: bigint; readonly reason: string }): void {
  const part = facts.kind === 'capture' ? 'captured' : 'refunded';
  if (BigInt(payment[part]) < facts.minor) return;
  const after: Payment = { ...payment, [part]: String(BigInt(payment[part]) - facts.minor) };
  keep(books, after);
  announce(books, after, { code: facts.kind === 'capture' ? 'CAPTURE_FAILED' : 'REFUND_FAILED', success: true, psp: facts.psp, reference: facts.reference, minor: String(facts.minor), reason: facts.reason, atMs: books.now + doneMs });
}
