import type { HttpProvider } from '../../model/provider.ts';
import { accountOf } from './credential.ts';
import { decode } from './decode.ts';
import { operationNames } from './families.ts';
import { hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { recalled } from './recalled.ts';
import { refusalReply } from './reply.ts';
import { rewriteCall, saidByCall } from './rewrite.ts';
import { adoptions, seed } from './seeds.ts';
import { sign } from './sign.ts';
import { simulate } from './simulate.ts';
import { declineCodes } from './test-cards.ts';

/**
 * Stripe. All of its routes are recognised (route-table.ts); the families of families.ts are simulated with memory.
 * Live and test keys share the hosts: the key tells. Card numbers are never remembered.
 */
export const stripe = {
  name: 'stripe',
  channels: ['payment'],
  about: {
    operations: operationNames,
    fidelity: 'every route is recognised; customers, payment methods, payment and setup intents, charges, refunds, disputes, products, prices, coupons, promotion codes, shipping rates, Checkout Sessions, payment links, subscriptions, invoices, balance, payouts, transfers, connected accounts, files, events and webhook endpoints, and the searches over them, are simulated with memory and told by webhooks signed with the secret of gateway.yaml (a registered endpoint is kept, shows no secret and adds no target); Checkout, payment links, hosted invoices and 3-D Secure are pages of the gateway, where cards are Stripe\'s test cards; a dispute and its end, a refund that fails, the end of a payout, the next period of a subscription, and what a customer does in a browser that never comes by, can be made to happen, and no subscription renews by time alone; taxes, metered prices and pauses are not reckoned, and say so; of a file its name, size and type are kept and never its bytes, an account is complete once its terms are accepted, what was transferred is not seen in the connected account, and a payout there is not held against its balance; any other route (onboarding links, quotes, credit notes, tax, Terminal, Issuing, everything of v2) answers an error that names it, never a success',
    verified: { sdk: 'stripe', version: '23.1.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.stripe.com' }, { host: 'files.stripe.com' }, { host: 'connect.stripe.com' }, { host: 'meter-events.stripe.com' }],
  decode,
  recalled,
  simulate: (request, _decoded, context) => simulate(request, context),
  reject: refusalReply,
  events: laterEvents,
  later,
  sign,
  rewrite: rewriteCall,
  said: saidByCall,
  account: accountOf,
  declines: declineCodes,
  adopts: Object.keys(adoptions),
  seed,
  hosted,
} satisfies HttpProvider;
