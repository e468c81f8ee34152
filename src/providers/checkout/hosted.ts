import type { Chosen, HostedPage, Hosting, PageSubject, PayerChoice } from '../../model/hosted-page.ts';
import { asString, field } from '../wire/json.ts';
import { returnTo } from '../wire/return-to.ts';
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
      choices: open ? choices : [], status: open ? null : `It is ${state}.`,
    };
  },

  async choose(subject, choice, context): Promise<Chosen | null> {
    const books = booksOf(context);
    const found = await find(subject, books);
    if (found === null) return null;
    const { goTo, says } = found.kind === 'payment' ? onPayment(books, found.it, choice) : onPage(books, found.kind, found.it, choice);
    return { ...books.ledger.finish(), goTo, says: goTo === null ? says : null };
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

/** From the bank: with the number of the visit. https://www.checkout.com/docs/payments/authenticate-payments/3d-secure */
function onPayment(books: Books, paid: Paid, choice: PayerChoice): Pick<Chosen, 'goTo' | 'says'> {
  const by: readonly (readonly [string, string])[] = [['cko-session-id', paid.session]];
  const [success, failure] = [text(paid.given, 'success_url'), text(paid.given, 'failure_url')];
  if (choice === 'cancel') {
    ended(books, paid, 'Canceled');
    return { goTo: returnTo(failure, by), says: 'Given up. The payment names no failure_url to go to.' };
  }
  const card = paid.source['type'] === 'card';
  const after = choice === 'fail-authentication'
    ? decided(books, { ...paid, authenticated: 'N' }, verdictOf('20154'))
    : decided(books, { ...paid, authenticated: card ? 'Y' : null }, verdictFor(choice, paid.code));
  return after.status === 'Declined'
    ? { goTo: returnTo(failure, by), says: `${after.actions.at(-1)!.verdict.summary}. The payment names no failure_url to go to.` }
    : { goTo: returnTo(success, by), says: 'Paid. The payment names no success_url to go to.' };
}

function onPage(books: Books, kind: PageKind, page: Page, choice: PayerChoice): Pick<Chosen, 'goTo' | 'says'> {
  if (choice === 'cancel') return { goTo: returnTo(page.cancel, []), says: 'Given up. The page names no cancel_url to go to.' };
  const instrument = newInstrument(books, { number: '4242424242424242', expiry_month: 12, expiry_year: 2030 });
  const paid = paymentOn(books, page, { source: instrument.view, instrument: { ...instrument, customer: asString(field(page.facts.customer, 'id')) } });
  const after = decided(books, choice === 'pay-authenticated' ? { ...paid, authenticated: 'Y' } : paid, verdictFor(choice, null));
  const by: readonly (readonly [string, string])[] = [...(kind === 'payment_session' ? [['cko-payment-session-id', page.id] as const] : []), ['cko-payment-id', after.id]];
  if (after.status === 'Declined') return { goTo: returnTo(page.failure, by), says: `${after.actions.at(-1)!.verdict.summary}. Try another card.` };
  savePage(books, kind, { ...page, payment: after.id });
  return { goTo: returnTo(page.success, by), says: 'Paid. The page names no URL to go back to.' };
}
