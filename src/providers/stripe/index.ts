import type { HttpProvider } from '../../model/provider.ts';
import { accountOf } from './credential.ts';
import { decode } from './decode.ts';
import { refusalReply } from './reply.ts';
import { simulate } from './simulate.ts';

/**
 * Stripe. All of its routes are recognised (route-table.ts); the families of families.ts are simulated with memory.
 * Live and test keys share the hosts: the key tells. Card numbers are never remembered.
 */
export const stripe = {
  name: 'stripe',
  channels: ['payment'],
  hosts: [{ host: 'api.stripe.com' }, { host: 'files.stripe.com' }, { host: 'connect.stripe.com' }, { host: 'meter-events.stripe.com' }],
  decode,
  simulate: (request, _decoded, context) => simulate(request, context),
  reject: refusalReply,
  account: accountOf,
} satisfies HttpProvider;
