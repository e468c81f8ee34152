import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { sign } from './books.ts';
import { catalogRoutes } from './catalog.ts';
import { checkoutRoutes } from './checkouts.ts';
import { customerRoutes } from './customers.ts';
import { errorReply } from './errors.ts';
import { declines, hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { accountOf } from './operation.ts';
import { orderRoutes } from './orders.ts';
import { recalled } from './recalled.ts';
import { seed } from './seed.ts';
import { subscriptionRoutes } from './subscriptions.ts';

const routes = [...checkoutRoutes, ...orderRoutes, ...subscriptionRoutes, ...customerRoutes, ...catalogRoutes];

/** Lemon Squeezy's API, version 1. One host, and keys that do not say whether they are for tests. https://docs.lemonsqueezy.com/api */
export const lemonsqueezy = {
  name: 'lemonsqueezy',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'checkouts, orders, subscriptions, their invoices and customers are simulated with memory and told by signed webhooks; the payer pays once at a page of ours; stores, products and variants are what is seeded, and a checkout takes any store and variant (one that is not seeded costs 10.00, in dollars); no tax is added, dollars are the only rate, include shows nothing more, and bills come due with subscription_payment_success; discount codes, order items, subscription items, usage records, prices, files, license keys, invoices as PDF and webhooks made by the API are not simulated',
    verified: { sdk: '@lemonsqueezy/lemonsqueezy.js', version: '4.0.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.lemonsqueezy.com' }],
  account: accountOf,

  decode: (request): Decoded => decodeCall('Lemon Squeezy', routes, request),

  recalled,

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Lemon Squeezy', routes, request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(404, 'The requested resource does not exist.') };
  },

  /** The SDK throws nothing and tries nothing again: `errors` is the cause of the error it returns. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events: laterEvents,
  later,
  sign,
  declines,
  adopts: ['stores', 'products', 'variants', 'customers'],
  seed,
  hosted,
} as const satisfies HttpProvider;
