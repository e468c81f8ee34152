import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { chargeRoutes } from './charges.ts';
import { checkoutRoutes } from './checkouts.ts';
import { errorReply } from './errors.ts';
import { eventRoutes, sign } from './events.ts';
import { hosted } from './hosted.ts';
import { invoiceRoutes } from './invoices.ts';
import { later, laterEvents } from './later.ts';
import { keyOf } from './operation.ts';
import { recalled } from './recalled.ts';
import { seed } from './seed.ts';

const routes = [...chargeRoutes, ...checkoutRoutes, ...invoiceRoutes, ...eventRoutes];

/** Coinbase Commerce, version 2018-03-22. It has no sandbox: every call is live. https://docs.cdp.coinbase.com/commerce/introduction/welcome */
export const coinbase = {
  name: 'coinbase',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: "charges, checkouts, invoices and events are simulated with memory; hosted_url is a page of the gateway where a charge is paid (at once pending and confirmed) or canceled; a checkout's page has an address that the application itself writes, so its payer is charge:confirmed made to happen to its capture; prices in coins, exchange rates, addresses of wallets and web3 transactions are not simulated, and amounts of coins in payments are made up",
    verified: { sdk: 'coinbase-commerce-node', version: '1.0.4', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.commerce.coinbase.com' }],
  account: keyOf,

  decode(request): Decoded {
    const decoded = decodeCall('Coinbase', routes, request);
    return decoded.kind === 'read' ? { ...decoded, liveness: 'live' } : decoded;
  },

  recalled: (_request, decoded, context) => recalled(decoded, context),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Coinbase', routes, request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(404, 'not_found', 'Not found') };
  },

  /** The SDK never tries again; the type says which error it raises. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, 'invalid_request', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events: laterEvents,
  later,
  sign,
  hosted,
  seed,
} as const satisfies HttpProvider;
