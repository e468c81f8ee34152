import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { snsNotification } from '../wire/sns-notification.ts';
import { segmentsOf } from '../wire/segments.ts';

/** A message as its events tell of it; remembered, for the request they come with has no signature any more. */
export interface SentMessage {
  readonly kind: 'TEXT' | 'MEDIA' | 'VOICE' | 'RCS';
  readonly messageId: string;
  readonly sentAt: number;
  readonly to: string;
  readonly from: string | null;
  readonly body: string;
  readonly messageType: string | null;
  readonly context: Readonly<Record<string, string>>;
  readonly region: string;
  readonly account: string;
}

/** As the SDK's EventType has them, in the order they may come, less those that stand for all of a kind. */
export const events = [
  'TEXT_QUEUED', 'TEXT_PENDING', 'TEXT_SENT', 'TEXT_SUCCESSFUL', 'TEXT_DELIVERED', 'TEXT_BLOCKED', 'TEXT_CARRIER_BLOCKED', 'TEXT_CARRIER_UNREACHABLE', 'TEXT_INVALID', 'TEXT_INVALID_MESSAGE', 'TEXT_PROTECT_BLOCKED', 'TEXT_SPAM', 'TEXT_TTL_EXPIRED', 'TEXT_UNKNOWN', 'TEXT_UNREACHABLE',
  'MEDIA_QUEUED', 'MEDIA_PENDING', 'MEDIA_SUCCESSFUL', 'MEDIA_DELIVERED', 'MEDIA_BLOCKED', 'MEDIA_CARRIER_BLOCKED', 'MEDIA_CARRIER_UNREACHABLE', 'MEDIA_FILE_INACCESSIBLE', 'MEDIA_INVALID', 'MEDIA_SPAM', 'MEDIA_TTL_EXPIRED', 'MEDIA_UNKNOWN', 'MEDIA_UNREACHABLE',
  'VOICE_INITIATED', 'VOICE_RINGING', 'VOICE_ANSWERED', 'VOICE_COMPLETED', 'VOICE_BUSY', 'VOICE_NO_ANSWER', 'VOICE_FAILED', 'VOICE_TTL_EXPIRED',
  'RCS_QUEUED', 'RCS_SENT', 'RCS_DELIVERED', 'RCS_READ', 'RCS_FAILED', 'RCS_TTL_EXPIRED', 'OptedOut',
] as const;

/** still to be followed by another one */
const passing = /_(?:QUEUED|PENDING|SENT|INITIATED|RINGING|ANSWERED)$/;

/** An event as it reaches an application through the topic of a configuration set: an SNS notification to the target 'aws-sms'. */
export function notification(sent: SentMessage, { event, at, detail }: { readonly event: string; readonly at: number; readonly detail: string | null }, context: SimulationContext): CallbackDraft {
  const segments = segmentsOf(sent.body);
  const status = event.slice(event.indexOf('_') + 1);
  const common = {
    eventType: event, eventVersion: '1.0', eventTimestamp: at, isFinal: !passing.test(event), originationPhoneNumber: sent.from, destinationPhoneNumber: sent.to,
    messageId: sent.messageId, messageRequestTimestamp: sent.sentAt, messageStatus: status, messageStatusDescription: detail ?? descriptions[status] ?? status, context: sent.context,
  };
  const message = sent.kind === 'VOICE' ? common : { ...common, messageEncoding: segments.encoding === 'GSM-7' ? 'GSM' : 'UNICODE', messageType: sent.messageType ?? 'TRANSACTIONAL', totalMessageParts: segments.count, totalMessagePrice: 0, totalCarrierFee: 0 };
  return snsNotification(context, { target: 'aws-sms', object: sent.messageId, event, at, region: sent.region, topic: `arn:aws:sns:${sent.region}:${sent.account}:aws-sms`, message: JSON.stringify(message) });
}

const descriptions: Readonly<Record<string, string>> = {
  QUEUED: 'Message is queued', SENT: 'Message has been sent', DELIVERED: 'Message has been accepted by phone', SUCCESSFUL: 'Message has been accepted by phone carrier',
  BLOCKED: 'Phone has blocked SMS', CARRIER_BLOCKED: 'Carrier has blocked the message', UNREACHABLE: 'Phone is currently unreachable or unavailable', INVALID: 'Destination phone number is not valid',
};

/** Each kind of message has events of its own; whoever opts out is refused the next message. */
export async function whatFollows(event: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const json = parseJson(reply.body);
  const id = json.kind === 'json' ? asString(field(asObject(json.value), 'MessageId')) : null;
  const sent = (id === null ? null : await context.recall('message', id))?.value as SentMessage | undefined;
  if (decoded.kind !== 'effects' || sent === undefined || (event.recipient !== null && event.recipient !== sent.to)) return {};
  if (event.name !== 'OptedOut') return event.name.startsWith(`${sent.kind}_`) ? { callbacks: [notification(sent, { event: event.name, at: context.now, detail: event.detail }, context)] } : {};
  const known = await context.recall('opted-out', `Default ${sent.to}`);
  const value: Remember['value'] = { list: 'Default', number: sent.to, at: context.now, byUser: true };
  return known === null ? { remember: [{ kind: 'opted-out', id: `Default ${sent.to}`, expectVersion: 0, value, index: { list: 'Default' } }] } : {};
}
