import { awsAccountId, awsRegion } from '../wire/aws-host.ts';
import { result } from '../wire/aws-operation.ts';
import type { AwsOperation } from '../wire/aws-operation.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import { field } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import { invalid, named, notFound, pairsOf, silent, text, topicName } from './parts.ts';
import { shapes } from './shapes.ts';
import { subscriptionsOf } from './subscriptions.ts';

interface StoredTopic { readonly arn: string; readonly attributes: Readonly<Record<string, string>> }

/** Topics made here are remembered; any other counts as there when something is published to it. */
export const topics: readonly AwsOperation[] = [
  {
    name: 'CreateTopic', shape: shapes.createTopic, effects: (input) => named(input, 'Name') === null ? unreadable('it has no Name') : silent('CreateTopic'),
    answer: async ({ request, input, context }) => {
      const name = named(input, 'Name') ?? '';
      const attributes = pairsOf(field(input, 'Attributes'));
      if (!/^[A-Za-z0-9_-]{1,256}$/.test(name.replace(/\.fifo$/, ''))) return invalid('Topic Name');
      if (name.endsWith('.fifo') !== (attributes['FifoTopic'] === 'true')) return invalid('Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.');
      const arn = `arn:aws:sns:${awsRegion(request)}:${awsAccountId(request)}:${name}`;
      const known = await context.recall('topic', arn);
      const value: StoredTopic = { arn, attributes };
      return result({ TopicArn: arn }, known === null ? { remember: [{ kind: 'topic', id: arn, expectVersion: 0, value }] } : {});
    },
  },
  {
    name: 'DeleteTopic', shape: shapes.topic, effects: (input) => topicName(named(input, 'TopicArn') ?? '') === null ? unreadable('TopicArn is none of a topic') : silent('DeleteTopic'),
    answer: async ({ input, context }) => {
      const known = await context.recall('topic', named(input, 'TopicArn') ?? '');
      return result(null, known === null ? {} : { remember: [{ kind: 'topic', id: known.id, expectVersion: known.version, value: null }] });
    },
  },
  {
    name: 'SetTopicAttributes', shape: shapes.setTopicAttributes, effects: () => silent('SetTopicAttributes'),
    answer: async ({ input, context }) => {
      const known = await context.recall('topic', named(input, 'TopicArn') ?? '');
      if (known === null) return notFound('Topic');
      const stored = known.value as StoredTopic;
      const value: StoredTopic = { ...stored, attributes: { ...stored.attributes, [text(input, 'AttributeName') ?? '']: text(input, 'AttributeValue') ?? '' } };
      return result(null, { remember: [{ kind: 'topic', id: known.id, expectVersion: known.version, value }] });
    },
  },
  {
    name: 'GetTopicAttributes', shape: shapes.topic,
    answer: async ({ input, context }) => {
      const arn = named(input, 'TopicArn') ?? '';
      if (topicName(arn) === null) return invalid('TopicArn');
      const all = await subscriptionsOf(context, arn);
      const stored = (await context.recall('topic', arn))?.value as StoredTopic | undefined;
      return result({ Attributes: new Map<string, AwsXml>(Object.entries({
        TopicArn: arn, Owner: arn.split(':')[4] ?? '', DisplayName: '', SubscriptionsConfirmed: String(all.filter(({ pending }) => !pending).length),
        SubscriptionsPending: String(all.filter(({ pending }) => pending).length), SubscriptionsDeleted: '0', ...stored?.attributes,
      })) });
    },
  },
  { name: 'ListTopics', shape: shapes.page, answer: async ({ context }) => result({ Topics: (await context.list('topic', { limit: 1000 })).items.map(({ id }) => ({ TopicArn: id })) }) },
  { name: 'ListTagsForResource', shape: shapes.resource, answer: async () => result({ Tags: [] }) },
];
