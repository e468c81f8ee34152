import type { Chosen, HostedPage, Hosting, PageSubject } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { ofMinor, sumOf } from '../wire/decimal-money.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { moneyOf } from './amount.ts';
import { apiOfOrder, showOrder, urlsOf } from './order-object.ts';
import type { Order, Unit } from './order-object.ts';
import { approved } from './paying.ts';

const stands: Readonly<Record<Order['status'], string | null>> = {
  CREATED: null, PAYER_ACTION_REQUIRED: null, APPROVED: 'The payer has approved this order; the application has not completed it yet.', COMPLETED: 'This order is completed.',
};

/** PayPal's own page, where the payer approves: the link 'approve' or 'payer-action'. */
export const hosted: Hosting = {
  async show(subject, context): Promise<HostedPage | null> {
    const order = await find(subject, context);
    if (order === null) return null;
    const choices = isOpen(order);
    return {
      title: `Order ${order.id}`, amount: sumOf(order.units.map(({ given }) => moneyOf(field(given, 'amount')))), payer: payerOf(order), lines: order.units.flatMap(linesOf),
      choices: choices ? ['pay', 'decline', 'cancel'] : [],
      status: order.refused === true && order.status === 'APPROVED' ? "The bank behind the payer's PayPal account declines this order. The payer may choose again." : stands[order.status],
      back: returnTo(urlsOf(order).back, returned(order)),
    };
  },

  /** A bank declines behind PayPal's back: the payer approves, and the application hears of it when it takes the money. Who cancels may come again. */
  async choose(subject, choice, context): Promise<Chosen | null> {
    const order = await find(subject, context);
    if (order === null) return null;
    const { back, cancel } = urlsOf(order);
    if (choice === 'cancel') return goBack(cancel, [['token', order.id]], 'The payer cancelled. The order waits and can still be approved.');
    const ledger = openLedger(context);
    await ledger.find('order', order.id);
    const api = apiOfOrder(order);
    const id = (length = 17): string => context.id('', { length, alphabet: 'base62' }).toUpperCase();
    const yes = await approved(order, { ledger, api, now: context.now, id, refused: choice !== 'pay', shown: (each) => showOrder(each, { ledger, api, page: (one) => context.page('order', one) }) });
    return { ...ledger.finish(), ...goBack(back, returned(yes), 'The payer has approved.', "The call named no return_url: PayPal's window would close, and the application's own script would go on.") };
  },
};

async function find({ kind, id }: PageSubject, { recall }: Pick<SimulationContext, 'recall'>): Promise<Order | null> {
  return kind === 'order' ? (await recall('order', id))?.value as Order | undefined ?? null : null;
}

function isOpen({ status, refused }: Order): boolean {
  return status === 'CREATED' || status === 'PAYER_ACTION_REQUIRED' || (status === 'APPROVED' && refused === true);
}

/** What PayPal adds to the return_url. */
function returned({ id, payer }: Order): readonly (readonly [string, string])[] {
  const payerId = asString(field(payer, 'payer_id'));
  return [['token', id], ...(payerId === null ? [] : [['PayerID', payerId] as const])];
}

function payerOf({ payer, source }: Order): string | null {
  return asString(field(payer, 'email_address')) ?? Object.values(source ?? {}).map((each) => asString(field(asObject(each), 'email_address'))).find((each) => each !== null) ?? null;
}

function linesOf({ given }: Unit): HostedPage['lines'] {
  const items = (asArray(field(given, 'items')) ?? []).map(asObject).flatMap((item) => {
    const [name, quantity, each] = [asString(field(item, 'name')), asString(field(item, 'quantity')) ?? '1', moneyOf(field(item, 'unit_amount'))];
    const count = /^[0-9]{1,10}$/.test(quantity) ? BigInt(quantity) : null;
    return name === null ? [] : [{ text: quantity === '1' ? name : `${quantity} x ${name}`, amount: each === null || count === null ? null : ofMinor(BigInt(each.minor) * count, each) }];
  });
  const description = asString(field(given, 'description'));
  return items.length > 0 || description === null ? items : [{ text: description, amount: moneyOf(field(given, 'amount')) }];
}
