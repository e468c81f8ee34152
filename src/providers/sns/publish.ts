import { parsePhone } from '../../model/address/phone.ts';
import type { CallbackDraft } from '../../model/provider.ts';
import { awsRegion } from '../wire/aws-host.ts';
import { fault, result } from '../wire/aws-operation.ts';
import type { AwsAnswered, AwsAnswering, AwsFault, AwsOperation } from '../wire/aws-operation.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { snsNotification } from '../wire/sns-notification.ts';
import { attributesOf, batchEffects, publishEffects, textFor } from './message.ts';
import type { StoredEndpoint } from './endpoints.ts';
import { invalid, items, named, text } from './parts.ts';
import { shapes } from './shapes.ts';
import { subscriptionsOf } from './subscriptions.ts';

const longest = 256 * 1024;

export const publishing: readonly AwsOperation[] = [
  { name: 'Publish', shape: shapes.publish, effects: publishEffects, answer: publish },
  { name: 'PublishBatch', shape: shapes.publishBatch, effects: batchEffects, answer: publishBatch },
];

async function publish(call: AwsAnswering): Promise<AwsAnswered> {
  const { input, context } = call;
  const wrong = faultOf(input, named(input, 'TopicArn') ?? named(input, 'TargetArn')) ?? await recipientFault(call);
  if (wrong !== null) return wrong;
  const topic = named(input, 'TopicArn') ?? named(input, 'TargetArn');
  const messageId = context.uuid();
  return result({ MessageId: messageId, ...sequence(call, topic, 0) }, { callbacks: topic === null ? [] : await notifications(call, topic, input, messageId) });
}

async function publishBatch(call: AwsAnswering): Promise<AwsAnswered> {
  const { input, context } = call;
  const topic = named(input, 'TopicArn') ?? '';
  const entries = items(field(input, 'PublishBatchRequestEntries'));
  const ids = entries.map((entry) => text(entry, 'Id') ?? '');
  if (entries.length > 10) return fault(400, 'TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
  if (new Set(ids).size < ids.length) return fault(400, 'BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  const taken: AwsXml[] = [];
  const failed: AwsXml[] = [];
  const callbacks: CallbackDraft[] = [];
  for (const [index, entry] of entries.entries()) {
    const wrong = faultOf(entry, topic);
    if (wrong === null) {
      const messageId = context.uuid();
      taken.push({ Id: ids[index] ?? '', MessageId: messageId, ...sequence(call, topic, index) });
      callbacks.push(...await notifications(call, topic, entry ?? {}, messageId));
    } else failed.push({ Id: ids[index] ?? '', Code: wrong.code, Message: wrong.message, SenderFault: true });
  }
  return result({ Successful: taken, Failed: failed }, { callbacks });
}

/** What SNS says of the message itself. */
function faultOf(input: JsonObject | null, target: string | null): AwsFault | null {
  const message = text(input, 'Message');
  if (message === null) return invalid('Empty message');
  if (Buffer.byteLength(message) > longest) return invalid('Message too long');
  if ((text(input, 'Subject')?.length ?? 0) > 100) return invalid('Subject');
  if (text(input, 'MessageStructure') === 'json' && textFor(input, []) === null) return invalid('Message Structure - No default entry in JSON message body');
  if (target?.endsWith('.fifo') === true && text(input, 'MessageGroupId') === null) return invalid('The MessageGroupId parameter is required for FIFO topics');
  return null;
}

/** Devices and numbers that are known not to be reached. */
async function recipientFault({ input, context }: AwsAnswering): Promise<AwsFault | null> {
  const phone = named(input, 'PhoneNumber');
  if (phone !== null && parsePhone(phone).kind === 'invalid') return invalid(`PhoneNumber Reason: ${phone} is not valid to publish to`);
  if (phone !== null && await context.recall('opted-out', phone) !== null) return fault(400, 'OptedOut', 'Phone number is opted out');
  const arn = named(input, 'TargetArn');
  const endpoint = arn === null ? null : await context.recall('endpoint', arn);
  return (endpoint?.value as StoredEndpoint | undefined)?.attributes['Enabled'] === 'false' ? fault(400, 'EndpointDisabled', 'Endpoint is disabled') : null;
}

function sequence({ context }: AwsAnswering, topic: string | null, index: number): { readonly SequenceNumber?: string } {
  return topic?.endsWith('.fifo') === true ? { SequenceNumber: `1${String(context.now * 1000 + index).padStart(19, '0')}` } : {};
}

/** To web servers that subscribed here; other subscribers of the topic are not known. Filter policies are not applied. */
async function notifications({ request, context }: AwsAnswering, topic: string, input: JsonObject, messageId: string): Promise<readonly CallbackDraft[]> {
  const attributes = Object.fromEntries(attributesOf(input).map(({ name, type, value }) => [name, { Type: type, Value: value }] as const));
  return (await subscriptionsOf(context, topic)).filter(({ protocol, pending }) => /^https?$/.test(protocol) && !pending).map((each) => snsNotification(context, {
    target: each.endpoint, object: each.arn, event: 'Notification', at: context.now, region: awsRegion(request), topic, messageId, subject: text(input, 'Subject'),
    message: textFor(input, [each.protocol]) ?? '', subscription: each.arn, attributes, raw: each.attributes['RawMessageDelivery'] === 'true',
  }));
}
