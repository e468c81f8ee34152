import { goBack, returnTo } from '../../../wire/go-back.ts';
import { asString } from '../../../wire/json.ts';
import { money } from '../../currency.ts';
import type { PayerPage } from '../../operation.ts';
import { pay } from './completing.ts';
import { sessionNow } from './session-object.ts';
import type { Details, Session } from './session-object.ts';

/** The page of Stripe Checkout. */
export const sessionPage: PayerPage = {
  async show(object, work) {
    const session = sessionNow(object, work.now) as Session;
    const details = await work.find<Details>('checkout.details', session.id);
    const open = session.status === 'open';
    return {
      title: `Checkout Session ${session.id}`, amount: session.amount_total === null ? null : money(String(session.amount_total), session.currency!), payer: session.customer_email ?? session.customer,
      lines: [
        ...(details?.lines ?? []).map(({ quantity, description, amount_total: amount, currency }) => ({ text: `${quantity} × ${asString(description ?? null) ?? 'Item'}`, amount: money(String(amount), currency) })),
        ...(session['shipping_cost'] === null ? [] : [{ text: 'Shipping', amount: money(String((session['shipping_cost'] as { readonly amount_total: number }).amount_total), session.currency!) }]),
      ],
      choices: open ? ['pay', 'pay-authenticated', 'decline', 'fail-authentication', ...(session.cancel_url === null ? [] : ['cancel' as const])] : [],
      status: open ? null : session.status === 'complete' ? 'This session is complete.' : 'This session has expired.',
      back: open ? null : returnTo(session.status === 'complete' ? doneAt(session) : session.cancel_url, []),
    };
  },
  async choose(object, choice, work) {
    const session = sessionNow(object, work.now) as Session;
    if (session.status !== 'open') return { goTo: null, says: 'This session is over.' };
    if (choice === 'cancel') return goBack(session.cancel_url, [], 'Nothing was paid.');
    const refusal = await pay(work, session, (await work.find<Details>('checkout.details', session.id))!, choice);
    if (refusal !== null) return { goTo: null, says: refusal };
    return goBack(doneAt(session), [], 'Thank you: it is paid.');
  },
};

/** Where whoever has paid goes: the application's own address, with the session named where it asks for that. */
export function doneAt(session: Session): string | null {
  return (session.success_url ?? asString(session['return_url'] ?? null))?.replaceAll('{CHECKOUT_SESSION_ID}', session.id) ?? null;
}
