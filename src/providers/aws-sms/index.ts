import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { awsAccountId, awsHosts } from '../wire/aws-host.ts';
import { readAwsJson } from '../wire/aws-json.ts';
import { awsCall, decodeAwsCall } from '../wire/aws-operation.ts';
import type { AwsCall, AwsFault } from '../wire/aws-operation.ts';
import { awsJsonError, awsJsonReply } from '../wire/aws-reply.ts';
import type { Unread } from '../wire/unread.ts';
import { events, whatFollows } from './event.ts';
import { messages } from './messages.ts';
import { recalledCode, verifiedNumbers } from './numbers.ts';
import { optOuts } from './opt-outs.ts';
import { conflict, invalid } from './parts.ts';
import { reads } from './reads.ts';

const operations = [...messages, ...verifiedNumbers, ...optOuts, ...reads];
const type = 'application/x-amz-json-1.0';

/** AWS End User Messaging SMS and voice, v2. https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/ */
export const awsSms = {
  name: 'aws-sms',
  channels: ['sms', 'voice', 'chat', 'verification'],
  about: {
    operations: operations.map(({ name }) => name),
    fidelity: 'text, media, voice, RCS and notify messages, verified numbers and opt-out lists in full; every sender, pool and template counts as there and nothing of the account can be set up; events come as SNS notifications where the message named a configuration set, and only Amazon could sign them, so an application that verifies them refuses them; the older Pinpoint API is not answered',
    verified: { sdk: '@aws-sdk/client-pinpoint-sms-voice-v2', version: '3.1138.0', date: '2026-11-21' },
  },
  hosts: awsHosts('sms-voice'),

  account: awsAccountId,

  decode(request): Decoded {
    return decodeAwsCall('AWS End User Messaging', readCall(request), request);
  },

  async recalled(request, decoded, context): Promise<Decoded> {
    const call = readCall(request);
    return call.kind === 'call' && call.operation.name === 'SendDestinationNumberVerificationCode' ? recalledCode(call.input, decoded, context) : decoded;
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const requestId = context.uuid();
    const call = readCall(request);
    if (call.kind === 'unreadable') return { reply: refused(invalid('UNKNOWN_OPERATION', call.why), requestId) };
    const answer = await call.operation.answer({ request, input: call.input, context });
    if (answer.kind === 'fault') return { reply: refused(answer, requestId) };
    const { kind: _kind, value, ...consequences } = answer;
    return { reply: awsJsonReply(value ?? {}, requestId, type), ...consequences };
  },

  /** As AWS answers an account in the sandbox for a number that is not verified; with 400 no SDK tries again. */
  reject(_request, { rule, reason, capture }) {
    return refused(conflict('DESTINATION_PHONE_NUMBER_NOT_VERIFIED', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`), capture);
  },

  events,
  later: whatFollows,
} as const satisfies HttpProvider;

function refused({ status, code, message, more = {} }: AwsFault, requestId: string): HttpResponse {
  return awsJsonError(status, { code, message, requestId }, { type, more });
}

function readCall(request: HttpRequest): AwsCall | Unread {
  const json = readAwsJson(request, { target: 'PinpointSMSVoiceV2', version: '1.0' });
  return json.kind === 'unreadable' ? json : awsCall(operations, request, json.operation, json.body);
}
