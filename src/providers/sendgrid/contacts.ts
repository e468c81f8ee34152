import type { HttpResponse } from '../../model/exchange.ts';
import type { Remember, Remembered, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { lookalike } from '../wire/lookalike.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import { audience, effect, emailsIn, get, item, objectOf, queried, suppression, textIn } from './stored.ts';
import { badBody, errorReply } from './error.ts';
import { readQuery } from './query.ts';

const path = '/v3/marketing/contacts';
export const contactKind = 'marketing.contacts';
const identifiers = ['email', 'phone_number_id', 'external_id', 'anonymous_id'];

const ofUpsert = fieldPaths(['contacts/**', 'list_ids/**']);

export type Contact = JsonObject & { readonly id: string; readonly email: string; readonly list_ids: readonly string[] };

/** Contacts, remembered by their address. https://www.twilio.com/docs/sendgrid/api-reference/contacts */
export const contactRoutes: readonly JsonRoute[] = [
  {
    // Automations may send to whoever is added, so this is no mere bookkeeping.
    method: 'PUT', path: new RegExp(`^${path}$`), operation: 'marketing.contacts.upsert',
    effects: (call) => {
      const contacts = asArray(field(objectOf(call), 'contacts')) ?? [];
      if (contacts.length === 0) return unreadable('the body does not tell whom it would reach');
      if (contacts.some((each) => lookalike(Object.keys(asObject(each) ?? {}), ['email']) !== null)) return unreadable('a contact has a field that only looks like email');
      const named = contacts.map((each) => addresseeOf(asObject(each)));
      return [effect('marketing.contacts.upsert', [...named, ...strangers(unknownTexts(call.body, ofUpsert), named)])];
    },
    answer: upsert,
  },
  {
    method: 'DELETE', path: new RegExp(`^${path}$`), operation: 'marketing.contacts.delete', query: true,
    effects: (call) => {
      const ids = idsIn(call);
      return ids === null ? unreadable('it names neither ids nor all contacts') : suppression('marketing.contacts.delete', ids === 'all' ? [audience('all contacts')] : ids.map((id) => audience(`contact ${id}`)));
    },
    answer: async (call) => {
      const ids = idsIn(call);
      const known = (await all(call.context)).filter(({ value }) => ids === 'all' || ids?.includes((value as Contact).id) === true);
      return { reply: jsonReply(202, { job_id: call.context.uuid() }), remember: known.map(({ id, version }): Remember => ({ kind: contactKind, id, expectVersion: version, value: null })) };
    },
  },
  get(path, 'marketing.contacts.list', async ({ context }) => shown(await all(context))),
  get(`${path}/count`, 'marketing.contacts.count', async ({ context }) => {
    const contact_count = (await all(context)).length;
    return jsonReply(200, { contact_count, billable_count: contact_count, billable_breakdown: { total: contact_count, breakdown: {} } });
  }),
  get(`${path}/([0-9a-f]{8}-[\\w-]+)`, 'marketing.contacts.get', async ({ ids: [id], context }) => {
    const known = (await all(context)).find(({ value }) => (value as Contact).id === id);
    return known === undefined ? badContact() : jsonReply(200, known.value);
  }),
  item(`${path}/imports`, 'marketing.contacts.imports'),
  {
    method: 'POST', path: new RegExp(`^${path}/search$`), operation: 'marketing.contacts.search',
    answer: async (call) => {
      const fits = readQuery(textIn(call, 'query') ?? '');
      return { reply: 'kind' in fits ? badBody(fits.why, 'query') : shown((await all(call.context)).filter(({ value }) => fits.match(value as Contact))) };
    },
  },
  {
    method: 'POST', path: new RegExp(`^${path}/search/emails$`), operation: 'marketing.contacts.search_emails',
    answer: async (call) => {
      const emails = (emailsIn(field(objectOf(call), 'emails')) ?? []).map((email) => email.toLowerCase());
      const known = (await Promise.all(emails.map((email) => call.context.recall(contactKind, email)))).filter((each) => each !== null);
      return { reply: known.length === 0 ? badContact() : jsonReply(200, { result: Object.fromEntries(known.map(({ value }) => [(value as Contact).email, { contact: value }])) }) };
    },
  },
  {
    method: 'POST', path: new RegExp(`^${path}/batch$`), operation: 'marketing.contacts.batch',
    answer: async (call) => {
      const ids = emailsIn(field(objectOf(call), 'ids')) ?? [];
      return { reply: jsonReply(200, { result: (await all(call.context)).map(({ value }) => value as Contact).filter(({ id }) => ids.includes(id)) }) };
    },
  },
];

function addresseeOf(contact: JsonObject | null): Addressee {
  const email = trimmed(asString(field(contact, 'email')) ?? '');
  return email === '' ? { ...audience('a contact without an email') } : { address: email, kind: 'email', role: 'contact' };
}

/** The ids of the query, or all contacts: never both. */
function idsIn(call: JsonCall): readonly string[] | 'all' | null {
  const ids = queried(call, 'ids');
  const everybody = queried(call, 'delete_all_contacts') === 'true';
  if (call.body !== null || call.query.length !== 1) return null;
  return everybody ? 'all' : ids === null || ids === '' ? null : ids.split(',');
}

async function upsert(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { context } = call;
  const lists = (asArray(field(objectOf(call), 'list_ids')) ?? []).flatMap((id) => asString(id) ?? []);
  const contacts = (asArray(field(objectOf(call), 'contacts')) ?? []).map((each) => asObject(each) ?? {});
  const fault = contacts.findIndex((contact) => identifiers.every((name) => (asString(field(contact, name)) ?? '') === ''));
  if (fault >= 0) return { reply: badBody('at least one of email, phone_number_id, external_id or anonymous_id is required', `contacts[${fault}]`) };
  const now = new Date(context.now).toISOString();
  const job = context.uuid();
  const remember = new Map<string, Remember>();
  for (const contact of contacts) {
    const key = identifiers.map((name) => trimmed(asString(field(contact, name)) ?? '')).find((text) => text !== '')!.toLowerCase();
    const before = await context.recall(contactKind, key);
    const old = (remember.get(key)?.value ?? before?.value ?? null) as Contact | null;
    const value = {
      first_name: '', last_name: '', custom_fields: {}, ...old, ...contact, email: trimmed(asString(field(contact, 'email')) ?? '').toLowerCase(),
      id: old?.id ?? context.uuid(), list_ids: [...new Set([...old?.list_ids ?? [], ...lists])], created_at: old?.['created_at'] ?? now, updated_at: now,
    };
    remember.set(key, { kind: contactKind, id: key, expectVersion: before?.version ?? 0, value });
  }
  const done = { id: job, status: 'completed', job_type: 'upsert', results: { requested_count: contacts.length, created_count: [...remember.values()].filter(({ expectVersion }) => expectVersion === 0).length, updated_count: [...remember.values()].filter(({ expectVersion }) => expectVersion > 0).length, errored_count: 0 }, started_at: now, finished_at: now };
  return { reply: jsonReply(202, { job_id: job }), remember: [...remember.values(), { kind: 'marketing.contacts.imports', id: job, expectVersion: 0, value: done }] };
}

async function all(context: Pick<SimulationContext, 'list'>): Promise<readonly Remembered[]> {
  return (await context.list(contactKind, { limit: 1000 })).items;
}

function shown(items: readonly Remembered[]): HttpResponse {
  return jsonReply(200, { result: items.slice(0, 50).map(({ value }) => value), contact_count: items.length, _metadata: {} });
}

function badContact(): HttpResponse {
  return errorReply(404, [{ message: 'contact not found', field: null, help: null }]);
}
