import type { Chosen, HostedPage, Hosting, PageSubject, PayerChoice } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { minorOf, moneyOf } from './amount.ts';
import { declineFault } from './declines.ts';
import type { Fault } from './errors.ts';
import { findOf } from './objects.ts';
import type { Link, Order, Payment } from './objects.ts';
import { idsOf, seconds } from './operation.ts';
import type { Books } from './operation.ts';
import { alreadyPaid, attempt, authorized, failed, fails, orderBehind, tooLate } from './paying.ts';

type Found = { readonly kind: 'payment_link'; readonly it: Link } | { readonly kind: 'order'; readonly it: Order } | { readonly kind: 'payment'; readonly it: Payment; readonly late: boolean };

const titles = { payment_link: 'Payment Link', order: 'Order', payment: 'Payment' } as const;

/** Payment Links by their short_url, orders as Razorpay's checkout would open them, and the bank's page of a payment that a server began. */
export const hosted: Hosting = {
  async show(subject, context): Promise<HostedPage | null> {
    const at = books(context);
    const found = await find(subject, at);
    if (found === null) return null;
    const { kind, it: { view } } = found;
    const payer = found.kind === 'payment_link' ? asObject(field(view, 'customer')) : null;
    const amount = minorOf(view['amount']);
    const open = isOpen(found, context.now);
    return {
      title: `${titles[kind]} ${view.id}`, amount: amount === null ? null : moneyOf(amount, String(view['currency'])),
      payer: asString(field(payer, 'email')) ?? asString(field(payer, 'contact')) ?? (found.kind === 'order' ? found.it.payer.email : asString(view['email'])),
      lines: asString(view['description']) ? [{ text: String(view['description']), amount: null }] : [],
      choices: !open ? [] : kind === 'payment' ? ['pay-authenticated', 'fail-authentication', 'cancel'] : ['pay', 'decline'],
      status: open ? null : `This ${titles[kind].toLowerCase()} is ${stateOf(found)}.`,
      back: open ? null : returnTo(...await backFrom(at, found)),
    };
  },

  async choose(subject, choice, context): Promise<Chosen | null> {
    const at = books(context);
    const found = await find(subject, at);
    if (found === null) return null;
    const fault = faultOf(choice);
    if (found.kind === 'payment') return fromBank(at, found.it, fault ?? await tooLate(at, found.it));
    const order = found.kind === 'order' ? found.it : await orderBehind(at, found.it);
    if (fault !== null) {
      await fails(at, attempt(at, order, 'failed'), fault);
      return { ...at.ledger.finish(), goTo: null, says: `${fault.description} (${fault.reason})` };
    }
    const payment = await authorized(at, attempt(at, order, 'authorized'));
    return { ...at.ledger.finish(), ...whereTo(found, payment) };
  },
};

function books(context: SimulationContext): Books {
  return { ledger: openLedger(context), now: context.now, id: idsOf(context) };
}

async function find({ kind, id }: PageSubject, at: Books): Promise<Found | null> {
  if (kind !== 'payment_link' && kind !== 'order' && kind !== 'payment') return null;
  const it = await findOf(at, kind, id);
  if (it === null) return null;
  return (kind === 'payment' ? { kind, it, late: it.view['status'] === 'created' && await tooLate(at, it as Payment) !== null } : { kind, it }) as Found;
}

function isOpen(found: Found, now: number): boolean {
  const { kind, it: { view } } = found;
  if (found.kind === 'order') return view['status'] !== 'paid' && !found.it.next.used;
  return view['status'] === 'created' && !isLate(found) && !(kind === 'payment_link' && typeof view['expire_by'] === 'number' && view['expire_by'] > 0 && view['expire_by'] < seconds(now));
}

function isLate(found: Found): boolean {
  return found.kind === 'payment' && found.late;
}

function stateOf(found: Found): string {
  const { kind, it: { view } } = found;
  if (isLate(found)) return 'too late: its order is already paid';
  if (kind === 'order' && view['status'] !== 'paid') return 'authorized, and waits for the capture';
  return view['status'] === 'created' ? 'expired' : String(view['status']);
}

function faultOf(choice: PayerChoice): Fault | null {
  if (choice === 'cancel') return declineFault('payment_cancelled');
  if (choice === 'fail-authentication') return declineFault('authentication_failed');
  return choice === 'decline' ? declineFault(null) : null;
}

/** From the page of the payer's bank. */
async function fromBank(at: Books, payment: Payment, fault: Fault | null): Promise<Chosen> {
  const after = fault === null ? await authorized(at, payment) : await fails(at, payment, fault);
  return { ...at.ledger.finish(), ...goBack(...afterBank(after), fault === null ? `Paid by ${after.view.id}.` : fault.description) };
}

type Back = readonly [url: string | null, added: readonly (readonly [string, string])[]];

/** Razorpay posts a form there; a page of ours can only lead on, with the same fields in the query. */
function afterBank(payment: Payment): Back {
  const { view } = payment;
  if (view['status'] !== 'failed') return [payment.back, proven(payment)];
  const error = ['code', 'description', 'source', 'step', 'reason'].map((name) => [`error[${name}]`, asString(view[`error_${name}`]) ?? ''] as const);
  return [payment.back, [...error, ['error[metadata]', JSON.stringify({ payment_id: view.id, order_id: view['order_id'] ?? null })]]];
}

/** An order has no address of its own: the application's script has it. */
async function backFrom(at: Books, found: Found): Promise<Back> {
  if (found.kind === 'payment') return afterBank(isLate(found) ? { ...found.it, view: { ...found.it.view, ...failed(alreadyPaid) } } : found.it);
  const paidBy = found.kind === 'order' ? null : asString(field(asObject(asArray(found.it.view['payments'])?.[0]), 'payment_id'));
  const payment = paidBy === null ? null : await findOf(at, 'payment', paidBy);
  return found.kind === 'order' || payment === null ? [null, []] : afterLink(found.it, payment);
}

function afterLink({ view }: Link, payment: Payment): Back {
  return [asString(view['callback_url']), [
    ['razorpay_payment_id', payment.view.id], ['razorpay_payment_link_id', view.id], ['razorpay_payment_link_reference_id', String(view['reference_id'])], ['razorpay_payment_link_status', 'paid'],
    ...(payment.proof === null ? [] : [['razorpay_signature', payment.proof] as const]),
  ]];
}

function whereTo(found: Found, payment: Payment): Pick<Chosen, 'goTo' | 'says'> {
  if (found.kind !== 'payment_link') {
    // Checkout hands these to the application's own script, or to the callback_url that the script alone knows
    return { goTo: null, says: `Paid. Checkout would hand over: ${proven(payment).map(([name, value]) => `${name}=${value}`).join(' ')}` };
  }
  return goBack(...afterLink(found.it, payment), 'Paid.', 'This link names no callback_url to go back to.');
}

function proven({ view, proof }: Payment): readonly (readonly [string, string])[] {
  return [['razorpay_payment_id', view.id], ...(typeof view['order_id'] === 'string' ? [['razorpay_order_id', view['order_id']] as const] : []), ...(proof === null ? [] : [['razorpay_signature', proof] as const])];
}
