import type { Chosen, HostedPage, Hosting, PageSubject } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { moneyOf } from './amount.ts';
import type { Link } from './links.ts';
import type { Books } from './operation.ts';
import { payOrder } from './orders.ts';
import type { Order } from './orders.ts';
import { keep, newPayment, settled, tell } from './payment-object.ts';
import { declinedSource, sourceOf } from './sources.ts';

/** Square's checkout page behind a payment link. */
export const hosted: Hosting = {
  async show(subject, context): Promise<HostedPage | null> {
    const found = await find(subject, context);
    if (found === null) return null;
    const { link, order } = found;
    const open = order.state === 'DRAFT' || order.state === 'OPEN';
    return {
      title: `Payment link ${link.id}`, amount: moneyOf(order['net_amount_due_money']) ?? moneyOf(order['total_money']), payer: buyerOf(link),
      lines: (asArray(field(order, 'line_items')) ?? []).map(asObject).map((line) => ({ text: textOf(line), amount: moneyOf(field(line, 'total_money')) })),
      choices: open ? ['pay', 'decline'] : [], status: open ? null : `The order of this link is ${order.state.toLowerCase()}.`, back: returnTo(redirectOf(link), returned(order)),
    };
  },

  /** A buyer whose card is declined stays, to try another. */
  async choose(subject, choice, context): Promise<Chosen | null> {
    const found = await find(subject, context);
    if (found === null) return null;
    const { link, order } = found;
    const books: Books = { ledger: openLedger(context), now: context.now, merchant: link.merchant, id: (length) => context.id('', { length, alphabet: 'base62' }), uuid: () => context.uuid() };
    const card = sourceOf('cnon:card-nonce-ok');
    const source = choice === 'pay' ? card : declinedSource(card, 'INSUFFICIENT_FUNDS');
    const total = moneyOf(order['net_amount_due_money'])!;
    const buyer = buyerOf(link);
    const body: JsonObject = { order_id: order.id, ...(buyer === null ? {} : { buyer_email_address: buyer }), ...(field(link.given, 'payment_note') === undefined ? {} : { note: field(link.given, 'payment_note')! }) };
    const made = newPayment(books, { body, amount: total, tip: null, total, source, location: order.location_id, status: source.fault === null ? 'APPROVED' : 'FAILED' });
    tell(books, 'payment.created', made);
    if (source.fault !== null) {
      keep(books, made);
      return { ...books.ledger.finish(), goTo: null, says: `The card was declined: ${source.fault.code}. The buyer may try another.` };
    }
    await payOrder(books, settled(books, made, 'COMPLETED'));
    return { ...books.ledger.finish(), ...goBack(redirectOf(link), returned(order), 'The order was paid.', 'The link names no redirect_url: Square would thank the buyer here.') };
  },
};

async function find({ kind, id }: PageSubject, { recall }: Pick<SimulationContext, 'recall'>): Promise<{ readonly link: Link; readonly order: Order } | null> {
  const link = kind === 'payment-link' ? (await recall('payment-link', id))?.value as Link | undefined : undefined;
  const order = link === undefined || link === null ? undefined : (await recall('order', link.order))?.value as Order | undefined;
  return order === undefined || order === null ? null : { link: link!, order };
}

function redirectOf({ given }: Link): string | null {
  return asString(field(asObject(field(given, 'checkout_options')), 'redirect_url'));
}

/** What Square adds to the redirect_url: its transactions are its orders. */
function returned({ id }: Order): readonly (readonly [string, string])[] {
  return [['orderId', id], ['transactionId', id]];
}

function buyerOf({ given }: Link): string | null {
  return asString(field(asObject(field(given, 'pre_populated_data')), 'buyer_email'));
}

function textOf(line: JsonObject | null): string {
  const [name, quantity] = [asString(field(line, 'name')) ?? 'Item', asString(field(line, 'quantity')) ?? '1'];
  return quantity === '1' ? name : `${quantity} x ${name}`;
}
