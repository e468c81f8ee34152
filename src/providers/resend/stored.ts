import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { nothingYet } from './effects.ts';
import { errorReply, missing, notFound } from './errors.ts';
import { page } from './page.ts';
import { iso } from './stored-email.ts';

const id = '([A-Za-z0-9][A-Za-z0-9_-]*)';

/**
 * Objects that are kept and read back and reach nobody by themselves. What is listed is what was remembered (or seeded by a test
 * through the simulators API) under the kind named here; an account without anything stored looks like a new one.
 */
export const storedRoutes: readonly JsonRoute[] = [
  ...reads('/domains', 'domains', 'domain', 'Domain'),
  ...reads('/api-keys', 'api_keys', 'api_key', null),
  ...reads('/webhooks', 'webhooks', 'webhook', 'Webhook'),
  ...reads('/suppressions', 'suppressions', 'suppression', null),
  ...reads('/topics', 'topics', 'topic', 'Topic'),
  ...reads('/broadcasts', 'broadcasts', 'broadcast', 'Broadcast'),
  ...reads('/(?:audiences|segments)', 'segments', 'segment', 'Segment'),
  ...reads('/templates', 'templates', 'template', 'Template'),
  { method: 'GET', path: new RegExp(`^/(?:contacts|(?:audiences|segments)/[A-Za-z0-9-]+/contacts)$`), operation: 'contacts.list', answer: async (call) => ({ reply: jsonReply(200, await page(call, 'contact', withoutProperties)) }) },
  {
    method: 'GET', path: /^\/(?:contacts|audiences\/[A-Za-z0-9-]+\/contacts)\/([A-Za-z0-9][A-Za-z0-9._+@-]*)$/, operation: 'contacts.get',
    answer: async ({ ids: [one = ''], context }) => {
      const found = one.includes('@') ? (await context.list('contact', { where: { email: one }, limit: 1 })).items[0] ?? null : await context.recall('contact', one);
      return { reply: found === null ? notFound('Contact') : jsonReply(200, { object: 'contact', ...found.value as object }) };
    },
  },
  { method: 'DELETE', path: /^\/contacts\/([A-Za-z0-9][A-Za-z0-9._+@-]*)$/, operation: 'contacts.delete', effects: silent('contacts.delete'), answer: (call) => forget(call, 'contact', 'Contact') },
  {
    method: 'POST', path: /^\/(?:audiences|segments)$/, operation: 'segments.create', effects: silent('segments.create'),
    answer: async ({ body, context }) => {
      const name = asString(field(asObject(body), 'name'));
      if (name === null) return { reply: errorReply(missing('name')) };
      const value = { id: context.uuid(), name, created_at: iso(context.now) };
      return { reply: jsonReply(201, { object: 'segment', id: value.id, name }), remember: [{ kind: 'segment', id: value.id, expectVersion: 0, value }] };
    },
  },
  { method: 'DELETE', path: new RegExp(`^/(?:audiences|segments)/${id}$`), operation: 'segments.delete', effects: silent('segments.delete'), answer: (call) => forget(call, 'segment', 'Segment') },
  { method: 'DELETE', path: new RegExp(`^/broadcasts/${id}$`), operation: 'broadcasts.delete', effects: silent('broadcasts.delete'), answer: (call) => forget(call, 'broadcast', 'Broadcast') },
  { method: 'POST', path: /^\/templates$/, operation: 'templates.create', effects: silent('templates.create'), answer: createTemplate },
  { method: 'PATCH', path: new RegExp(`^/templates/${id}$`), operation: 'templates.update', effects: silent('templates.update'), answer: (call) => changeTemplate(call, { ...asObject(call.body), updated_at: iso(call.context.now) }) },
  { method: 'POST', path: new RegExp(`^/templates/${id}/publish$`), operation: 'templates.publish', effects: silent('templates.publish'), answer: (call) => changeTemplate(call, { status: 'published', published_at: iso(call.context.now) }) },
  { method: 'DELETE', path: new RegExp(`^/templates/${id}$`), operation: 'templates.delete', effects: silent('templates.delete'), answer: (call) => forget(call, 'template', 'Template') },
];

function reads(path: string, operation: string, kind: string, what: string | null): readonly JsonRoute[] {
  return [
    { method: 'GET', path: new RegExp(`^${path}$`), operation: `${operation}.list`, answer: async (call) => ({ reply: jsonReply(200, await page(call, kind, (value) => value)) }) },
    ...(what === null ? [] : [{
      method: 'GET' as const, path: new RegExp(`^${path}/${id}$`), operation: `${operation}.get`,
      answer: async ({ ids: [one = ''], context }: JsonCallInContext) => {
        const known = await context.recall(kind, one);
        return { reply: known === null ? notFound(what) : jsonReply(200, { object: kind, ...known.value as object }) };
      },
    }]),
  ];
}

/** Changes what is stored, reaches nobody. */
function silent(operation: string): NonNullable<JsonRoute['effects']> {
  return ({ body, request }) => request.method !== 'DELETE' && body !== null && asObject(body) === null ? unreadable('the body is not a JSON object') : [{ ...nothingYet, operation }];
}

function withoutProperties(value: unknown): unknown {
  const { properties: _properties, ...rest } = value as Readonly<Record<string, unknown>>;
  return rest;
}

async function forget({ ids: [one = ''], context }: JsonCallInContext, kind: string, what: string): Promise<Simulation<HttpResponse>> {
  const known = one.includes('@') ? (await context.list(kind, { where: { email: one }, limit: 1 })).items[0] ?? null : await context.recall(kind, one);
  if (known === null) return { reply: notFound(what) };
  return { reply: jsonReply(200, { object: kind, ...(kind === 'contact' ? { contact: known.id } : { id: known.id }), deleted: true }), remember: [{ kind, id: known.id, expectVersion: known.version, value: null }] };
}

async function createTemplate({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const object = asObject(body) ?? {};
  const text = (name: string): string | null => asString(field(object, name));
  for (const name of ['name', 'html']) if (text(name) === null) return { reply: errorReply(missing(name)) };
  const now = iso(context.now);
  const replyTo = field(object, 'reply_to');
  const value = {
    id: context.uuid(), name: text('name'), subject: text('subject'), html: text('html'), text: text('text'), status: 'draft',
    variables: (asArray(field(object, 'variables')) ?? []).map((each) => ({ fallback_value: null, ...asObject(each), created_at: now, updated_at: now })),
    alias: text('alias'), from: text('from'), reply_to: typeof replyTo === 'string' ? [replyTo] : asArray(replyTo),
    published_at: null, created_at: now, updated_at: now, has_unpublished_versions: true, current_version_id: context.uuid(),
  };
  return { reply: jsonReply(201, { object: 'template', id: value.id }), remember: [{ kind: 'template', id: value.id, expectVersion: 0, value }] };
}

async function changeTemplate({ ids: [one = ''], context }: JsonCallInContext, changes: object): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('template', one);
  if (known === null) return { reply: notFound('Template') };
  return { reply: jsonReply(200, { object: 'template', id: one }), remember: [{ kind: 'template', id: one, expectVersion: known.version, value: { ...known.value as object, ...changes, id: one } }] };
}
