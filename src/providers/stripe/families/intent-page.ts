import type { HostedPage } from '../../../model/hosted-page.ts';
import { goBack, returnTo } from '../../wire/go-back.ts';
import { asObject, asString, field } from '../../wire/json.ts';
import { money } from '../currency.ts';
import type { StripeObject } from '../object.ts';
import type { PayerPage, Went } from '../operation.ts';
import type { Work } from '../work.ts';
import { authenticated, notAuthenticated } from './confirm.ts';
import type { PaymentIntent } from './intent.ts';
import { confirmedInvoice } from './invoice/settling.ts';
import { setupAuthenticated, setupNotAuthenticated } from './setup-confirm.ts';
import type { SetupIntent } from './setup-confirm.ts';

/** The bank's page of 3-D Secure: whoever pays proves who they are, or does not. */
export const paymentIntentPage: PayerPage = {
  show: async (intent, work) => ({
    ...await shownIntent(work, intent, 'PaymentIntent'), amount: money(String(intent['amount']), String(intent['currency'])), payer: asString(intent['receipt_email'] ?? null),
    lines: typeof intent['description'] === 'string' ? [{ text: intent['description'], amount: null }] : [],
  }),
  async choose(object, choice, work) {
    const before = object as PaymentIntent;
    if (choice === 'pay-authenticated') await authenticated(work, before);
    else await notAuthenticated(work, before);
    await confirmedInvoice(work, before.id);
    return returned(work, before, (await work.find<PaymentIntent>('payment_intent', before.id))!);
  },
};

export const setupIntentPage: PayerPage = {
  show: async (intent, work) => ({ ...await shownIntent(work, intent, 'SetupIntent'), amount: null, payer: asString(intent['customer'] ?? null), lines: [] }),
  async choose(object, choice, work) {
    const before = object as SetupIntent;
    if (choice === 'pay-authenticated') await setupAuthenticated(work, before);
    else await setupNotAuthenticated(work, before);
    return returned(work, before, (await work.find(before.object, before.id))!);
  },
};

/** Where the bank's page leads back to. The intent forgets it with its next_action. */
interface LedBack extends StripeObject {
  readonly url: string;
}

const ledBack = ({ object }: StripeObject): string => `${object}.led_back`;

async function shownIntent(work: Work, intent: StripeObject, name: string): Promise<Pick<HostedPage, 'title' | 'choices' | 'status' | 'back'>> {
  const waits = intent['status'] === 'requires_action';
  const back = waits ? null : await work.known<LedBack>(ledBack(intent), intent.id);
  return {
    title: `3-D Secure for ${name} ${intent.id}`, choices: waits ? ['pay-authenticated', 'fail-authentication'] : [], status: waits ? null : `There is nothing to authenticate: the ${name} has status ${String(intent['status'])}.`,
    back: back === null ? null : returnTo(back.url, appended(intent)),
  };
}

/** Back to the return_url; an intent that Stripe.js would have watched has none. */
async function returned(work: Work, before: StripeObject, after: StripeObject): Promise<Went> {
  const url = asString(field(asObject(field(asObject(before['next_action'] ?? null), 'redirect_to_url')), 'return_url'));
  if (url !== null) {
    // known first, so that an earlier one is written over
    await work.known(ledBack(before), before.id);
    work.save({ id: before.id, object: ledBack(before), url } satisfies LedBack);
  }
  return goBack(url, appended(after), passed(after) ? 'The payment was authenticated.' : 'The payment was not authenticated.', 'You may close this page.');
}

/** What Stripe appends to a return_url. */
function appended(intent: StripeObject): readonly (readonly [string, string])[] {
  return [[intent.object, intent.id], [`${intent.object}_client_secret`, String(intent['client_secret'])], ['redirect_status', passed(intent) ? 'succeeded' : 'failed']];
}

function passed({ status }: StripeObject): boolean {
  return status === 'succeeded' || status === 'requires_capture';
}
