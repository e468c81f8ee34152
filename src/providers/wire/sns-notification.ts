import type { CallbackDraft, SimulationContext } from '../../model/provider.ts';

/**
 * What SNS posts to an HTTP subscriber of a topic. Only Amazon has a key whose certificate is at amazonaws.com, where every verifier looks
 * for it: the signature says so, and verifies nowhere. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function snsNotification(context: SimulationContext, { target, object, event, at, region, topic, ...told }: {
  readonly target: string;
  readonly object: string;
  readonly event: string;
  readonly at: number;
  readonly region: string;
  /** ARN */
  readonly topic: string;
  readonly type?: 'Notification' | 'SubscriptionConfirmation';
  readonly messageId?: string;
  readonly subject?: string | null;
  readonly message: string;
  /** of a subscription to be confirmed */
  readonly token?: string;
  readonly subscription?: string;
  readonly attributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
  /** the message as it is, without the envelope */
  readonly raw?: boolean;
}): CallbackDraft {
  const { type = 'Notification', messageId = context.uuid(), subject = null, message, token, attributes } = told;
  const subscription = told.subscription ?? `${topic}:${context.uuid()}`;
  const host = `https://sns.${region}.amazonaws.com`;
  const body = {
    Type: type, MessageId: messageId, ...token === undefined ? {} : { Token: token }, TopicArn: topic, ...subject === null ? {} : { Subject: subject }, Message: message,
    ...token === undefined ? {} : { SubscribeURL: `${host}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=${token}` },
    Timestamp: new Date(at).toISOString(), SignatureVersion: '1', Signature: Buffer.from('not signed: the staging gateway has no key of Amazon').toString('base64'),
    SigningCertURL: `${host}/SimpleNotificationService-${'0'.repeat(32)}.pem`,
    ...token === undefined ? { UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscription}` } : {},
    ...attributes === undefined || Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes },
  };
  return {
    target, object, event, notBeforeMs: at, method: 'POST', body: told.raw === true ? message : JSON.stringify(body), contentType: 'text/plain; charset=UTF-8',
    headers: [
      ['x-amz-sns-message-type', type], ['x-amz-sns-message-id', messageId], ['x-amz-sns-topic-arn', topic],
      ...token === undefined ? [['x-amz-sns-subscription-arn', subscription] as const] : [], ...told.raw === true ? [['x-amz-sns-rawdelivery', 'true'] as const] : [],
      ['User-Agent', 'Amazon Simple Notification Service Agent'],
    ],
  };
}
