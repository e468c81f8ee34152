import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import { formAll, parseQuery } from '../wire/form.ts';
import type { CallContent, JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { isBodiless } from '../wire/body.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { segmentsOf } from '../wire/segments.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import { apiError, notFound } from './error.ts';
import { contentOf, integerOf, livenessOf, recipientsOf, rfc3339, textOf, withStrangers } from './fields.ts';
import { arrival, report, shown, statusesOf } from './stored.ts';
import type { Resource, Stored } from './stored.ts';

const known = fieldPaths([
  'originator', 'body', 'recipients/**', 'groupIds/**', 'type', 'reference', 'reportUrl', 'validity', 'gateway', 'typeDetails/**', 'datacoding', 'mclass', 'scheduledDatetime', 'shortenUrls', 'direction',
  'subject', 'mediaUrls/**', 'language', 'voice', 'repeat', 'ifMachine', 'machineTimeout', 'access_key',
]);

/** https://developers.messagebird.com/api/sms-messaging, .../mms-messaging, .../voice-messaging */
export const messageRoutes: readonly JsonRoute[] = (['messages', 'mms', 'voicemessages'] as const).flatMap((resource): readonly JsonRoute[] => {
  const item = new RegExp(`^/${resource}/([0-9a-f]{32})$`);
  const collection = new RegExp(`^/${resource}$`);
  return [
    { method: 'POST', path: collection, operation: `${resource}.create`, read: contentOf, effects: (call) => effects(resource, call), answer: (call) => create(resource, call) },
    { method: 'GET', path: item, operation: `${resource}.read`, read: queryOf([]), answer: (call) => withStored(resource, call, async (stored) => ({ reply: jsonReply(200, shown(stored, call.context.now)) })) },
    { method: 'GET', path: collection, operation: `${resource}.list`, read: queryOf(['limit', 'offset', 'status']), answer: (call) => list(resource, call) },
    {
      method: 'DELETE', path: item, operation: `${resource}.delete`, effects: ({ request }) => [nobody(resource, `${resource}.delete`, request)],
      answer: (call) => withStored(resource, call, async (stored, version) => ({ reply: emptyReply(204), remember: [{ kind: resource, id: stored.id, expectVersion: version, value: null }] })),
    },
  ];
});

/** A read with no more in its query than these, each once: others may ask for something that is not answered. */
export function queryOf(names: readonly string[]): (request: HttpRequest) => CallContent | Unread {
  return (request) => {
    if (!isBodiless(request)) return unreadable('a GET carries a body');
    const query = parseQuery(request.query);
    if (query.kind === 'unreadable') return query;
    const given = query.fields.map(([name]) => name);
    const odd = given.find((name, index) => ![...names, 'access_key'].includes(name) || given.indexOf(name) !== index);
    return odd === undefined ? { kind: 'content', body: null, query: query.fields } : unreadable(`'${odd.slice(0, 40)}' in the query is not simulated, or there twice`);
  };
}

function nobody(resource: Resource, operation: string, request: HttpRequest): SideEffect {
  const base = { provider: 'messagebird', operation, liveness: livenessOf(request), recipients: [], keys: [], from: null } as const;
  return resource === 'voicemessages' ? { ...base, channel: 'voice', script: null } : { ...base, channel: 'sms', text: null, media: [], template: null };
}

function effects(resource: Resource, { body, request }: JsonCall): readonly SideEffect[] | Unread {
  const fields = asObject(body) ?? {};
  const odd = lookalike(Object.keys(fields), ['recipients', 'groupIds', 'body']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as MessageBird spells it`);
  const recipients = recipientsOf(fields, { people: 'recipients', groups: 'groupIds' });
  if ('kind' in recipients) return recipients;
  if (recipients.length === 0) return unreadable('no recipients');
  const reference = textOf(field(fields, 'reference'));
  const base = {
    provider: 'messagebird', operation: `${resource}.create`, liveness: livenessOf(request), recipients, keys: reference === null ? [] : [{ name: 'reference', value: reference }], from: textOf(field(fields, 'originator')),
  } as const;
  const text = asString(field(fields, 'body'));
  const subject = asString(field(fields, 'subject'));
  const effect: SideEffect = resource === 'voicemessages' ? { ...base, channel: 'voice', script: text }
    : { ...base, channel: 'sms', text: subject === null ? text : [subject, text ?? ''].join('\n'), media: (asArray(field(fields, 'mediaUrls')) ?? []).flatMap((url) => asString(url) ?? []), template: null };
  return [withStrangers(effect, fields, known)];
}

async function create(resource: Resource, { body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const fields = asObject(body) ?? {};
  const recipients = recipientsOf(fields, { people: 'recipients', groups: 'groupIds' });
  const people = 'kind' in recipients ? [] : recipients.filter(({ kind }) => kind === 'phone').map(({ address }) => address);
  const right = people.filter((number) => /^\+[1-9][0-9]{6,14}$/.test(number));
  if (right.length === 0 && people.length > 0) return { reply: apiError(422, 9, 'no (correct) recipients found', 'recipients') };
  const id = context.id('', { length: 32, alphabet: 'hex' });
  const due = Date.parse(textOf(field(fields, 'scheduledDatetime')) ?? '');
  const scheduled = due > context.now;
  const text = asString(field(fields, 'body')) ?? '';
  const stored: Stored = {
    id, resource, object: objectOf(resource, id, fields, context.now), reference: textOf(field(fields, 'reference')), reportUrl: textOf(field(fields, 'reportUrl')),
    length: text.length, parts: segmentsOf(text, codings[textOf(field(fields, 'datacoding')) ?? 'plain'] ?? null).count,
    startsAt: scheduled ? due : context.now, scheduled, items: right.map((to) => ({ to, status: null, at: context.now })),
  };
  return {
    reply: jsonReply(201, shown(stored, context.now)),
    remember: [{ kind: resource, id, expectVersion: 0, value: stored }],
    // A scheduled message may still be deleted.
    callbacks: scheduled ? [] : right.flatMap((to) => report(stored, to, 'delivered', stored.startsAt + arrival)),
  };
}

/** 'auto' is what the text needs. */
const codings: Readonly<Record<string, 'GSM-7' | 'UCS-2'>> = { plain: 'GSM-7', unicode: 'UCS-2' };

function objectOf(resource: Resource, id: string, fields: JsonObject, now: number): Stored['object'] {
  const given = (name: string, otherwise: unknown = null): unknown => field(fields, name) ?? otherwise;
  const originator = textOf(field(fields, 'originator'));
  const base = { id, href: `https://rest.messagebird.com/${resource}/${id}` };
  const times = { scheduledDatetime: given('scheduledDatetime'), createdDatetime: rfc3339(now) };
  switch (resource) {
    case 'messages': return {
      ...base, direction: 'mt', type: given('type', 'sms'), originator: originator === null ? null : integerOf(originator), body: given('body'), reference: given('reference'), reportUrl: given('reportUrl'),
      validity: given('validity'), gateway: given('gateway', 10), typeDetails: given('typeDetails', {}), datacoding: given('datacoding', 'plain'), mclass: given('mclass', 1), ...times,
    };
    case 'mms': return { ...base, direction: 'mt', originator, subject: given('subject'), body: given('body'), reference: given('reference'), mediaUrls: given('mediaUrls', []), ...times };
    case 'voicemessages': return {
      ...base, originator, body: given('body'), reference: given('reference'), language: given('language', 'en-gb'), voice: given('voice', 'female'), repeat: given('repeat', 1),
      ifMachine: given('ifMachine', 'continue'), machineTimeout: given('machineTimeout', 7000), ...times,
    };
  }
}

async function list(resource: Resource, { query, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const whole = (name: string, otherwise: number): number => Math.max(Math.trunc(Number(formAll(query, name)[0] ?? otherwise)) || 0, 0);
  const [limit, offset] = [Math.min(whole('limit', 20), 200), whole('offset', 0)];
  const status = formAll(query, 'status')[0];
  const { items } = await context.list(resource, { limit: 1000 });
  const all = items.map(({ value }) => value as Stored).filter((stored) => status === undefined || statusesOf(stored, context.now).includes(status));
  const page = all.slice(offset, offset + limit);
  const link = (from: number): string => `https://rest.messagebird.com/${resource}/?offset=${from}&limit=${limit}`;
  const last = limit === 0 ? 0 : Math.max(Math.ceil(all.length / limit) - 1, 0) * limit;
  return {
    reply: jsonReply(200, {
      offset, limit, count: page.length, totalCount: all.length,
      links: { first: link(0), previous: offset === 0 ? null : link(Math.max(offset - limit, 0)), next: offset + limit < all.length ? link(offset + limit) : null, last: link(last) },
      items: page.map((stored) => shown(stored, context.now)),
    }),
  };
}

async function withStored(resource: Resource, { ids: [id = ''], context }: JsonCallInContext, answer: (stored: Stored, version: number) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const found = await context.recall(resource, id);
  return found === null || found.value === null ? { reply: notFound(resource === 'voicemessages' ? 'voice message' : 'message', id) } : answer(found.value as Stored, found.version);
}
