import { awsAccountId, awsRegion } from '../wire/aws-host.ts';
import { result } from '../wire/aws-operation.ts';
import type { AwsAnswering, AwsOperation } from '../wire/aws-operation.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import { asArray, asString, field } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import { named, notFound, silent } from './parts.ts';
import { shapes } from './shapes.ts';

interface StoredOptOut { readonly list: string; readonly number: string; readonly at: number; readonly byUser: boolean }

/** Opt-out lists, of which every one counts as there. A message to a number on the list Default is refused. */
export const optOuts: readonly AwsOperation[] = [
  {
    name: 'PutOptedOutNumber', shape: shapes.optOut, effects: (input) => named(input, 'OptedOutNumber') === null ? unreadable('it names no number') : silent('PutOptedOutNumber'),
    answer: async (call) => {
      const { list, number } = names(call);
      const known = await call.context.recall('opted-out', `${list} ${number}`);
      const value: StoredOptOut = { list, number, at: call.context.now, byUser: false };
      return result({ ...listOf(call), ...shown(value) }, { remember: [{ kind: 'opted-out', id: `${list} ${number}`, expectVersion: known?.version ?? 0, value, index: { list } }] });
    },
  },
  {
    name: 'DeleteOptedOutNumber', shape: shapes.optOut, effects: (input) => named(input, 'OptedOutNumber') === null ? unreadable('it names no number') : silent('DeleteOptedOutNumber'),
    answer: async (call) => {
      const { list, number } = names(call);
      const known = await call.context.recall('opted-out', `${list} ${number}`);
      return known === null ? notFound('opt-out-list', number) : result({ ...listOf(call), ...shown(known.value as StoredOptOut) }, { remember: [{ kind: 'opted-out', id: known.id, expectVersion: known.version, value: null }] });
    },
  },
  {
    name: 'DescribeOptedOutNumbers', shape: shapes.optedOut,
    answer: async (call) => {
      const asked = (asArray(field(call.input, 'OptedOutNumbers')) ?? []).map(asString);
      const all = (await call.context.list('opted-out', { where: { list: names(call).list }, limit: 1000 })).items.map(({ value }) => value as StoredOptOut);
      const found = all.filter(({ number }) => asked.length === 0 || asked.includes(number));
      const missing = asked.find((number) => number !== null && !found.some((each) => each.number === number));
      return missing === undefined || missing === null ? result({ ...listOf(call), OptedOutNumbers: found.map(shown) }) : notFound('opt-out-list', missing);
    },
  },
];

/** A list by its name or its ARN. */
function names({ input }: AwsAnswering): { readonly list: string; readonly number: string } {
  return { list: (named(input, 'OptOutListName') ?? 'Default').split('/').at(-1) ?? 'Default', number: named(input, 'OptedOutNumber') ?? '' };
}

function listOf(call: AwsAnswering): { readonly [name: string]: AwsXml } {
  const { list } = names(call);
  return { OptOutListArn: `arn:aws:sms-voice:${awsRegion(call.request)}:${awsAccountId(call.request)}:opt-out-list/${list}`, OptOutListName: list };
}

function shown({ number, at, byUser }: StoredOptOut): { readonly [name: string]: AwsXml } {
  return { OptedOutNumber: number, OptedOutTimestamp: at / 1000, EndUserOptedOut: byUser };
}
