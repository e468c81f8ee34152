import type { HttpProvider } from '../../model/provider.ts';
import { accountOf } from './credential.ts';
import { decode } from './decode.ts';
import { families } from './families.ts';
import { later, laterEvents } from './later.ts';
import { refusalReply } from './reply.ts';
import { rewriteCall, saidByCall } from './rewrite.ts';
import { sign } from './sign.ts';
import { simulate } from './simulate.ts';

/**
 * Stripe. All of its routes are recognised (route-table.ts); the families of families.ts are simulated with memory.
 * Live and test keys share the hosts: the key tells. Card numbers are never remembered.
 */
export const stripe = {
  name: 'stripe',
  channels: ['payment'],
  about: {
    operations: families.flatMap(({ operations }) => Object.keys(operations)),
    fidelity: 'every route is recognised; customers, payment methods, payment and setup intents, charges, refunds, products, prices, coupons, promotion codes, balance, payouts, transfers, connected accounts, events and webhook endpoints are simulated with memory and told by webhooks signed with the secret of gateway.yaml (a registered endpoint is kept, shows no secret and adds no target); a dispute, and the end of a payout, can be made to happen; coupons are never redeemed, an account is complete once its terms are accepted, what was transferred is not seen in the connected account, and a payout there is not held against its balance; any other route (checkout, subscriptions, invoices, search, onboarding links) answers an error, never a success',
    verified: { sdk: 'stripe', version: '23.1.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.stripe.com' }, { host: 'files.stripe.com' }, { host: 'connect.stripe.com' }, { host: 'meter-events.stripe.com' }],
  decode,
  simulate: (request, _decoded, context) => simulate(request, context),
  reject: refusalReply,
  events: laterEvents,
  later,
  sign,
  rewrite: rewriteCall,
  said: saidByCall,
  account: accountOf,
} satisfies HttpProvider;
