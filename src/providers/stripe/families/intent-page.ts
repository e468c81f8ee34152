import type { HostedPage } from '../../../model/hosted-page.ts';
import { asObject, asString, field } from '../../wire/json.ts';
import { money } from '../currency.ts';
import type { StripeObject } from '../object.ts';
import type { PayerPage, Went } from '../operation.ts';
import { authenticated, notAuthenticated } from './confirm.ts';
import type { PaymentIntent } from './intent.ts';
import { confirmedInvoice } from './invoice/settling.ts';
import { withParameters } from './return-url.ts';
import { setupAuthenticated, setupNotAuthenticated } from './setup-confirm.ts';
import type { SetupIntent } from './setup-confirm.ts';

/** The bank's page of 3-D Secure: whoever pays proves who they are, or does not. */
export const paymentIntentPage: PayerPage = {
  show: async (intent) => ({
    ...shownIntent(intent, 'PaymentIntent'), amount: money(String(intent['amount']), String(intent['currency'])), payer: asString(intent['receipt_email'] ?? null),
    lines: typeof intent['description'] === 'string' ? [{ text: intent['description'], amount: null }] : [],
  }),
  async choose(object, choice, work) {
    const before = object as PaymentIntent;
    if (choice === 'pay-authenticated') await authenticated(work, before);
    else await notAuthenticated(work, before);
    await confirmedInvoice(work, before.id);
    return returned(before, (await work.find<PaymentIntent>('payment_intent', before.id))!);
  },
};

export const setupIntentPage: PayerPage = {
  show: async (intent) => ({ ...shownIntent(intent, 'SetupIntent'), amount: null, payer: asString(intent['customer'] ?? null), lines: [] }),
  async choose(object, choice, work) {
    const before = object as SetupIntent;
    if (choice === 'pay-authenticated') await setupAuthenticated(work, before);
    else await setupNotAuthenticated(work, before);
    return returned(before, (await work.find(before.object, before.id))!);
  },
};

function shownIntent(intent: StripeObject, name: string): Pick<HostedPage, 'title' | 'choices' | 'status'> {
  const waits = intent['status'] === 'requires_action';
  return { title: `3-D Secure for ${name} ${intent.id}`, choices: waits ? ['pay-authenticated', 'fail-authentication'] : [], status: waits ? null : `There is nothing to authenticate: the ${name} has status ${String(intent['status'])}.` };
}

/** Back to the return_url with what Stripe appends; an intent that Stripe.js would have watched has none. */
function returned(before: StripeObject, after: StripeObject): Went {
  const passed = after['status'] === 'succeeded' || after['status'] === 'requires_capture';
  const back = asString(field(asObject(field(asObject(before['next_action'] ?? null), 'redirect_to_url')), 'return_url'));
  if (back === null) return { goTo: null, says: passed ? 'The payment was authenticated. You may close this page.' : 'The payment was not authenticated.' };
  return { goTo: withParameters(back, { [after.object]: after.id, [`${after.object}_client_secret`]: String(after['client_secret']), redirect_status: passed ? 'succeeded' : 'failed' }), says: null };
}
