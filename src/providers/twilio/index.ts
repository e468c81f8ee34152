import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded, SideEffect } from '../../model/side-effect.ts';
import { basic, bearer } from '../wire/credential.ts';
import type { FormField } from '../wire/form.ts';
import { strangers } from '../wire/strangers.ts';
import { accountRoutes } from './account.ts';
import { audienceRoutes } from './audiences.ts';
import { callRoutes } from './calls.ts';
import { notFound, restError } from './error.ts';
import { hosts } from './hosts.ts';
import { messageRoutes } from './messages.ts';
import { rewriteCall, saidByCall } from './rewrite.ts';
import { routed } from './route.ts';
import { verifyRoutes } from './verify.ts';

const routes = [...messageRoutes, ...callRoutes, ...verifyRoutes, ...accountRoutes, ...audienceRoutes];

/** Twilio: Programmable Messaging in full; voice, Verify, Lookup and account reads as far as `routes` goes. */
export const twilio = {
  name: 'twilio',
  channels: ['sms', 'voice', 'verification', 'chat'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'messages, calls and verifications are remembered and read back; conversations, notifications and flows are created only; no numbers are bought',
    verified: { sdk: 'twilio', version: '6.2.0', date: '2026-11-21' },
  },
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
    return 'kind' in effect ? { kind: 'unrecognized', why: `Twilio ${route.operation}: ${effect.why}` } : { kind: 'effects', effects: [withStrangers(effect, parameters.fields)] };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed(routes, request);
    return found.kind === 'unreadable' ? { reply: notFound(request.path) } : found.route.answer({ ...found.parameters, request, context });
  },

  /** 21608, an unverified recipient of a trial account, is what Twilio itself says nearest to this; 4xx is never retried. */
  reject(_request, { rule, reason, capture }) {
    return restError(400, 21608, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  rewrite: (request, change) => rewriteCall(routes, request, change),
  said: (request) => saidByCall(routes, request),
} as const satisfies HttpProvider;

/** Fields of Twilio that may hold a number or an address without reaching it; `To` and its like are read by their routes. */
const harmless: ReadonlySet<string> = new Set([
  'To', 'From', 'Body', 'MediaUrl', 'Twiml', 'Url', 'Tags', 'Code', 'FriendlyName', 'CustomFriendlyName', 'CallerId', 'CallReason', 'Parameters', 'Attributes',
  'ContentVariables', 'TemplateCustomSubstitutions', 'PersistentAction', 'CustomMessage', 'Author', 'Title', 'SipAuthUsername', 'SipAuthPassword', 'SendAt',
  'StatusCallback', 'FallbackUrl', 'RecordingStatusCallback', 'AsyncAmdStatusCallback', 'SmsUrl',
]);

function withStrangers<E extends SideEffect>(effect: E, fields: readonly FormField[]): E {
  const unknown = fields.filter(([name]) => !harmless.has(name)).flatMap(([name, value]) => [{ path: name, text: name }, { path: name, text: value }]);
  return { ...effect, recipients: [...effect.recipients, ...strangers(unknown, effect.recipients)] };
}
