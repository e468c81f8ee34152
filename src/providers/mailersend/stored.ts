import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import { formAll } from '../wire/form.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import { audience, iso, nothingYet } from './effects.ts';
import { invalid, notFound } from './errors.ts';

const id = '([A-Za-z0-9]{1,64})';
/** of an identity: who answers go to is not asked to confirm */
const identity = fieldPaths(['domain_id', 'email', 'name', 'personal_note', 'add_note', 'reply_to_email', 'reply_to_name']);

/**
 * What lies beside the mails. What is listed is what was remembered (or seeded by a test through the simulators API) under the
 * kind named here; an account without anything stored looks like a new one.
 */
export const storedRoutes: readonly JsonRoute[] = [
  ...reads('domains', 'domain'),
  ...reads('templates', 'template'),
  ...reads('recipients', 'recipient'),
  ...reads('webhooks', 'webhook'),
  ...reads('identities', 'identity'),
  ...['blocklist', 'hard-bounces', 'spam-complaints', 'unsubscribes', 'on-hold-list'].map((type): JsonRoute => (
    { method: 'GET', path: new RegExp(`^/v1/suppressions/${type}$`), operation: `suppressions.${type}.list`, answer: (call) => paged(call, `suppression.${type}`, (value) => value) })),
  {
    method: 'GET', path: /^\/v1\/api-quota$/, operation: 'api-quota.get',
    answer: async ({ context }) => ({ reply: jsonReply(200, { quota: 1_000_000, remaining: 1_000_000, reset: `${new Date(context.now + 86_400_000).toISOString().slice(0, 10)}T00:00:00Z` }) }),
  },
  {
    // Asks the new sender to confirm.
    method: 'POST', path: /^\/v1\/identities$/, operation: 'identities.create',
    effects: ({ body }) => {
      const object = asObject(body);
      const email = trimmed(asString(field(object, 'email')) ?? '');
      if (object === null || email === '') return unreadable('no email');
      const people: readonly Addressee[] = [{ address: email, kind: 'email', role: 'to' }];
      return [{ ...nothingYet, operation: 'identities.create', recipients: [...people, ...strangers(unknownTexts(object, identity), people)] }];
    },
    answer: createIdentity,
  },
  {
    method: 'POST', path: new RegExp(`^/v1/identities/${id}/resend$`), operation: 'identities.resend',
    effects: ({ ids: [one = ''] }) => [{ ...nothingYet, operation: 'identities.resend', recipients: [audience(`sender identity ${one}`)] }],
    answer: async ({ ids: [one = ''], context }) => {
      const known = await context.recall('identity', one);
      return { reply: known === null ? notFound() : jsonReply(200, { data: known.value }) };
    },
  },
];

function reads(resource: string, kind: string): readonly JsonRoute[] {
  return [
    { method: 'GET', path: new RegExp(`^/v1/${resource}$`), operation: `${resource}.list`, answer: (call) => paged(call, kind, (value) => value) },
    {
      method: 'GET', path: new RegExp(`^/v1/${resource}/${id}$`), operation: `${resource}.get`,
      answer: async ({ ids: [one = ''], context }) => {
        const known = await context.recall(kind, one);
        return { reply: known === null ? notFound() : jsonReply(200, { data: known.value }) };
      },
    },
  ];
}

/** A page as MailerSend's framework has it; what is shown as null is left out. https://developers.mailersend.com/general.html#pagination */
export async function paged(call: JsonCallInContext, kind: string, show: (value: unknown) => unknown): Promise<Simulation<HttpResponse>> {
  const number = (name: string, usual: number): number => Math.max(Math.trunc(Number(formAll(call.query, name)[0] ?? usual)) || usual, 1);
  const [page, limit] = [number('page', 1), Math.min(number('limit', 25), 100)];
  const all = (await call.context.list(kind, { limit: 1000 })).items.map(({ value }) => show(value)).filter((value) => value !== null);
  const items = all.slice((page - 1) * limit, page * limit);
  const last = Math.max(Math.ceil(all.length / limit), 1);
  const at = (wanted: number): string => `https://api.mailersend.com${call.request.path}?page=${wanted}`;
  return { reply: jsonReply(200, {
    data: items, links: { first: at(1), last: at(last), prev: page > 1 ? at(page - 1) : null, next: page < last ? at(page + 1) : null },
    meta: { current_page: page, from: items.length === 0 ? null : (page - 1) * limit + 1, last_page: last, path: `https://api.mailersend.com${call.request.path}`, per_page: limit, to: items.length === 0 ? null : (page - 1) * limit + items.length, total: all.length },
  }) };
}

async function createIdentity({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const object = asObject(body);
  const name = asString(field(object, 'name'));
  if (name === null) return { reply: invalid({ name: ['The name field is required.'] }) };
  const value = {
    id: context.id('', { length: 14 }), email: asString(field(object, 'email')), name, reply_to_email: asString(field(object, 'reply_to_email')), reply_to_name: asString(field(object, 'reply_to_name')),
    is_verified: false, resends: 0, add_note: field(object, 'add_note') === true, personal_note: asString(field(object, 'personal_note')), created_at: iso(context.now),
  };
  return { reply: jsonReply(201, { data: value }), remember: [{ kind: 'identity', id: value.id, expectVersion: 0, value }] };
}
