import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { awsAccount } from '../wire/aws-credential.ts';
import { awsJsonError, awsJsonReply, awsQueryError, awsQueryReply } from '../wire/aws-reply.ts';
import { strangers } from '../wire/strangers.ts';
import { readCall } from './call.ts';
import { events } from './event.ts';
import { hosts } from './hosts.ts';
import { whatFollows } from './later.ts';
import type { Api, Fault } from './operation.ts';
import { fault } from './operation.ts';
import { text } from './parts.ts';
import { reads } from './reads.ts';
import { sends } from './sends.ts';
import { suppression } from './suppression.ts';
import { templates } from './templates.ts';

const operations = [...sends, ...suppression, ...templates, ...reads];
const namespace = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** Amazon SES: the query API (v1) and the REST API (v2), which share their hosts. https://docs.aws.amazon.com/ses/latest/APIReference-V2/ */
export const ses = {
  name: 'ses',
  channels: ['email'],
  about: {
    operations: [...new Set(operations.map(({ name }) => name))],
    fidelity: 'both APIs send in full and remember templates, suppressions and insights; every sender, stored template and configuration set counts as there, and the rest of the account can be read but not changed; delivery events come as SNS notifications that only Amazon could sign, so an application that verifies them refuses them; no EventBridge, no Firehose',
    verified: { sdk: '@aws-sdk/client-sesv2', version: '3.1169.0', date: '2026-11-21' },
  },
  hosts,

  account: awsAccount,

  /** The account may be in Amazon's sandbox, which no call tells: liveness is always 'unknown'. */
  decode(request): Decoded {
    const call = readCall(operations, request);
    if (call.kind === 'unreadable') return { kind: 'unrecognized', why: `Amazon SES: ${call.why}` };
    const { operation, input, ids, unknown } = call;
    if (operation.effects === undefined) return { kind: 'read', operation: operation.name, liveness: 'unknown' };
    const effects = operation.effects(input, ids);
    if ('kind' in effects) return { kind: 'unrecognized', why: `Amazon SES ${operation.name}: ${effects.why}` };
    const others = strangers(unknown, effects.flatMap(({ recipients }) => recipients));
    return { kind: 'effects', effects: others.length === 0 ? effects : effects.map((effect) => ({ ...effect, recipients: [...effect.recipients, ...others] })) };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const requestId = context.uuid();
    const call = readCall(operations, request);
    if (call.kind === 'unreadable') return { reply: refused(request, fault(400, 'InvalidAction', call.why), requestId) };
    const { operation, input, ids } = call;
    const answer = await operation.answer({ request, operation, input, ids, context });
    if (answer.kind === 'fault') return { reply: refused(request, answer, requestId) };
    const { kind: _kind, value, ...consequences } = answer;
    return { reply: operation.api === 'v1' ? awsQueryReply({ action: operation.name, namespace, requestId }, value) : awsJsonReply(value, requestId), ...consequences };
  },

  /** MessageRejected is what SES itself answers to a mail it will not take; with 400 no SDK tries again. The capture is the request's id. */
  reject(request, { rule, reason, capture }) {
    return refused(request, fault(400, 'MessageRejected', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`), capture);
  },

  events,
  later(event, call, context) {
    const read = readCall(operations, call.request);
    return whatFollows(event, call, read.kind === 'unreadable' ? null : text(read.input, 'ConfigurationSetName'), context);
  },
} as const satisfies HttpProvider;

function refused(request: HttpRequest, { status, code, message }: Fault, requestId: string): HttpResponse {
  return apiOf(request) === 'v1' ? awsQueryError(status, { namespace, code, message, requestId }) : awsJsonError(status, { code, message, requestId });
}

/** Whoever calls a path expects JSON: v2, and the API that was before it. */
function apiOf({ path }: HttpRequest): Api {
  return path === '/' ? 'v1' : 'v2';
}
