import { jsonReply, emptyReply } from '../wire/reply.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { change, effect, get, list, textIn, audience, withStored } from './stored.ts';
import { badBody } from './error.ts';

const path = '/v3/user/scheduled_sends';
const kind = 'user.scheduled_sends';

/** Batches of mails that are to leave later, and what stops them. https://www.twilio.com/docs/sendgrid/api-reference/cancel-scheduled-sends */
export const scheduledRoutes: readonly JsonRoute[] = [
  {
    // A name for a batch, nothing else.
    method: 'POST', path: /^\/v3\/mail\/batch$/, operation: 'mail.batch.create',
    answer: async ({ context }) => {
      const value = { batch_id: context.id('', { length: 52 }) };
      return { reply: jsonReply(201, value), remember: [{ kind: 'batch', id: value.batch_id, expectVersion: 0, value }] };
    },
  },
  get('/v3/mail/batch/([\\w-]+)', 'mail.batch.get', async ({ ids, context }) => {
    const known = await context.recall('batch', ids[0] ?? '');
    return known === null ? badBody('invalid batch id', null) : jsonReply(200, known.value);
  }),
  list(path, kind, (items) => items),
  get(`${path}/([\\w-]+)`, `${kind}.get`, async ({ ids, context }) => {
    const known = await context.recall(kind, ids[0] ?? '');
    return jsonReply(200, known === null ? [] : [known.value]);
  }),
  {
    method: 'POST', path: new RegExp(`^${path}$`), operation: `${kind}.create`, effects: change(`${kind}.create`, ['batch_id', 'status']),
    answer: async (call) => {
      const [batch_id, status] = [textIn(call, 'batch_id') ?? '', textIn(call, 'status') ?? ''];
      if (await call.context.recall('batch', batch_id) === null) return { reply: badBody('invalid batch id', 'batch_id') };
      if (!stops.includes(status)) return { reply: badBody('status must be "cancel" or "pause"', 'status') };
      if (await call.context.recall(kind, batch_id) !== null) return { reply: badBody('a status for this batch id exists, try PATCH to update the status', null) };
      const value = { batch_id, status };
      return { reply: jsonReply(201, value), remember: [{ kind, id: batch_id, expectVersion: 0, value }] };
    },
  },
  {
    method: 'PATCH', path: new RegExp(`^${path}/([\\w-]+)$`), operation: `${kind}.update`, effects: change(`${kind}.update`, ['status']),
    answer: (call) => withStored(call, kind, call.ids[0] ?? '', ({ id, version }) => {
      const status = textIn(call, 'status') ?? '';
      return stops.includes(status) ? { reply: emptyReply(204), remember: [{ kind, id, expectVersion: version, value: { batch_id: id, status } }] } : { reply: badBody('status must be "cancel" or "pause"', 'status') };
    }),
  },
  {
    // What was held back leaves after all.
    method: 'DELETE', path: new RegExp(`^${path}/([\\w-]+)$`), operation: `${kind}.delete`,
    effects: ({ ids: [id = ''] }) => [effect(`${kind}.delete`, [audience(`mails of batch ${id}`)])],
    answer: (call) => withStored(call, kind, call.ids[0] ?? '', ({ id, version }) => ({ reply: emptyReply(204), remember: [{ kind, id, expectVersion: version, value: null }] })),
  },
];

const stops = ['cancel', 'pause'];
