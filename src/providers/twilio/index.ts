import type { HttpResponse } from '../../model/exchange.ts';
import type { Consequences, HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded, SideEffect } from '../../model/side-effect.ts';
import { basic, bearer } from '../wire/credential.ts';
import type { FormField } from '../wire/form.ts';
import { strangers } from '../wire/strangers.ts';
import { accountRoutes } from './account.ts';
import { audienceRoutes } from './audiences.ts';
import { callEvents, laterCall } from './call-events.ts';
import { callRoutes } from './calls.ts';
import { configuredRoutes } from './configured.ts';
import { contentOf, contentRoutes } from './content.ts';
import { notFound, restError } from './error.ts';
import { hosts } from './hosts.ts';
import { lookupRoutes } from './lookups.ts';
import { laterMessage, messageEvents } from './message-events.ts';
import { messageRoutes } from './messages.ts';
import { rewriteCall, saidByCall } from './rewrite.ts';
import { routed } from './route.ts';
import { sign } from './sign.ts';
import { verifyRoutes } from './verify.ts';

const routes = [...messageRoutes, ...callRoutes, ...verifyRoutes, ...lookupRoutes, ...accountRoutes, ...configuredRoutes, ...contentRoutes, ...audienceRoutes];

/** Twilio: Programmable Messaging in full; voice, Verify, Lookup, services and account reads as far as `routes` goes. */
export const twilio = {
  name: 'twilio',
  channels: ['sms', 'voice', 'verification', 'chat'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'messages, calls, verifications, content templates and messaging and verify services are remembered and read back, with signed status callbacks of messages and calls; a lookup tells what follows from the number, its carrier is made up; conversations, notifications and flows are created only; no numbers are bought, no TwiML is run',
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

  /** A message that names a stored template says what the template says. */
  async recalled(request, decoded, { recall }): Promise<Decoded> {
    const found = routed(routes, request);
    if (decoded.kind !== 'effects' || found.kind === 'unreadable' || found.route.operation !== 'messages.create') return decoded;
    const content = await contentOf(found.parameters.fields, recall);
    return content === null ? decoded : {
      kind: 'effects', effects: decoded.effects.map((effect) => effect.channel !== 'sms' ? effect : { ...effect, text: content.text ?? effect.text, media: content.media.length === 0 ? effect.media : content.media }),
    };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed(routes, request);
    return found.kind === 'unreadable' ? { reply: notFound(request.path) } : found.route.answer({ ...found.parameters, request, context });
  },

  /** 21608, an unverified recipient of a trial account, is what Twilio itself says nearest to this; 4xx is never retried. */
  reject(_request, { rule, reason, capture }) {
    return restError(400, 21608, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events: [...new Set([...messageEvents, ...callEvents])],

  /** A message can be delivered and a call answered; nothing happens to what is only asked or created. */
  async later(event, { request, reply }, context): Promise<Consequences> {
    const found = routed(routes, request);
    if (found.kind === 'unreadable') return {};
    const { route, parameters } = found;
    const events: readonly string[] = route.operation === 'messages.create' ? messageEvents : callEvents;
    if (!events.includes(event.name)) return {};
    if (route.operation === 'messages.create') return laterMessage(event, parameters, reply, context);
    return route.operation === 'calls.create' ? laterCall(event, parameters, reply, context) : {};
  },
  sign,

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
