import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { basic, bearer } from '../wire/credential.ts';
import { accountRoutes } from './account.ts';
import { audienceRoutes } from './audiences.ts';
import { callRoutes } from './calls.ts';
import { notFound, restError } from './error.ts';
import { hosts } from './hosts.ts';
import { messageRoutes } from './messages.ts';
import { routed } from './route.ts';
import { verifyRoutes } from './verify.ts';

const routes = [...messageRoutes, ...callRoutes, ...verifyRoutes, ...accountRoutes, ...audienceRoutes];

/** Twilio: Programmable Messaging in full; voice, Verify, Lookup and account reads as far as `routes` goes. */
export const twilio = {
  name: 'twilio',
  channels: ['sms', 'voice', 'verification', 'chat'],
  hosts,

  /** With an API key the account is in the path only. */
  account(request) {
    return /^\/2010-04-01\/Accounts\/([A-Za-z0-9]+)/.exec(request.path)?.[1] ?? basic(request.headers)?.user ?? bearer(request.headers);
  },

  /** Live and test account ids look the same, so liveness is 'unknown' here. */
  decode(request): Decoded {
    const found = routed(routes, request);
    if (found.kind === 'unreadable') return { kind: 'unrecognized', why: found.why };
    const { route, parameters } = found;
    if (route.effect === undefined) return { kind: 'read', operation: route.operation, liveness: 'unknown' };
    const effect = route.effect(parameters);
    return 'kind' in effect ? { kind: 'unrecognized', why: `Twilio ${route.operation}: ${effect.why}` } : { kind: 'effects', effects: [effect] };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed(routes, request);
    return found.kind === 'unreadable' ? { reply: notFound(request.path) } : found.route.answer({ ...found.parameters, request, context });
  },

  /** 21608, an unverified recipient of a trial account, is what Twilio itself says nearest to this; 4xx is never retried. */
  reject(_request, { rule, reason, capture }) {
    return restError(400, 21608, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },
} as const satisfies HttpProvider;
