import type { Shape } from '../wire/aws-shape.ts';

/** Inputs as the SDK's own model has them (@aws-sdk/client-sns 3.1169.0). */
const pairs: Shape = { list: { fields: { key: 'text', value: 'text' } } };
const tags: Shape = { list: { fields: { Key: 'text', Value: 'text' } } };
const attributes: Shape = { list: { fields: { Name: 'text', Value: { fields: { DataType: 'text', StringValue: 'text', BinaryValue: 'text' } } } } };
const message = { Message: 'text', Subject: 'text', MessageStructure: 'text', MessageAttributes: attributes, MessageDeduplicationId: 'text', MessageGroupId: 'text' } as const;

export const shapes = {
  publish: { fields: { ...message, TopicArn: 'text', TargetArn: 'text', PhoneNumber: 'text' } },
  publishBatch: { fields: { TopicArn: 'text', PublishBatchRequestEntries: { list: { fields: { ...message, Id: 'text' } } } } },
  topic: { fields: { TopicArn: 'text' } },
  createTopic: { fields: { Name: 'text', Attributes: pairs, Tags: tags, DataProtectionPolicy: 'text' } },
  setTopicAttributes: { fields: { TopicArn: 'text', AttributeName: 'text', AttributeValue: 'text' } },
  subscribe: { fields: { TopicArn: 'text', Protocol: 'text', Endpoint: 'text', Attributes: pairs, ReturnSubscriptionArn: 'text' } },
  confirm: { fields: { TopicArn: 'text', Token: 'text', AuthenticateOnUnsubscribe: 'text' } },
  subscription: { fields: { SubscriptionArn: 'text' } },
  setSubscriptionAttributes: { fields: { SubscriptionArn: 'text', AttributeName: 'text', AttributeValue: 'text' } },
  createEndpoint: { fields: { PlatformApplicationArn: 'text', Token: 'text', CustomUserData: 'text', Attributes: pairs } },
  endpoint: { fields: { EndpointArn: 'text' } },
  setEndpointAttributes: { fields: { EndpointArn: 'text', Attributes: pairs } },
  application: { fields: { PlatformApplicationArn: 'text' } },
  listEndpoints: { fields: { PlatformApplicationArn: 'text', NextToken: 'text' } },
  phoneNumber: { fields: { phoneNumber: 'text' } },
  setSmsAttributes: { fields: { attributes: pairs } },
  getSmsAttributes: { fields: { attributes: { list: 'text' } } },
  sandboxNumber: { fields: { PhoneNumber: 'text', LanguageCode: 'text' } },
  verifySandboxNumber: { fields: { PhoneNumber: 'text', OneTimePassword: 'text' } },
  resource: { fields: { ResourceArn: 'text' } },
  page: { fields: { NextToken: 'text', nextToken: 'text', MaxResults: 'text', TopicArn: 'text' } },
} as const satisfies Readonly<Record<string, Shape>>;
