import type { Addressee } from '../../model/recipient.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import { awsRegion } from '../wire/aws-host.ts';
import { result } from '../wire/aws-operation.ts';
import type { AwsAnswered, AwsAnswering, AwsOperation } from '../wire/aws-operation.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import type { JsonObject } from '../wire/json.ts';
import { field } from '../wire/json.ts';
import { snsNotification } from '../wire/sns-notification.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { invalid, named, notFound, pairsOf, push, silent, text, topicName } from './parts.ts';
import { shapes } from './shapes.ts';

export interface StoredSubscription {
  readonly arn: string;
  readonly topic: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly pending: boolean;
  /** Amazon's Token, which is told to whoever was subscribed: under that name it would be cut as a secret */
  readonly confirmation: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export const subscriptions: readonly AwsOperation[] = [
  { name: 'Subscribe', shape: shapes.subscribe, effects: subscribeEffects, answer: subscribe },
  { name: 'ConfirmSubscription', shape: shapes.confirm, effects: () => silent('ConfirmSubscription'), answer: confirm },
  {
    name: 'Unsubscribe', shape: shapes.subscription,
    effects: (input, request) => named(input, 'SubscriptionArn') === null ? unreadable('SubscriptionArn names none')
      // Whoever comes without a credential came by the link; SNS then tells the subscriber so.
      : request.headers.some(([name]) => name.toLowerCase() === 'authorization') ? silent('Unsubscribe') : unreadable('without a credential SNS tells the subscriber'),
    answer: async ({ input, context }) => {
      const known = await context.recall('subscription', named(input, 'SubscriptionArn') ?? '');
      return result(null, known === null ? {} : { remember: [{ kind: 'subscription', id: known.id, expectVersion: known.version, value: null }] });
    },
  },
  {
    name: 'SetSubscriptionAttributes', shape: shapes.setSubscriptionAttributes, effects: () => silent('SetSubscriptionAttributes'),
    answer: ({ input, context }) => withSubscription(input, context, (stored, version) => result(null, keep({ ...stored, attributes: { ...stored.attributes, [text(input, 'AttributeName') ?? '']: text(input, 'AttributeValue') ?? '' } }, version))),
  },
  {
    name: 'GetSubscriptionAttributes', shape: shapes.subscription,
    answer: ({ input, context }) => withSubscription(input, context, (stored) => result({ Attributes: new Map<string, AwsXml>(Object.entries({
      SubscriptionArn: stored.arn, TopicArn: stored.topic, Protocol: stored.protocol, Endpoint: stored.endpoint, Owner: stored.topic.split(':')[4] ?? '', PendingConfirmation: String(stored.pending),
      ConfirmationWasAuthenticated: 'false', RawMessageDelivery: 'false', ...stored.attributes,
    })) })),
  },
  { name: 'ListSubscriptions', shape: shapes.page, answer: async ({ context }) => result({ Subscriptions: (await subscriptionsOf(context, null)).map(shown) }) },
  { name: 'ListSubscriptionsByTopic', shape: shapes.page, answer: async ({ input, context }) => result({ Subscriptions: (await subscriptionsOf(context, named(input, 'TopicArn'))).map(shown) }) },
];

const silentProtocols = ['sqs', 'lambda', 'firehose', 'application'];

/** A confirmation goes to mail and web servers; a number gets every message from now on. Queues and functions are the account's own. */
function subscribeEffects(input: JsonObject): readonly SideEffect[] | Unread {
  const [topic, protocol, endpoint] = [named(input, 'TopicArn'), named(input, 'Protocol'), named(input, 'Endpoint')];
  if (topic === null || topicName(topic) === null || protocol === null || endpoint === null) return unreadable('it has no TopicArn, no Protocol or no Endpoint');
  const reached = (kind: Addressee['kind']): readonly Addressee[] => [{ address: endpoint, kind, role: 'subscriber' }];
  const base = { provider: 'sns', operation: 'Subscribe', liveness: 'unknown', keys: [], from: null, text: null, template: null } as const;
  switch (protocol) {
    case 'email': case 'email-json': return [{ ...base, channel: 'email', recipients: reached('email'), subject: 'AWS Notification - Subscription Confirmation', html: null, attachments: [] }];
    case 'sms': return [{ ...base, channel: 'sms', recipients: reached('phone'), media: [] }];
    case 'http': case 'https': return [push('Subscribe', { recipients: reached('audience') })];
    default: return silentProtocols.includes(protocol) ? silent('Subscribe') : unreadable('the Protocol is none of the known ones');
  }
}

async function subscribe({ request, input, context }: AwsAnswering): Promise<AwsAnswered> {
  const [topic, protocol, endpoint] = [named(input, 'TopicArn') ?? '', named(input, 'Protocol') ?? '', named(input, 'Endpoint') ?? ''];
  if (/^https?$/.test(protocol) && !endpoint.startsWith(`${protocol}://`)) return invalid('Endpoint must match the specified protocol');
  const before = (await subscriptionsOf(context, topic)).find((each) => each.protocol === protocol && each.endpoint === endpoint);
  const pending = /^(?:https?|email|email-json)$/.test(protocol);
  const stored = before ?? { arn: `${topic}:${context.uuid()}`, topic, protocol, endpoint, pending, confirmation: context.id('', { length: 64, alphabet: 'hex' }), attributes: pairsOf(field(input, 'Attributes')) };
  const told = !stored.pending || text(input, 'ReturnSubscriptionArn') === 'true' ? stored.arn : 'pending confirmation';
  return result({ SubscriptionArn: told }, {
    ...before === undefined ? keep(stored, 0) : {},
    callbacks: stored.pending && /^https?$/.test(protocol) ? [snsNotification(context, {
      target: endpoint, object: stored.arn, event: 'SubscriptionConfirmation', at: context.now, region: awsRegion(request), topic, type: 'SubscriptionConfirmation', token: stored.confirmation,
      message: `You have chosen to subscribe to the topic ${topic}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    })] : [],
  });
}

async function confirm({ input, context }: AwsAnswering): Promise<AwsAnswered> {
  const found = (await subscriptionsOf(context, named(input, 'TopicArn') ?? '')).find(({ confirmation }) => confirmation === text(input, 'Token'));
  const known = found === undefined ? null : await context.recall('subscription', found.arn);
  return found === undefined || known === null ? invalid('Token') : result({ SubscriptionArn: found.arn }, keep({ ...found, pending: false }, known.version));
}

/** @param topic null: of every topic */
export async function subscriptionsOf(context: SimulationContext, topic: string | null): Promise<readonly StoredSubscription[]> {
  return (await context.list('subscription', { limit: 1000, ...topic === null ? {} : { where: { topic } } })).items.map(({ value }) => value as StoredSubscription);
}

function keep(stored: StoredSubscription, expectVersion: number) {
  return { remember: [{ kind: 'subscription', id: stored.arn, expectVersion, value: stored, index: { topic: stored.topic } }] };
}

async function withSubscription(input: JsonObject, context: SimulationContext, then: (stored: StoredSubscription, version: number) => AwsAnswered): Promise<AwsAnswered> {
  const known = await context.recall('subscription', named(input, 'SubscriptionArn') ?? '');
  return known === null ? notFound('Subscription') : then(known.value as StoredSubscription, known.version);
}

function shown({ arn, topic, protocol, endpoint, pending }: StoredSubscription): AwsXml {
  return { SubscriptionArn: pending ? 'PendingConfirmation' : arn, Owner: topic.split(':')[4] ?? '', Protocol: protocol, Endpoint: endpoint, TopicArn: topic };
}
