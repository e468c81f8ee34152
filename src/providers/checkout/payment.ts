import type { JsonObject } from '../wire/json.ts';
import { approved } from './declines.ts';
import type { Verdict } from './declines.ts';
import { href, iso } from './operation.ts';
import type { Books } from './operation.ts';
import { saveInstrument } from './sources.ts';
import type { Instrument } from './sources.ts';
import { announce } from './webhook.ts';

export type Status = 'Pending' | 'Authorized' | 'Card Verified' | 'Captured' | 'Partially Captured' | 'Refunded' | 'Partially Refunded' | 'Voided' | 'Declined' | 'Canceled' | 'Expired';

export interface Action {
  readonly id: string;
  readonly type: 'Authorization' | 'Card Verification' | 'Capture' | 'Refund' | 'Void';
  /** whole minor units */
  readonly amount: string;
  readonly verdict: Verdict;
  readonly reference: string | null;
  readonly atMs: number;
}

export interface Paid {
  readonly id: string;
  /** Checkout.com's own number of the payer's visit, which may stand for the payment's */
  readonly session: string;
  readonly base: string;
  readonly status: Status;
  /** what comes back as the caller said it */
  readonly given: JsonObject;
  readonly amount: string;
  readonly currency: string;
  readonly source: JsonObject;
  readonly customer: JsonObject | null;
  /** kept once the payment is approved */
  readonly instrument: Instrument | null;
  /** what the bank will say, where that is settled already; null: approved */
  readonly code: string | null;
  /** captured as soon as it is authorized */
  readonly captures: boolean;
  readonly authorized: string;
  readonly captured: string;
  readonly refunded: string;
  readonly voided: string;
  /** no more is captured */
  readonly final: boolean;
  readonly authenticated: 'Y' | 'N' | null;
  /** newest last */
  readonly actions: readonly Action[];
  readonly requestedMs: number;
}

/** What a payment begins as. */
export function pending(books: Books, facts: Pick<Paid, 'base' | 'given' | 'amount' | 'currency' | 'source' | 'customer' | 'instrument' | 'code' | 'captures'>): Paid {
  return { ...facts, id: books.id('pay_'), session: books.id('sid_'), status: 'Pending', authorized: '0', captured: '0', refunded: '0', voided: '0', final: false, authenticated: null, actions: [], requestedMs: books.now };
}

export function savePayment({ ledger }: Pick<Books, 'ledger'>, paid: Paid): Paid {
  const reference = paid.given['reference'];
  ledger.save('payment', paid.id, paid, { session: paid.session, ...(typeof reference === 'string' ? { reference } : {}) });
  return paid;
}

function balancesOf(paid: Paid): JsonObject {
  const [held, taken, returned, dropped] = [paid.authorized, paid.captured, paid.refunded, paid.voided].map(BigInt) as [bigint, bigint, bigint, bigint];
  const left = paid.final ? 0n : held - taken - dropped;
  return {
    total_authorized: Number(held), total_voided: Number(dropped), available_to_void: taken > 0n ? 0 : Number(left), total_captured: Number(taken), available_to_capture: Number(left),
    total_refunded: Number(returned), available_to_refund: Number(taken - returned),
  };
}

function linksOf({ base, id, status }: Paid): JsonObject {
  const self = `${base}/payments/${id}`;
  const more: JsonObject = status === 'Authorized' ? { capture: href(`${self}/captures`), void: href(`${self}/voids`) } : ['Captured', 'Partially Captured', 'Partially Refunded'].includes(status) ? { refund: href(`${self}/refunds`) } : {};
  return { self: href(self), actions: href(`${self}/actions`), ...more };
}

const isApproved = ({ status }: Paid): boolean => !['Pending', 'Declined', 'Canceled', 'Expired'].includes(status);

/** GET /payments/{id} */
export function showPayment(paid: Paid): JsonObject {
  return {
    id: paid.id, requested_on: iso(paid.requestedMs), source: paid.source, amount: Number(paid.amount), currency: paid.currency, payment_type: 'Regular', ...paid.given, approved: isApproved(paid), status: paid.status,
    ...(paid.authenticated === null ? {} : { '3ds': { downgraded: false, enrolled: 'Y', version: '2.2.0', challenged: true, authentication_response: paid.authenticated } }),
    balances: balancesOf(paid), risk: { flagged: false }, ...(paid.customer === null ? {} : { customer: paid.customer }), ...(isApproved(paid) ? { eci: '05', scheme_id: '638284745624527' } : {}), _links: linksOf(paid),
  };
}

/** POST /payments: as it was answered, before it was captured */
export function showRequested(paid: Paid): JsonObject {
  const [action] = paid.actions;
  const authorized: Paid = paid.captures && isApproved(paid) && paid.status !== 'Card Verified' ? { ...paid, status: 'Authorized' } : paid;
  const { balances: _, requested_on: __, payment_type: ___, metadata: ____, ...view } = showPayment(authorized);
  return { ...view, action_id: action!.id, response_code: action!.verdict.code, response_summary: action!.verdict.summary, ...(isApproved(paid) ? { auth_code: '643381' } : {}), processed_on: iso(action!.atMs) };
}

/** A payment that waits for its payer. */
export function showPending(paid: Paid, redirect: string): JsonObject {
  const reference = paid.given['reference'];
  return {
    id: paid.id, status: 'Pending', ...(reference === undefined ? {} : { reference }), ...(paid.customer === null ? {} : { customer: paid.customer }), ...(paid.source['type'] === 'card' ? { '3ds': { downgraded: false, enrolled: 'Y' } } : {}),
    _links: { self: href(`${paid.base}/payments/${paid.id}`), redirect: href(redirect) },
  };
}

export function showActions(paid: Paid): readonly JsonObject[] {
  return paid.actions.toReversed().map(({ id, type, amount, verdict, reference, atMs }) => ({
    id, type, processed_on: iso(atMs), amount: Number(amount), approved: verdict.code === '10000', ...(type === 'Authorization' && verdict.code === '10000' ? { auth_code: '643381' } : {}), response_code: verdict.code, response_summary: verdict.summary,
    ...(reference === null ? {} : { reference }), metadata: paid.given['metadata'] ?? {},
  }));
}

export function tell(books: Books, type: string, paid: Paid, action: Action | null, amount = action?.amount ?? paid.amount): void {
  announce(books, {
    type, base: paid.base, subject: paid.id,
    data: {
      id: paid.id, ...(action === null ? {} : { action_id: action.id, response_code: action.verdict.code, response_summary: action.verdict.summary, processed_on: iso(action.atMs) }), amount: Number(amount), currency: paid.currency, payment_type: 'Regular',
      ...paid.given, ...(action === null || action.reference === null ? {} : { reference: action.reference }), source: paid.source, ...(paid.customer === null ? {} : { customer: paid.customer }), balances: balancesOf(paid), risk: { flagged: false },
    },
  });
}

export function acted(books: Books, paid: Paid, made: Omit<Action, 'id' | 'atMs'>, change: Partial<Paid>): { readonly paid: Paid; readonly action: Action } {
  const action: Action = { ...made, id: books.id('act_'), atMs: books.now };
  return { action, paid: savePayment(books, { ...paid, ...change, actions: [...paid.actions, action] }) };
}

/** The bank has answered. What it approved and is to be captured is captured. */
export function decided(books: Books, before: Paid, verdict: Verdict): Paid {
  const yes = verdict.code === approved.code;
  const verified = BigInt(before.amount) === 0n;
  const { paid, action } = acted(books, before, { type: verified ? 'Card Verification' : 'Authorization', amount: before.amount, verdict, reference: null }, yes ? { status: verified ? 'Card Verified' : 'Authorized', authorized: before.amount } : { status: 'Declined' });
  if (!yes) {
    tell(books, verified ? 'card_verification_declined' : 'payment_declined', paid, action);
    return paid;
  }
  if (before.instrument !== null) saveInstrument(books, before.instrument);
  tell(books, verified ? 'card_verified' : 'payment_approved', paid, action);
  return before.captures && !verified ? captured(books, paid, { amount: BigInt(paid.amount), final: true, reference: null }).paid : paid;
}

export function captured(books: Books, before: Paid, { amount, final, reference }: { readonly amount: bigint; readonly final: boolean; readonly reference: string | null }): { readonly paid: Paid; readonly action: Action } {
  const sum = BigInt(before.captured) + amount;
  const done = acted(books, before, { type: 'Capture', amount: String(amount), verdict: approved, reference }, { captured: String(sum), final: before.final || final, status: sum >= BigInt(before.authorized) ? 'Captured' : 'Partially Captured' });
  tell(books, 'payment_captured', done.paid, done.action);
  return done;
}

/** It ends before a bank was asked. */
export function ended(books: Books, before: Paid, status: 'Canceled' | 'Expired'): Paid {
  const paid = savePayment(books, { ...before, status });
  tell(books, `payment_${status.toLowerCase()}`, paid, null);
  return paid;
}
