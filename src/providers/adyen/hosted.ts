import type { Chosen, HostedPage, Hosting, PageSubject, PayerChoice } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { moneyOf, shown } from './amount.ts';
import type { Session } from './checkout.ts';
import { isExpired, type Link } from './links.ts';
import type { Books } from './operation.ts';
import { authorised, named, newPayment, shopperCancelled, unauthenticated } from './payment.ts';
import type { Payment, Refusal } from './payment.ts';

type Found =
  | { readonly kind: 'session'; readonly it: Session }
  | { readonly kind: 'link'; readonly it: Link }
  /** one whose shopper was sent away: to another method's page, or for 3-D Secure */
  | { readonly kind: 'payment'; readonly it: Payment };

const byCard: readonly PayerChoice[] = ['pay', 'decline', 'pay-authenticated', 'fail-authentication', 'cancel'];
const titles = { session: 'Session', link: 'Payment link', payment: 'Payment' } as const;
const statuses: Readonly<Record<string, string>> = { authorised: 'was authorised', refused: 'was refused', cancelled: 'was cancelled', completed: 'was paid', canceled: 'was cancelled by the shopper', expired: 'has expired' };

/** Adyen's hosted checkout (a session of mode 'hosted'), payment links, and where `action` sends a shopper. */
export const hosted: Hosting = {
  async show(subject, context): Promise<HostedPage | null> {
    const found = await find(subject, context);
    if (found === null) return null;
    const { kind, it } = found;
    const status = kind === 'link' && it.status === 'active' && isExpired(it, context.now) ? 'expired' : it.status;
    const open = status === 'active' || status === 'pending';
    return {
      title: `${titles[kind]} ${kind === 'payment' ? it.psp : it.id}`, amount: moneyOf(kind === 'payment' ? shown(it) : it.value), payer: (kind === 'link' ? asString(field(it.given, 'shopperEmail')) : it.payer) ?? null,
      lines: kind === 'link' ? linesOf(it) : [{ text: it.reference, amount: null }],
      choices: !open ? [] : kind !== 'payment' ? byCard.filter((choice) => kind === 'session' || choice !== 'cancel') : it.secure === true ? ['pay-authenticated', 'fail-authentication'] : ['pay', 'decline', 'cancel'],
      status: open ? null : `This ${titles[kind].toLowerCase()} ${statuses[status] ?? `is ${status}`}.`,
      // the proof of a result is made once, with the choice
      back: returnTo((kind === 'link' ? asString(field(it.given, 'returnUrl')) : it.back) ?? null, kind === 'session' ? [['sessionId', it.id]] : []),
    };
  },

  async choose(subject, choice, context): Promise<Chosen | null> {
    const found = await find(subject, context);
    if (found === null) return null;
    const books: Books = { ledger: openLedger(context), now: context.now, live: context.liveness === 'live', id: (length = 16) => context.id('', { length, alphabet: 'base62' }).toUpperCase() };
    // known to the ledger, so that it is written over the version that was seen
    await books.ledger.find(subject.kind, subject.id);
    const outcome = refusalOf(choice);
    const back = found.kind === 'payment' ? returned(books, found.it, outcome) : found.kind === 'session' ? inSession(books, found.it, choice, outcome) : byLink(books, found.it, outcome);
    return { ...books.ledger.finish(), ...back };
  },
};

async function find({ kind, id }: PageSubject, { recall }: Pick<SimulationContext, 'recall'>): Promise<Found | null> {
  if (kind !== 'session' && kind !== 'link' && kind !== 'payment') return null;
  const it = (await recall(kind, id))?.value;
  return it === undefined || it === null ? null : { kind, it } as Found;
}

function refusalOf(choice: PayerChoice): Refusal | null {
  switch (choice) {
    case 'pay': case 'pay-authenticated': return null;
    case 'decline': return named('NOT_ENOUGH_BALANCE');
    case 'fail-authentication': return unauthenticated;
    case 'cancel': return shopperCancelled;
  }
}

type Back = Pick<Chosen, 'goTo' | 'says'>;

/** With a redirectResult, by which /payments/details says what came of it. */
function returned(books: Books, payment: Payment, refusal: Refusal | null): Back {
  authorised(books, payment, refusal);
  const ticket = books.id(40);
  books.ledger.save('ticket', ticket, { psp: payment.psp });
  return goBack(payment.back ?? null, [['redirectResult', ticket]], refusal === null ? 'The payment was authorised.' : `The payment was refused: ${refusal.reason}.`);
}

/** A card that is refused leaves the shopper on the page, to try another. */
function inSession(books: Books, session: Session, choice: PayerChoice, refusal: Refusal | null): Back {
  const over = choice === 'cancel' || refusal === null;
  if (choice !== 'cancel') attempt(books, session, refusal);
  books.ledger.save('session', session.id, { ...session, status: !over ? 'active' : choice === 'cancel' ? 'canceled' : 'completed' } satisfies Session);
  if (!over) return { goTo: null, says: `The payment was refused: ${refusal.reason}. The shopper may try another card.` };
  return goBack(session.back ?? null, [['sessionId', session.id], ['sessionResult', books.id(40)]], 'The session is over.');
}

function byLink(books: Books, link: Link, refusal: Refusal | null): Back {
  attempt(books, link, refusal);
  if (refusal !== null) return { goTo: null, says: `The payment was refused: ${refusal.reason}. The shopper may try another card.` };
  if (!link.reusable) books.ledger.save('link', link.id, { ...link, status: 'completed' } satisfies Link);
  return goBack(asString(field(link.given, 'returnUrl')), [], 'The link was paid.', 'It names no returnUrl.');
}

function attempt(books: Books, { merchantAccount, reference, value }: Session | Link, refusal: Refusal | null): void {
  authorised(books, newPayment(books, { merchantAccount, reference, brand: 'visa', status: 'pending', amount: moneyOf(value)! }), refusal);
}

function linesOf({ given, reference, value }: Link): HostedPage['lines'] {
  const money = (item: JsonObject | null) => moneyOf({ value: field(item, 'amountIncludingTax') ?? null, currency: field(value, 'currency') ?? null });
  const items = (asArray(field(given, 'lineItems')) ?? []).map(asObject).flatMap((item) => {
    const text = asString(field(item, 'description'));
    const quantity = field(item, 'quantity');
    return text === null ? [] : [{ text: typeof quantity === 'number' ? `${quantity} x ${text}` : text, amount: quantity === 1 ? money(item) : null }];
  });
  return items.length > 0 ? items : [{ text: asString(field(given, 'description')) ?? reference, amount: null }];
}
