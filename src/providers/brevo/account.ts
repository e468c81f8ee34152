import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { number } from './contacts.ts';
import { iso, nothingYet } from './effects.ts';
import { errorReply, notFound } from './errors.ts';

const template = /^\/v3\/smtp\/templates\/(\d{1,15})$/;

/** The account, and the templates that are kept and read back. An account without anything stored looks like a new one. */
export const accountRoutes: readonly JsonRoute[] = [
  {
    method: 'GET', path: /^\/v3\/account$/, operation: 'account.get',
    answer: async () => ({ reply: jsonReply(200, {
      organization_id: '000000000000000000000001', user_id: 1, enterprise: false, companyName: 'Staging', email: 'staging@example.com', firstName: 'Staging', lastName: 'Account',
      address: { city: '', country: '', street: '', zipCode: '' }, plan: [{ type: 'payAsYouGo', creditsType: 'sendLimit', credits: 1_000_000 }],
      relay: { enabled: true, data: { userName: 'staging@example.com', relay: 'smtp-relay.brevo.com', port: 587 } }, marketingAutomation: { enabled: false },
    }) }),
  },
  list('/v3/senders', 'senders', 'sender', (senders) => ({ senders })),
  list('/v3/senders/domains', 'senders.domains', 'domain', (domains) => ({ domains })),
  list('/v3/smtp/blockedContacts', 'smtp.blockedContacts', 'blocked', (contacts) => ({ count: contacts.length, contacts })),
  list('/v3/smtp/blockedDomains', 'smtp.blockedDomains', 'blocked_domain', (domains) => ({ domains })),
  list('/v3/smtp/templates', 'smtp.templates', 'template', (templates) => ({ count: templates.length, templates })),
  {
    method: 'GET', path: template, operation: 'smtp.templates.get',
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('template', id);
      return { reply: known === null ? notFound('Template') : jsonReply(200, known.value) };
    },
  },
  { method: 'POST', path: /^\/v3\/smtp\/templates$/, operation: 'smtp.templates.create', effects: silent('smtp.templates.create'), answer: create },
  {
    method: 'PUT', path: template, operation: 'smtp.templates.update', effects: silent('smtp.templates.update'),
    answer: async ({ ids: [id = ''], body, context }) => {
      const known = await context.recall('template', id);
      if (known === null) return { reply: notFound('Template') };
      return { reply: emptyReply(204), remember: [{ kind: 'template', id, expectVersion: known.version, value: { ...known.value as object, ...fieldsOf(asObject(body) ?? {}), modifiedAt: iso(context.now) } }] };
    },
  },
  {
    method: 'DELETE', path: template, operation: 'smtp.templates.delete', effects: () => [{ ...nothingYet, operation: 'smtp.templates.delete' }],
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('template', id);
      return known === null ? { reply: notFound('Template') } : { reply: emptyReply(204), remember: [{ kind: 'template', id, expectVersion: known.version, value: null }] };
    },
  },
];

function list(path: string, operation: string, kind: string, show: (items: readonly unknown[]) => unknown): JsonRoute {
  return { method: 'GET', path: new RegExp(`^${path}$`), operation: `${operation}.list`, answer: async ({ context }) => ({ reply: jsonReply(200, show((await context.list(kind, { limit: 1000 })).items.map(({ value }) => value))) }) };
}

/** Changes what is stored, reaches nobody. */
function silent(operation: string): NonNullable<JsonRoute['effects']> {
  return ({ body }) => asObject(body) === null ? unreadable('the body is not a JSON object') : [{ ...nothingYet, operation }];
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const object = asObject(body) ?? {};
  const name = asString(field(object, 'templateName'));
  if (name === null) return { reply: errorReply(400, 'missing_parameter', 'Template name is missing') };
  const now = iso(context.now);
  const value = { id: number(context), name, subject: '', isActive: false, testSent: false, sender: {}, replyTo: '[DEFAULT_REPLY_TO]', toField: '', tag: '', htmlContent: '', ...fieldsOf(object), createdAt: now, modifiedAt: now };
  return { reply: jsonReply(201, { id: value.id }), remember: [{ kind: 'template', id: String(value.id), expectVersion: 0, value }] };
}

/** What a caller may set, under the names it is read back by. */
function fieldsOf(body: JsonObject): JsonObject {
  const name = asString(field(body, 'templateName'));
  const given = Object.fromEntries(['subject', 'isActive', 'sender', 'replyTo', 'toField', 'tag', 'htmlContent'].flatMap((each) => {
    const value = field(body, each);
    return value === undefined ? [] : [[each, value] as const];
  }));
  return name === null ? given : { ...given, name };
}
