import type { Chosen, HostedPage, Hosting, PageSubject, PayerChoice } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { moneyOf } from './amount.ts';
import type { Checkout } from './checkout.ts';
import { addressOf, linesOf, showHosted } from './hosted-pages.ts';
import type { HostedSession } from './hosted-pages.ts';
import { authorize, complete } from './later.ts';
import type { Later } from './later.ts';
import type { Session } from './payments.ts';
import { place } from './purchase.ts';

type Found =
  | { readonly kind: 'checkout'; readonly it: Checkout; readonly given: JsonObject; readonly open: boolean; readonly status: string | null }
  | { readonly kind: 'hpp'; readonly it: HostedSession; readonly given: JsonObject; readonly open: boolean; readonly status: string | null };

const stands: Readonly<Record<HostedSession['status'], string | null>> = {
  WAITING: null, FAILED: 'Klarna declined this customer, who may try again.', COMPLETED: 'The customer said yes.', CANCELLED: 'The customer cancelled.', DISABLED: 'The shop disabled this page.',
};

/** Klarna's hosted payment page (`redirect_url`), and its checkout, whose snippet links here. */
export const hosted: Hosting = {
  async show(subject, context): Promise<HostedPage | null> {
    const found = await find(subject, context);
    if (found === null) return null;
    const { kind, it, given, open, status } = found;
    const currency = field(given, 'purchase_currency');
    return {
      title: `${kind === 'checkout' ? 'Checkout' : 'Hosted payment page'} ${it.id}`, amount: moneyOf(field(given, 'order_amount'), currency),
      payer: asString(field(asObject(field(given, 'billing_address')), 'email')),
      lines: linesOf(given).map(({ name, quantity, line }) => ({ text: quantity === 1 ? name : `${quantity} x ${name}`, amount: moneyOf(field(line, 'total_amount'), currency) })),
      choices: open ? ['pay', 'decline', 'cancel'] : [], status,
      back: returnTo(kind === 'checkout' ? confirmationOf(it) : addressOf(it, it.status === 'COMPLETED' ? 'success' : 'cancel', 'back'), []),
    };
  },

  async choose(subject, choice, context): Promise<Chosen | null> {
    const found = await find(subject, context);
    if (found === null) return null;
    const work: Later = { ledger: openLedger(context), now: context.now, uuid: () => context.uuid() };
    const back = found.kind === 'checkout' ? await atCheckout(work, found.it, choice) : await atPage(work, found, choice);
    return { ...work.ledger.finish(), ...back };
  },
};

async function find({ kind, id }: PageSubject, { recall, now }: Pick<SimulationContext, 'recall' | 'now'>): Promise<Found | null> {
  const value = async <T>(of: string, its: string): Promise<T | null> => (await recall(of, its))?.value as T | undefined ?? null;
  if (kind === 'checkout') {
    const it = await value<Checkout>('checkout', id);
    return it === null ? null : { kind, it, given: it.given, open: !it.complete, status: it.complete ? 'This checkout is complete.' : null };
  }
  const it = kind === 'hpp' ? await value<HostedSession>('hpp', id) : null;
  const of = it === null ? null : await value<Session | Checkout>(it.of.kind, it.of.id);
  if (it === null || of === null) return null;
  const expired = now >= it.expiresMs;
  const open = !expired && (it.status === 'WAITING' || it.status === 'FAILED') && !('complete' in of ? of.complete : of.token !== null);
  return { kind: 'hpp', it, given: of.given, open, status: expired ? 'This page has expired.' : stands[it.status] ?? (open ? null : 'The customer said yes elsewhere.') };
}

type Back = Pick<Chosen, 'goTo' | 'says'>;

async function atCheckout(work: Later, { id, given }: Checkout, choice: PayerChoice): Promise<Back> {
  if (choice === 'decline') return { goTo: null, says: 'Klarna declined this customer, who may try another way to pay.' };
  if (choice === 'pay') await complete(work, id);
  return goBack(choice === 'pay' ? confirmationOf({ id, given }) : asString(field(asObject(field(given, 'merchant_urls')), 'checkout')), [], choice === 'pay' ? 'The checkout is complete.' : 'The customer left the checkout.');
}

function confirmationOf({ id, given }: Pick<Checkout, 'id' | 'given'>): string | null {
  return asString(field(asObject(field(given, 'merchant_urls')), 'confirmation'))?.replaceAll('{checkout.order.id}', id) ?? null;
}

async function atPage(work: Later, { it, given }: Extract<Found, { readonly kind: 'hpp' }>, choice: PayerChoice): Promise<Back> {
  await work.ledger.find('hpp', it.id);
  const after: HostedSession = choice === 'pay' ? { ...it, status: 'COMPLETED', ...await agreed(work, it, given), changedMs: work.now } : { ...it, status: choice === 'decline' ? 'FAILED' : 'CANCELLED', changedMs: work.now };
  work.ledger.save('hpp', it.id, after);
  const target = addressOf(after, 'status_update');
  if (target !== null) {
    const body = JSON.stringify({ event_id: work.uuid(), session: showHosted(after) });
    work.ledger.tell({ target, object: it.id, event: after.status, notBeforeMs: work.now, method: 'POST', headers: [['User-Agent', 'Klarna/1.0']], body, contentType: 'application/json' });
  }
  switch (choice) {
    case 'pay': return goBack(addressOf(after, 'success'), [], 'The customer said yes.');
    case 'decline': return goBack(addressOf(after, 'failure', 'back'), [], 'Klarna declined this customer, who may try again.');
    default: return goBack(addressOf(after, 'cancel', 'back'), [], 'The customer cancelled.');
  }
}

/** What the yes is good for: an order that is there, or what the shop makes one with. */
async function agreed(work: Later, { of, orders }: HostedSession, given: JsonObject): Promise<Pick<HostedSession, 'yes' | 'order'>> {
  if (of.kind === 'checkout') {
    await complete(work, of.id);
    return { yes: null, order: of.id };
  }
  const yes = await authorize(work, of.id);
  if (orders === 'NONE') return { yes, order: null };
  if (yes !== null) work.ledger.save('authorization', yes, null);
  return { yes: null, order: place(work, { ...given, ...(orders === 'CAPTURE_ORDER' ? { auto_capture: true } : {}) }).id };
}
