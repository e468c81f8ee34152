import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Push } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { topicName } from './target.ts';

const token = '([A-Za-z0-9_:-]{1,4096})';
const topic = '([A-Za-z0-9_~-][A-Za-z0-9_.~-]{0,899})';

/** Which topics a device follows, as it was told here. */
interface Followed { readonly topics: Readonly<Record<string, { readonly addDate: string }>> }

/** Who follows which topic: https://developers.google.com/instance-id/reference/server. A change names the devices that are to get a topic's messages. */
export const topicRoutes: readonly JsonRoute[] = [
  ...(['subscribe', 'unsubscribe'] as const).map((verb): JsonRoute => ({
    method: 'POST', path: verb === 'subscribe' ? /^\/iid\/v1:batchAdd$/ : /^\/iid\/v1:batchRemove$/, operation: `topics.${verb}`,
    effects: (call) => {
      const change = readBatch(call);
      return 'kind' in change ? change : [effectOf(`topics.${verb}`, verb, change)];
    },
    answer: async (call) => {
      const change = readBatch(call);
      return 'kind' in change ? { reply: jsonReply(400, { error: 'InvalidArgument' }) } : follow(call, change, verb === 'subscribe', change.tokens.map(() => ({})));
    },
  })),
  {
    method: 'POST', path: new RegExp(`^/iid/v1/${token}/rel/topics/${topic}$`), operation: 'topics.subscribe.one',
    effects: ({ ids: [device = '', name = ''], body }) => body !== null && Object.keys(asObject(body) ?? { '': 0 }).length > 0
      ? unreadable('it carries a body') : [effectOf('topics.subscribe.one', 'subscribe', { topic: name, tokens: [device] })],
    answer: async (call) => follow(call, { topic: call.ids[1] ?? '', tokens: [call.ids[0] ?? ''] }, true, null),
  },
  {
    method: 'GET', path: new RegExp(`^/iid/info/${token}$`), operation: 'instances.info',
    answer: async ({ ids: [device = ''], query, context }) => {
      const topics = ((await context.recall('instance', device))?.value as Followed | undefined)?.topics ?? {};
      const detailed = query.some(([name, value]) => name === 'details' && value === 'true') && Object.keys(topics).length > 0;
      return { reply: jsonReply(200, { applicationVersion: '1', application: 'com.example.staging', scope: '*', authorizedEntity: '000000000000', platform: 'ANDROID', ...detailed ? { rel: { topics } } : {} }) };
    },
  },
];

interface Change { readonly topic: string; readonly tokens: readonly string[] }

function readBatch({ body }: JsonCall): Change | Unread {
  const object = asObject(body);
  const names = Object.keys(object ?? {}).toSorted().join();
  if (names !== 'registration_tokens,to') return unreadable('the body is not exactly { to, registration_tokens }');
  const to = asString(field(object, 'to'));
  const tokens = asArray(field(object, 'registration_tokens')) ?? [];
  if (to === null || !/^\/topics\/[A-Za-z0-9_.~%-]+$/.test(to)) return unreadable('to is no topic');
  if (tokens.length === 0 || tokens.some((each) => typeof each !== 'string' || each === '')) return unreadable('registration_tokens is not a list of texts');
  return { topic: topicName(to), tokens: tokens as readonly string[] };
}

function effectOf(operation: string, role: string, change: Change): Push {
  return {
    channel: 'push', provider: 'fcm', operation, liveness: 'unknown', keys: [], title: null, text: null, data: { topic: change.topic },
    recipients: change.tokens.map((address) => ({ address, kind: 'device', role })),
  };
}

async function follow({ context }: JsonCallInContext, change: Change, follows: boolean, results: readonly object[] | null): Promise<Simulation<HttpResponse>> {
  const addDate = new Date(context.now).toISOString().slice(0, 10);
  const remember = await Promise.all([...new Set(change.tokens)].map(async (id) => {
    const known = await context.recall('instance', id);
    const others = Object.entries((known?.value as Followed | undefined)?.topics ?? {}).filter(([name]) => name !== change.topic);
    const topics = Object.fromEntries([...others, ...follows ? [[change.topic, { addDate }] as const] : []]);
    return { kind: 'instance', id, expectVersion: known?.version ?? 0, value: { topics } satisfies Followed };
  }));
  return { reply: jsonReply(200, results === null ? {} : { results }), remember };
}
