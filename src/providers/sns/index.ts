import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { awsAccountId, awsHosts } from '../wire/aws-host.ts';
import { awsCall, decodeAwsCall } from '../wire/aws-operation.ts';
import type { AwsCall } from '../wire/aws-operation.ts';
import { awsQueryError, awsQueryReply } from '../wire/aws-reply.ts';
import { awsCredential } from '../wire/aws-credential.ts';
import { readAwsQuery } from '../wire/aws-query.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { endpoints } from './endpoints.ts';
import { events, whatFollows } from './later.ts';
import { numbers } from './numbers.ts';
import { named } from './parts.ts';
import { publishing } from './publish.ts';
import { subscriptions } from './subscriptions.ts';
import { topics } from './topics.ts';

const operations = [...publishing, ...topics, ...subscriptions, ...endpoints, ...numbers];
const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** Amazon SNS. https://docs.aws.amazon.com/sns/latest/api/ */
export const sns = {
  name: 'sns',
  channels: ['sms', 'push', 'email', 'verification'],
  about: {
    operations: operations.map(({ name }) => name),
    fidelity: 'messages to numbers, devices and topics in full, with topics, subscriptions, devices and opted-out numbers remembered; a topic is an audience whose subscribers are not known, told as push; web servers that subscribed get their notifications, which only Amazon could sign, so an application that verifies them refuses them; no filter policies, no deduplication, no delivery logs, no platform applications of your own',
    verified: { sdk: '@aws-sdk/client-sns', version: '3.1169.0', date: '2026-11-21' },
  },
  hosts: awsHosts('sns'),

  /** Who confirms a subscription by its link has no credential: the topic says whose it is. */
  account(request) {
    const call = readCall(request);
    return awsCredential(request) === null && call.kind === 'call' ? (named(call.input, 'TopicArn') ?? '').split(':')[4] ?? null : awsAccountId(request);
  },

  decode(request): Decoded {
    return decodeAwsCall('Amazon SNS', readCall(request), request);
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const requestId = context.uuid();
    const call = readCall(request);
    if (call.kind === 'unreadable') return { reply: awsQueryError(400, { namespace, code: 'InvalidAction', message: call.why, requestId }) };
    const answer = await call.operation.answer({ request, input: call.input, context });
    if (answer.kind === 'fault') return { reply: awsQueryError(answer.status, { namespace, code: answer.code, message: answer.message, requestId }) };
    const { kind: _kind, value, ...consequences } = answer;
    return { reply: awsQueryReply({ action: call.operation.name, namespace, requestId }, value), ...consequences };
  },

  /** As Amazon answers whom a policy keeps from publishing; with 403 no SDK tries again. The capture is the request's id. */
  reject(_request, { rule, reason, capture }) {
    return awsQueryError(403, { namespace, code: 'AuthorizationError', message: `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`, requestId: capture });
  },

  events,
  later: whatFollows,
} as const satisfies HttpProvider;

function readCall(request: HttpRequest): AwsCall | Unread {
  const query = readAwsQuery(fromLink(request));
  if (query.kind === 'unreadable') return query;
  return query.version === '2010-03-31' ? awsCall(operations, request, query.action, query.parameters) : unreadable(`version ${query.version} is not simulated, only 2010-03-31`);
}

/** The links that SNS itself writes into mails and notifications name no version. */
function fromLink(request: HttpRequest): HttpRequest {
  const written = request.method === 'GET' && /(?:^|&)Action=(?:ConfirmSubscription|Unsubscribe)(?:&|$)/.test(request.query ?? '') && !/(?:^|&)Version=/.test(request.query ?? '');
  return written ? { ...request, query: `${request.query}&Version=2010-03-31` } : request;
}
