import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { basic } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { campaigns } from './campaigns.ts';
import { answerEmail, emailEffects } from './email.ts';
import { events } from './message.ts';
import { failure } from './parts.ts';
import { reads } from './reads.ts';
import { sendEffects } from './send.ts';
import { answerSend, whatFollows } from './sent.ts';

const routes: readonly JsonRoute[] = [
  ...(['sms', 'mms', 'voice'] as const).map((kind): JsonRoute => ({ method: 'POST', path: new RegExp(`^/v3/${kind}/send$`), operation: `${kind}.send`, effects: (call) => sendEffects(kind, call), answer: (call) => answerSend(kind, call) })),
  { method: 'POST', path: /^\/v3\/email\/send$/, operation: 'email.send', effects: emailEffects, answer: answerEmail },
  ...campaigns, ...reads,
];

/** ClickSend, REST v3. https://developers.clicksend.com/docs */
export const clicksend = {
  name: 'clicksend',
  channels: ['sms', 'voice', 'email'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'SMS, MMS, voice and transactional mail with history and receipts, and campaigns to lists, which are audiences; prices are made up, a scheduled message cannot be cancelled, and receipts are posted as an account rule would, unsigned; no fax, no letters, no contacts, none of the older APIs (their hosts are known and refused)',
    verified: null,
  },
  // The older APIs answer on hosts of their own; they are claimed so that their calls are known for what they are.
  hosts: ['rest.clicksend.com', 'api.clicksend.com', 'api-mapper.clicksend.com'].map((host) => ({ host })),

  account: (request) => basic(request.headers)?.user ?? null,

  decode(request): Decoded {
    return request.authority.host === 'rest.clicksend.com' ? decodeCall('ClickSend', routes, request) : { kind: 'unrecognized', why: 'ClickSend: only the REST API v3 is simulated' };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('ClickSend', routes, request);
    return found.kind === 'unreadable' ? { reply: failure(400, 'BAD_REQUEST', found.why) } : found.route.answer({ ...found.call, context });
  },

  reject(_request, { rule, reason, capture }) {
    return failure(403, 'FORBIDDEN', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events,
  later: whatFollows,
} as const satisfies HttpProvider;
