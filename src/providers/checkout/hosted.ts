import type { Chosen, HostedPage, Hosting, PageSubject, PayerChoice } from '../../model/hosted-page.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asString, field } from '../wire/json.ts';
import { minorOf, moneyOf } from './amount.ts';
import { approved, verdictOf } from './declines.ts';
import type { Verdict } from './declines.ts';
import { booksOf, text } from './operation.ts';
import type { Books } from './operation.ts';
import { paymentOn, savePage, statusOf } from './pages.ts';
import type { Page, PageKind } from './pages.ts';
import { decided, ended } from './payment.ts';
import type { Paid } from './payment.ts';
import { newInstrument } from './sources.ts';

type Found = { readonly kind: 'payment'; readonly it: Paid } | { readonly kind: PageKind; readonly it: Page };

const titles = { payment: 'Payment', hosted_payment: 'Hosted Payments Page', payment_link: 'Payment Link', payment_session: 'Payment Session' } as const;

/** 3-D Secure and what a bank or wallet shows for a payment, and the pages that payments are made on. */
export const hosted: Hosting = {
  async show(subject, context): Promise<HostedPage | null> {
    const found = await find(subject, booksOf(context));
    if (found === null) return null;
    const facts = found.kind === 'payment' ? found.it : found.it.facts;
    const state = found.kind === 'payment' ? found.it.status : statusOf(found.it, found.kind, context.now);
    const open = found.kind === 'payment' ? state === 'Pending' : state === 'Active' || state === 'Payment Pending';
    const choices = choicesOf(found);
    return {
      title: `${titles[found.kind]} ${found.it.id}`, amount: moneyOf(BigInt(facts.amount), facts.currency), payer: asString(field(facts.customer, 'email')) || null,
      lines: found.kind === 'payment' ? [] : found.it.lines.map(({ name, amount }) => ({ text: name, amount: amount === null ? null : moneyOf(minorOf(amount)!, facts.currency) })),
      choices: open ? choices : [], status: open ? null : `It is ${state}.`, back: open ? null : returnTo(...(found.kind === 'payment' ? afterPayment(found.it) : afterPage(found.kind, found.it))),
    };
  },

  async choose(subject, choice, context): Promise<Chosen | null> {
    const books = booksOf(context);
    const found = await find(subject, books);
    if (found === null) return null;
    const back = found.kind === 'payment' ? onPayment(books, found.it, choice) : onPage(books, found.kind, found.it, choice);
    return { ...books.ledger.finish(), ...back };
  },
};

async function find({ kind, id }: PageSubject, { ledger }: Books): Promise<Found | null> {
  if (kind !== 'payment' && kind !== 'hosted_payment' && kind !== 'payment_link' && kind !== 'payment_session') return null;
  const it = await ledger.find<Paid | Page>(kind, id);
  return it === null ? null : { kind, it } as Found;
}

function choicesOf(found: Found): readonly PayerChoice[] {
  if (found.kind === 'payment') return found.it.source['type'] === 'card' ? ['pay-authenticated', 'fail-authentication', 'decline', 'cancel'] : ['pay', 'decline', 'cancel'];
  return found.kind === 'hosted_payment' ? ['pay', 'pay-authenticated', 'decline', 'cancel'] : ['pay', 'pay-authenticated', 'decline'];
}

function verdictFor(choice: PayerChoice, code: string | null): Verdict {
  if (choice === 'decline') return verdictOf('20005');
  return code === null ? approved : verdictOf(code);
}

type Back = readonly [url: string | null, added: readonly (readonly [string, string])[]];

/** From the bank: with the number of the visit. https://www.checkout.com/docs/payments/authenticate-payments/3d-secure */
function afterPayment({ given, status, session }: Paid): Back {
  return [text(given, status === 'Declined' || status === 'Canceled' || status === 'Expired' ? 'failure_url' : 'success_url'), [['cko-session-id', session]]];
}

function onPayment(books: Books, paid: Paid, choice: PayerChoice): Pick<Chosen, 'goTo' | 'says'> {
  if (choice === 'cancel') return goBack(...afterPayment(ended(books, paid, 'Canceled')), 'Given up.', 'The payment names no failure_url to go to.');
  const card = paid.source['type'] === 'card';
  const after = choice === 'fail-authentication'
    ? decided(books, { ...paid, authenticated: 'N' }, verdictOf('20154'))
    : decided(books, { ...paid, authenticated: card ? 'Y' : null }, verdictFor(choice, paid.code));
  return after.status === 'Declined'
    ? goBack(...afterPayment(after), `${after.actions.at(-1)!.verdict.summary}.`, 'The payment names no failure_url to go to.')
    : goBack(...afterPayment(after), 'Paid.', 'The payment names no success_url to go to.');
}

/** Nobody comes back from one that has expired unpaid but to where they gave up. */
function afterPage(kind: PageKind, page: Page): Back {
  return page.payment === null ? [page.cancel, []] : [page.success, paidBy(kind, page, page.payment)];
}

function paidBy(kind: PageKind, { id }: Page, payment: string): Back[1] {
  return [...(kind === 'payment_session' ? [['cko-payment-session-id', id] as const] : []), ['cko-payment-id', payment]];
}

function onPage(books: Books, kind: PageKind, page: Page, choice: PayerChoice): Pick<Chosen, 'goTo' | 'says'> {
  if (choice === 'cancel') return goBack(page.cancel, [], 'Given up.', 'The page names no cancel_url to go to.');
  const instrument = newInstrument(books, { number: '4242424242424242', expiry_month: 12, expiry_year: 2030 });
  const paid = paymentOn(books, page, { source: instrument.view, instrument: { ...instrument, customer: asString(field(page.facts.customer, 'id')) } });
  const after = decided(books, choice === 'pay-authenticated' ? { ...paid, authenticated: 'Y' } : paid, verdictFor(choice, null));
  if (after.status === 'Declined') return goBack(page.failure, paidBy(kind, page, after.id), `${after.actions.at(-1)!.verdict.summary}. Try another card.`);
  return goBack(...afterPage(kind, savePage(books, kind, { ...page, payment: after.id })), 'Paid.', 'The page names no URL to go back to.');
}
