import type { Remember } from '../../model/provider.ts';
import { field } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { badBody, notFound } from './error.ts';
import { change, emailInPath, emailsIn, get, item, numberId, objectOf, patch, queried, removal, suppression, taken, textIn, withStored } from './stored.ts';
import { about, addressIn, idOf, person } from './suppressions.ts';

const groups = '/v3/asm/groups';
const settable = ['name', 'description', 'is_default'];
const kind = 'asm.suppressions';

interface Group { readonly id: number; readonly name: string; readonly description: string; readonly is_default: boolean }
interface GroupSuppression { readonly email: string; readonly group_id: number; readonly group_name: string; readonly created_at: number }

/** Unsubscribe groups and who left them. https://www.twilio.com/docs/sendgrid/api-reference/suppressions-unsubscribe-groups */
export const groupRoutes: readonly JsonRoute[] = [
  get(groups, 'asm.groups.list', async (call) => {
    const wanted = call.query.filter(([name]) => name === 'id').map(([, id]) => id);
    const all = (await call.context.list('asm.groups', { limit: 500 })).items;
    return jsonReply(200, all.filter(({ id }) => wanted.length === 0 || wanted.includes(id)).map(({ value }) => value));
  }),
  {
    method: 'POST', path: new RegExp(`^${groups}$`), operation: 'asm.groups.create', effects: change('asm.groups.create', settable),
    answer: async (call) => {
      if ((textIn(call, 'name') ?? '') === '') return { reply: badBody("name can't be blank", 'name') };
      const value = { description: '', is_default: false, ...taken(objectOf(call), settable), id: numberId(call, 5), last_email_sent_at: null };
      return { reply: jsonReply(201, value), remember: [{ kind: 'asm.groups', id: String(value.id), expectVersion: 0, value }] };
    },
  },
  item(groups, 'asm.groups'), patch(groups, 'asm.groups', settable), removal(groups, 'asm.groups'),
  get(`${groups}/(\\d+)/suppressions`, 'asm.groups.suppressions.list', async ({ ids: [group = ''], context }) =>
    jsonReply(200, (await context.list(kind, { where: { group }, limit: 1000 })).items.map(({ value }) => (value as GroupSuppression).email))),
  {
    method: 'POST', path: new RegExp(`^${groups}/(\\d+)/suppressions$`), operation: 'asm.groups.suppressions.create',
    effects: (call) => about('asm.groups.suppressions.create', call),
    answer: (call) => withStored(call, 'asm.groups', call.ids[0] ?? '', async (known) => {
      const group = known.value as Group;
      const emails = [...new Set((emailsIn(field(objectOf(call), 'recipient_emails')) ?? []).map((email) => email.toLowerCase()))];
      const remember = await Promise.all(emails.map(async (email): Promise<Remember> => {
        const value: GroupSuppression = { email, group_id: group.id, group_name: group.name, created_at: Math.floor(call.context.now / 1000) };
        return { kind, id: `${group.id} ${email}`, expectVersion: (await call.context.recall(kind, `${group.id} ${email}`))?.version ?? 0, value, index: { group: String(group.id), email } };
      }));
      return { reply: jsonReply(201, { recipient_emails: emails }), remember };
    }),
  },
  {
    method: 'POST', path: new RegExp(`^${groups}/(\\d+)/suppressions/search$`), operation: 'asm.groups.suppressions.search',
    answer: async (call) => {
      const emails = emailsIn(field(objectOf(call), 'recipient_emails'))?.map((email) => email.toLowerCase());
      if (emails === undefined) return { reply: badBody('recipient_emails is required', 'recipient_emails') };
      const found = await Promise.all(emails.map((email) => call.context.recall(kind, `${call.ids[0]} ${email}`)));
      return { reply: jsonReply(200, emails.filter((_email, index) => found[index] !== null)) };
    },
  },
  {
    method: 'DELETE', path: new RegExp(`^${groups}/(\\d+)/suppressions/${emailInPath}$`), operation: 'asm.groups.suppressions.delete',
    effects: ({ ids }) => suppression('asm.groups.suppressions.delete', [person(addressIn(ids[1]))]),
    answer: async ({ ids: [group = '', email], context }) => {
      const known = await context.recall(kind, `${group} ${idOf(email)}`);
      return known === null ? { reply: notFound() } : { reply: emptyReply(204), remember: [{ kind, id: known.id, expectVersion: known.version, value: null }] };
    },
  },
  get('/v3/asm/suppressions', 'asm.suppressions.list', async (call) => {
    const email = queried(call, 'email')?.toLowerCase();
    return jsonReply(200, (await call.context.list(kind, { limit: 1000, ...(email === undefined ? {} : { where: { email } }) })).items.map(({ value }) => value));
  }),
  get(`/v3/asm/suppressions/${emailInPath}`, 'asm.suppressions.get', async ({ ids, context }) => {
    const left = (await context.list(kind, { where: { email: idOf(ids[0]) }, limit: 1000 })).items.map(({ value }) => (value as GroupSuppression).group_id);
    const all = (await context.list('asm.groups', { limit: 500 })).items.map(({ value }) => value as Group);
    return jsonReply(200, { suppressions: all.map(({ id, name, description, is_default }) => ({ id, name, description, is_default, suppressed: left.includes(id) })) });
  }),
];
