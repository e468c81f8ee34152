import type { Chosen, HostedPage, Hosting, PayerChoice } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { openBooks } from './books.ts';
import type { Books } from './books.ts';
import { priceOf } from './checkouts.ts';
import { sold } from './catalog.ts';
import { amountIn, moneyOf, partOf, textOf } from './objects.ts';
import type { Resource } from './objects.ts';
import { pay } from './order.ts';

/** Lemon Squeezy tells its payer that a card was declined, and nobody else: there is one code. */
export const declines = ['declined'] as const;

/** Why nothing can be paid here any more; null while it can. */
async function overOf({ ledger, now }: Books, { id, attributes }: Resource): Promise<string | null> {
  if (await ledger.find('paid', id) !== null) return 'This checkout was paid.';
  return Date.parse(textOf(attributes, 'expires_at') ?? '') <= now ? 'This checkout has expired.' : null;
}

/** Its payer has paid. Once: what Lemon Squeezy makes of a second payer is not known. */
export async function payOnce(books: Books, checkout: Resource): Promise<boolean> {
  if (await overOf(books, checkout) !== null) return false;
  await pay(books, checkout);
  books.ledger.save('paid', checkout.id, 'yes');
  return true;
}

async function showCheckout(id: string, context: SimulationContext): Promise<HostedPage | null> {
  const books = openBooks(context);
  const checkout = await books.ledger.find<Resource>('checkouts', id);
  if (checkout === null) return null;
  const { total, quantity, currency } = await priceOf(books, checkout);
  const { product } = await sold(books, String(checkout.attributes['variant_id']));
  const name = textOf(partOf(checkout.attributes, 'product_options'), 'name') || textOf(product.attributes, 'name') || 'A product';
  const over = await overOf(books, checkout);
  return {
    title: `Checkout ${id}`, amount: moneyOf(total, currency), payer: textOf(partOf(checkout.attributes, 'checkout_data'), 'email') || null, lines: [{ text: `${name} × ${quantity}`, amount: moneyOf(total, currency) }],
    choices: over === null ? ['pay', 'pay-authenticated', 'decline', 'fail-authentication'] : [], status: over, back: over === null ? null : returnTo(redirectOf(checkout), []),
  };
}

function redirectOf({ attributes }: Resource): string | null {
  return textOf(partOf(attributes, 'product_options'), 'redirect_url');
}

async function showOrder(id: string, context: SimulationContext): Promise<HostedPage | null> {
  const order = await openBooks(context).ledger.find<Resource>('orders', id);
  if (order === null) return null;
  const { attributes } = order;
  const total = moneyOf(amountIn(attributes, 'total'), textOf(attributes, 'currency') ?? 'USD');
  return { title: `Order ${id}`, amount: total, payer: textOf(attributes, 'user_email'), lines: [{ text: textOf(partOf(attributes, 'first_order_item'), 'product_name') ?? 'A product', amount: total }], choices: [], status: `This order is ${(textOf(attributes, 'status') ?? '').replaceAll('_', ' ')}.` };
}

async function choose(id: string, choice: PayerChoice, context: SimulationContext): Promise<Chosen | null> {
  const books = openBooks(context);
  const checkout = await books.ledger.find<Resource>('checkouts', id);
  if (checkout === null) return null;
  const over = await overOf(books, checkout);
  if (over !== null) return { goTo: null, says: over };
  if (!choice.startsWith('pay')) return { goTo: null, says: choice === 'fail-authentication' ? 'The card could not be authenticated. Try another.' : 'The card was declined. Try another.' };
  await payOnce(books, checkout);
  return { ...books.ledger.finish(), ...goBack(redirectOf(checkout), [], 'Thanks for your order! You may close this page.') };
}

/** A checkout is paid here, and an order's receipt is looked at. */
export const hosted: Hosting = {
  show: async ({ kind, id }, context) => kind === 'checkout' ? showCheckout(id, context) : kind === 'order' ? showOrder(id, context) : null,
  choose: async ({ kind, id }, choice, context) => kind === 'checkout' ? choose(id, choice, context) : null,
};
