import type { Addressee } from '../../model/recipient.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { contactKind } from './contacts.ts';
import type { Contact } from './contacts.ts';
import { audience, change, effect, get, item, list, objectOf, patch, queried, reaching, removal, suppression, taken, textIn, withStored } from './stored.ts';
import { badBody } from './error.ts';

const sends = '/v3/marketing/singlesends';
const lists = '/v3/marketing/lists';
const ofSend = ['name', 'categories', 'send_at', 'send_to', 'email_config'];

/** Single sends and old campaigns, whose mail goes to people stored at SendGrid: their addressee is an audience. Lists of contacts. */
export const marketingRoutes: readonly JsonRoute[] = [
  {
    method: 'POST', path: /^\/v3\/marketing\/test\/send_email$/, operation: 'marketing.test.send_email',
    effects: reaching('marketing.test.send_email', 'emails', ['template_id', 'version_id_override', 'sender_id', 'custom_unsubscribe_url', 'suppression_group_id', 'from_address']),
    answer: async () => ({ reply: emptyReply(202) }),
  },
  list(sends, 'singlesend', (items) => ({ result: items, _metadata: { count: items.length } })),
  item(sends, 'singlesend'),
  {
    method: 'POST', path: new RegExp(`^${sends}$`), operation: 'marketing.singlesends.create',
    effects: (call) => [effect('marketing.singlesends.create', audienceOf(objectOf(call)))],
    answer: async (call) => {
      const now = new Date(call.context.now).toISOString();
      const value = { ...objectOf(call), id: call.context.uuid(), status: 'draft', created_at: now, updated_at: now };
      return { reply: jsonReply(201, value), remember: [{ kind: 'singlesend', id: value.id, expectVersion: 0, value }] };
    },
  },
  {
    ...patch(sends, 'singlesend', ofSend, ({ context }) => ({ updated_at: new Date(context.now).toISOString() })), operation: 'marketing.singlesends.update',
    effects: (call) => [effect('marketing.singlesends.update', audienceOf(objectOf(call)))],
  },
  { ...removal(sends, 'singlesend'), operation: 'marketing.singlesends.delete', effects: change('marketing.singlesends.delete') },
  ...(['PUT', 'POST'] as const).map((method): JsonRoute => ({
    method, path: new RegExp(`^${sends}/([\\w-]+)/schedule$`), operation: 'marketing.singlesends.schedule',
    effects: ({ ids: [id = ''] }) => [effect('marketing.singlesends.schedule', [audience(`single send ${id}`)])],
    answer: async (call) => {
      const { ids: [id = ''], context } = call;
      const known = await context.recall('singlesend', id);
      const sendAt = textIn(call, 'send_at') ?? 'now';
      const scheduled = { send_at: sendAt === 'now' ? new Date(context.now).toISOString() : sendAt, status: sendAt === 'now' ? 'triggered' : 'scheduled' };
      return {
        reply: jsonReply(201, scheduled),
        remember: known === null ? [] : [{ kind: 'singlesend', id, expectVersion: known.version, value: { ...known.value as object, ...scheduled } }],
      };
    },
  })),
  {
    method: 'DELETE', path: new RegExp(`^${sends}/([\\w-]+)/schedule$`), operation: 'marketing.singlesends.unschedule', effects: change('marketing.singlesends.unschedule'),
    answer: (call) => withStored(call, 'singlesend', call.ids[0] ?? '', ({ id, version, value }) => {
      const draft = { ...value as object, status: 'draft', send_at: null };
      return { reply: jsonReply(200, draft), remember: [{ kind: 'singlesend', id, expectVersion: version, value: draft }] };
    }),
  },
  {
    method: 'POST', path: /^\/v3\/campaigns\/(\d+)\/schedules(?:\/now)?$/, operation: 'campaigns.schedule',
    effects: ({ ids: [id = ''] }) => [effect('campaigns.schedule', [audience(`campaign ${id}`)])],
    answer: async (call) => ({ reply: jsonReply(201, { id: Number(call.ids[0]), send_at: field(objectOf(call), 'send_at') ?? null, status: 'Scheduled' }) }),
  },
  {
    method: 'POST', path: /^\/v3\/campaigns\/(\d+)\/schedules\/test$/, operation: 'campaigns.test', effects: reaching('campaigns.test', 'to'),
    answer: async (call) => ({ reply: jsonReply(204, { to: field(objectOf(call), 'to') ?? null }) }),
  },

  get(lists, 'marketing.lists.list', async ({ context }) => {
    const [known, contacts] = await Promise.all([context.list('marketing.lists', { limit: 1000 }), context.list(contactKind, { limit: 1000 })]);
    const counted = known.items.map(({ id, value }) => ({ ...value as object, contact_count: contacts.items.filter((each) => (each.value as Contact).list_ids.includes(id)).length }));
    return jsonReply(200, { result: counted, _metadata: { count: counted.length } });
  }),
  item(lists, 'marketing.lists'),
  patch(lists, 'marketing.lists', ['name']),
  {
    method: 'POST', path: new RegExp(`^${lists}$`), operation: 'marketing.lists.create', effects: change('marketing.lists.create', ['name']),
    answer: async (call) => {
      if ((textIn(call, 'name') ?? '') === '') return { reply: badBody('name is required', 'name') };
      const id = call.context.uuid();
      const value = { ...taken(objectOf(call), ['name']), id, contact_count: 0, _metadata: { self: `https://api.sendgrid.com${lists}/${id}` } };
      return { reply: jsonReply(201, value), remember: [{ kind: 'marketing.lists', id, expectVersion: 0, value }] };
    },
  },
  { ...removal(lists, 'marketing.lists') },
  {
    method: 'DELETE', path: new RegExp(`^${lists}/([\\w-]+)/contacts$`), operation: 'marketing.lists.contacts.delete', query: true,
    effects: (call) => suppression('marketing.lists.contacts.delete', (queried(call, 'contact_ids') ?? '').split(',').map((id) => audience(`contact ${id} of list ${call.ids[0]}`))),
    answer: async (call) => {
      const [{ ids: [listId] }, wanted] = [call, (queried(call, 'contact_ids') ?? '').split(',')];
      const { items } = await call.context.list(contactKind, { limit: 1000 });
      return {
        reply: jsonReply(202, { job_id: call.context.uuid() }),
        remember: items.filter(({ value }) => wanted.includes((value as Contact).id)).map(({ id, version, value }) => ({
          kind: contactKind, id, expectVersion: version, value: { ...value as Contact, list_ids: (value as Contact).list_ids.filter((each) => each !== listId) },
        })),
      };
    },
  },
];

function audienceOf(body: JsonObject): readonly Addressee[] {
  const sendTo = asObject(field(body, 'send_to'));
  const named = (name: string, what: string): readonly Addressee[] =>
    (asArray(field(sendTo, name)) ?? []).map((id) => audience(`${what} ${asString(id) ?? JSON.stringify(id)}`));
  const all = [...named('list_ids', 'list'), ...named('segment_ids', 'segment')];
  return all.length > 0 && field(sendTo, 'all') !== true ? all : [...all, audience('contacts stored at SendGrid')];
}
