import type { Remember } from '../../model/provider.ts';
import { asString } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { familyOfKind } from './families.ts';
import type { StripeCall } from './request.ts';
import { maker, seeded } from './seeding.ts';
import type { Seeding } from './seeding.ts';
import { accountSeed } from './seeds/account.ts';
import { chargeSeed } from './seeds/charge.ts';
import { customerSeed } from './seeds/customer.ts';
import { paymentIntentSeed } from './seeds/payment-intent.ts';
import { paymentMethodSeed } from './seeds/payment-method.ts';
import { priceSeed } from './seeds/price.ts';
import { productSeed } from './seeds/product.ts';
import { subscriptionSeed } from './seeds/subscription.ts';
import type { Adopt } from './work.ts';

/** What a database that was restored holds the ids of. */
const seedings: Readonly<Record<string, Seeding>> = {
  account: accountSeed, charge: chargeSeed, customer: customerSeed, payment_intent: paymentIntentSeed, payment_method: paymentMethodSeed, price: priceSeed, product: productSeed, subscription: subscriptionSeed,
};

export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  const family = familyOfKind(kind);
  const seeding = Object.hasOwn(seedings, kind) ? seedings[kind] : undefined;
  if (seeding === undefined || family === null) throw new Error(`Stripe's objects of kind ${kind} cannot be seeded; those that can are ${Object.keys(seedings).join(', ')}`);
  return seeded(family, seeding, id, value);
}

/** An object with the id's own defaults, and of what it must have, something plausible. `pm_card_visa` and the like are no ids. */
function adoption(kind: string, prefix: string, given: (suffix: string) => JsonObject): Adopt {
  return (id, facts) => {
    const suffix = id.slice(prefix.length);
    return id.startsWith(prefix) && /^[0-9A-Za-z]{1,100}$/.test(suffix) ? seedings[kind]!.complete(maker(id, facts), given(suffix)) : null;
  };
}

/** By kind. A charge or a payment is not among them: what was never paid here cannot be given back. */
export type Adoptions = Readonly<Record<string, Adopt | undefined>>;

export const adoptions: Adoptions = {
  customer: adoption('customer', 'cus_', () => ({})),
  payment_method: adoption('payment_method', 'pm_', () => ({})),
  product: adoption('product', 'prod_', () => ({})),
  price: adoption('price', 'price_', (suffix) => ({ currency: 'usd', product: `prod_${suffix}`, unit_amount: 1000 })),
  subscription: adoption('subscription', 'sub_', (suffix) => ({ customer: `cus_${suffix}` })),
  account: adoption('account', 'acct_', () => ({})),
};

const recurring = adoption('price', 'price_', (suffix) => ({ currency: 'usd', product: `prod_${suffix}`, recurring: { interval: 'month' }, unit_amount: 1000 }));

/** What a call would adopt: a card of the customer it is about, and where it is about a subscription, a price that is paid every month. */
export function adoptionsFor({ route, params, ids }: Pick<StripeCall, 'route' | 'params' | 'ids'>): Adoptions {
  const customer = asString(params['customer'] ?? null) ?? (route.operation.startsWith('customers.') ? ids[0] : null);
  const billed = route.operation.startsWith('subscription') || params['mode'] === 'subscription' || params['subscription_details'] !== undefined;
  return {
    ...adoptions,
    ...(customer?.startsWith('cus_') === true ? { payment_method: adoption('payment_method', 'pm_', () => ({ customer })) } : {}),
    ...(billed ? { price: recurring } : {}),
  };
}
