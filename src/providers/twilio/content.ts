import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Sms } from '../../model/side-effect.ts';
import type { FormField } from '../wire/form.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { createOutputBudget } from '../wire/output-budget.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { accountSid } from './account-sid.ts';
import { notFound, restError } from './error.ts';
import { metaPage } from './page.ts';
import { one } from './route.ts';
import type { Call, Route } from './route.ts';
import { silent } from './silent.ts';
import { iso, wholeSecond } from './time.ts';

const collection = /^\/v1\/Content$/;
const item = /^\/v1\/Content\/(HX[0-9A-Za-z]+)$/;
/** What a template may say of people reaches none of them. */
const harmless = fieldPaths(['friendly_name', 'language', 'variables/**', 'types/**']);

/** Stored templates. They reach nobody until a message names one. https://www.twilio.com/docs/content/content-api-resources */
export const contentRoutes: readonly Route[] = [
  {
    product: 'content', method: 'POST', path: collection, operation: 'content.create', json: true,
    effect: ({ json = {} }) => ({ ...silent('content.create'), recipients: strangers(unknownTexts(json, harmless), []) }),
    answer: create,
  },
  {
    product: 'content', method: 'GET', path: collection, operation: 'content.list',
    answer: async (call) => ({ reply: await metaPage(call, { kind: 'content', key: 'contents', where: {}, keep: () => true, show: ({ value }) => value }) }),
  },
  { product: 'content', method: 'GET', path: item, operation: 'content.fetch', answer: (call) => withStored(call, (value) => ({ reply: jsonReply(200, value) })) },
  {
    product: 'content', method: 'DELETE', path: item, operation: 'content.delete', effect: () => silent('content.delete'),
    answer: (call) => withStored(call, (_value, version) => ({ reply: emptyReply(204), remember: [{ kind: 'content', id: call.ids[0] ?? '', expectVersion: version, value: null }] })),
  },
  {
    product: 'content', method: 'GET', path: /^\/v1\/Content\/(HX[0-9A-Za-z]+)\/ApprovalRequests$/, operation: 'content.approvals.fetch',
    answer: (call) => withStored(call, (value) => ({
      reply: jsonReply(200, {
        sid: call.ids[0], account_sid: field(value, 'account_sid') ?? null,
        whatsapp: { type: 'whatsapp', name: field(value, 'friendly_name') ?? '', category: 'UTILITY', content_type: Object.keys(asObject(field(value, 'types')) ?? {})[0] ?? '', status: 'unsubmitted', rejection_reason: '', allow_category_change: false },
        url: `https://content.twilio.com${call.request.path}`,
      }),
    })),
  },
];

async function create({ json = {}, context, request }: Call): Promise<Simulation<HttpResponse>> {
  const types = asObject(field(json, 'types'));
  if (types === null || Object.keys(types).length === 0) return { reply: restError(400, 20001, 'types is required') };
  const sid = context.id('HX', { length: 32, alphabet: 'hex' });
  const now = iso(wholeSecond(context.now));
  const url = `https://content.twilio.com/v1/Content/${sid}`;
  const value = {
    sid, account_sid: accountSid(request), friendly_name: field(json, 'friendly_name') ?? '', language: field(json, 'language') ?? 'en', variables: field(json, 'variables') ?? {}, types,
    date_created: now, date_updated: now, url, links: { approval_create: `${url}/ApprovalRequests/whatsapp`, approval_fetch: `${url}/ApprovalRequests` },
  };
  return { reply: jsonReply(201, value), remember: [{ kind: 'content', id: sid, expectVersion: 0, value }] };
}

async function withStored({ ids: [sid = ''], context, request }: Call, answer: (value: JsonObject, version: number) => Simulation<HttpResponse>): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('content', sid);
  const value = known === null ? null : asObject(known.value as JsonObject);
  return known === null || value === null ? { reply: notFound(request.path) } : answer(value, known.version);
}

/** What a message says that names a stored template; null where it names none, or none that is known here. */
export async function contentOf(fields: readonly FormField[], recall: SimulationContext['recall']): Promise<Pick<Sms, 'text' | 'media'> | null> {
  const sid = one(fields, 'ContentSid');
  const known = sid === null ? null : await recall('content', sid);
  const content = known === null ? null : asObject(known.value as JsonObject);
  if (content === null) return null;
  const bodies = Object.values(asObject(field(content, 'types')) ?? {}).map((type) => asObject(type));
  const body = bodies.find((type) => asString(field(type, 'body')) !== null) ?? null;
  const given = parseJson(Buffer.from(one(fields, 'ContentVariables') ?? '{}'));
  const variables = { ...asObject(field(content, 'variables')), ...(given.kind === 'json' ? asObject(given.value) : {}) };
  const tags = Object.entries(variables).flatMap(([name, value]) => typeof value === 'string' ? [[`{{${name}}}`, value] as const] : []);
  const text = asString(field(body, 'body'));
  const media = bodies.flatMap((type) => asArray(field(type, 'media')) ?? []).flatMap((url) => asString(url) ?? []);
  return { text: text === null ? null : createOutputBudget().render(text, tags), media };
}
