import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee, RecipientKind } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { emailOf } from '../wire/mail-fields.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { number } from './contacts.ts';
import { audience, iso, nothingYet } from './effects.ts';
import { errorReply, notFound } from './errors.ts';

const item = '/v3/emailCampaigns/(\\d{1,15})';

/** Calls whose mail goes to people stored at Brevo, or that may set an automation going. */
export const campaignRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: /^\/v3\/emailCampaigns$/, operation: 'emailCampaigns.create', effects: campaign('emailCampaigns.create'), answer: create },
  {
    method: 'PUT', path: new RegExp(`^${item}$`), operation: 'emailCampaigns.update', effects: campaign('emailCampaigns.update'),
    answer: (call) => change(call, asObject(call.body) ?? {}),
  },
  {
    method: 'POST', path: new RegExp(`^${item}/sendNow$`), operation: 'emailCampaigns.sendNow', effects: ({ ids: [id = ''] }) => [{ ...nothingYet, operation: 'emailCampaigns.sendNow', recipients: [audience(`campaign ${id}`)] }],
    answer: (call) => change(call, { status: 'sent', sentDate: iso(call.context.now) }),
  },
  {
    method: 'PUT', path: new RegExp(`^${item}/status$`), operation: 'emailCampaigns.status', effects: ({ ids: [id = ''] }) => [{ ...nothingYet, operation: 'emailCampaigns.status', recipients: [audience(`campaign ${id}`)] }],
    answer: (call) => change(call, { status: field(asObject(call.body), 'status') ?? null }),
  },
  {
    method: 'POST', path: new RegExp(`^${item}/sendTest$`), operation: 'emailCampaigns.sendTest', effects: test('emailCampaigns.sendTest'),
    answer: async ({ ids: [id = ''], context }) => ({ reply: await context.recall('campaign', id) === null ? notFound('Campaign') : emptyReply(204) }),
  },
  {
    method: 'POST', path: new RegExp(`^${item}/sendReport$`), operation: 'emailCampaigns.sendReport',
    effects: ({ body }) => {
      const to = texts(field(asObject(field(asObject(body), 'email')), 'to'));
      return to === null || to.length === 0 ? unreadable('email.to is not a list of addresses') : [{ ...nothingYet, operation: 'emailCampaigns.sendReport', recipients: to.map((address) => person(address, 'to')) }];
    },
    answer: async ({ ids: [id = ''], context }) => ({ reply: await context.recall('campaign', id) === null ? notFound('Campaign') : emptyReply(204) }),
  },
  { method: 'GET', path: /^\/v3\/emailCampaigns$/, operation: 'emailCampaigns.list', answer: async ({ context }) => {
    const campaigns = (await context.list('campaign', { limit: 100 })).items.map(({ value }) => value);
    return { reply: jsonReply(200, { count: campaigns.length, campaigns }) };
  } },
  { method: 'GET', path: new RegExp(`^${item}$`), operation: 'emailCampaigns.get', answer: async ({ ids: [id = ''], context }) => {
    const known = await context.recall('campaign', id);
    return { reply: known === null ? notFound('Campaign') : jsonReply(200, known.value) };
  } },
  { method: 'POST', path: /^\/v3\/smtp\/templates\/([A-Za-z0-9_-]{1,64})\/sendTest$/, operation: 'smtp.templates.sendTest', effects: test('smtp.templates.sendTest'), answer: async () => ({ reply: emptyReply(204) }) },
  {
    method: 'POST', path: /^\/v3\/events$/, operation: 'events.create',
    effects: ({ body }) => asObject(body) === null ? unreadable('the body is not a JSON object') : [{ ...nothingYet, operation: 'events.create', recipients: identified(asObject(body)!) }],
    answer: async () => ({ reply: emptyReply(204) }),
  },
  {
    method: 'POST', path: /^\/v3\/events\/batch$/, operation: 'events.batch',
    effects: ({ body }) => {
      const list = asArray(field(asObject(body), 'events'))?.map(asObject) ?? [];
      return list.length === 0 || list.includes(null) ? unreadable('events is not a list of objects') : list.map((event) => ({ ...nothingYet, operation: 'events.batch', recipients: identified(event!) }));
    },
    answer: async ({ body }) => {
      const total = (asArray(field(asObject(body), 'events')) ?? []).length;
      return { reply: jsonReply(200, { status: 'success', total_events: total, successful_events: total, failed_events: 0 }) };
    },
  },
];

function person(address: string, role: string, kind: RecipientKind = 'email'): Addressee {
  return { address: trimmed(address), kind, role };
}

/** A list of texts; null when anything else is in it. */
function texts(value: JsonValue | undefined): readonly string[] | null {
  const list = asArray(value ?? [])?.map(asString) ?? [null];
  return list.includes(null) ? null : list.map((text) => text ?? '');
}

/** Without emailTo it goes to the whole test list of the account. */
function test(operation: string): (call: JsonCall) => readonly Email[] | Unread {
  return ({ body }) => {
    const object = body === null ? {} : asObject(body);
    const to = texts(field(object, 'emailTo'));
    if (object === null || to === null) return unreadable('emailTo is not a list of addresses');
    const recipients = to.length === 0 ? [audience('the test list')] : to.map((address) => person(address, 'to'));
    return [{ ...nothingYet, operation, recipients: [...recipients, ...strangers(leaves(object, 'body'), recipients)] }];
  };
}

function campaign(operation: string): (call: JsonCall) => readonly Email[] | Unread {
  return ({ body, ids: [id] }) => {
    const object = asObject(body);
    if (object === null) return unreadable('the body is not a JSON object');
    const recipients = asObject(field(object, 'recipients'));
    const lists = (name: string, what: string): readonly Addressee[] => (asArray(field(recipients, name)) ?? []).map((each) => audience(`${what} ${JSON.stringify(each)}`));
    const all = [...lists('listIds', 'list'), ...lists('segmentIds', 'segment')];
    return [{
      ...nothingYet, operation, recipients: all.length > 0 ? all : [audience(id === undefined ? 'contacts stored at Brevo' : `campaign ${id}`)],
      from: emailOf(field(object, 'sender')), subject: asString(field(object, 'subject')), html: asString(field(object, 'htmlContent')),
    }];
  };
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const object = asObject(body) ?? {};
  if (asString(field(object, 'name')) === null) return { reply: errorReply(400, 'missing_parameter', 'name is missing') };
  const now = iso(context.now);
  const value = { ...object, id: number(context), type: 'classic', status: field(object, 'scheduledAt') === undefined ? 'draft' : 'queued', createdAt: now, modifiedAt: now, statistics: {} };
  return { reply: jsonReply(201, { id: value.id }), remember: [{ kind: 'campaign', id: String(value.id), expectVersion: 0, value }] };
}

async function change({ ids: [id = ''], context }: JsonCallInContext, changes: JsonObject): Promise<Simulation<HttpResponse>> {
  const known = await context.recall('campaign', id);
  if (known === null) return { reply: notFound('Campaign') };
  const before = known.value as JsonObject;
  return { reply: emptyReply(204), remember: [{ kind: 'campaign', id, expectVersion: known.version, value: { ...before, ...changes, id: before['id'], modifiedAt: iso(context.now) } }] };
}

/** An event may set an automation going that writes to its contact. */
function identified(event: JsonObject): readonly Addressee[] {
  const identifiers = asObject(field(event, 'identifiers')) ?? {};
  const named = Object.entries(identifiers).map(([name, value]): Addressee => {
    if (name === 'email_id' && typeof value === 'string') return person(value, 'event');
    if (/^(?:phone|whatsapp|landline_number)_id$/.test(name) && typeof value === 'string') return person(value, 'event', 'phone');
    return audience(`contact ${JSON.stringify(value)}`);
  });
  const all = named.length === 0 ? [audience('a contact stored at Brevo')] : named;
  return [...all, ...strangers(leaves(event, 'body'), all)];
}
