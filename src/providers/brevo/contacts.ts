import type { HttpResponse } from '../../model/exchange.ts';
import type { Remembered, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import { audience, iso, nothingYet } from './effects.ts';
import { errorReply, notFound } from './errors.ts';

/** a number, or an address with its @ encoded or not */
const who = '((?:[A-Za-z0-9_+-]|%40|@|%2[Bb]|\\.(?=[A-Za-z0-9]))+)';

interface Contact {
  readonly id: number;
  readonly email: string | null;
  readonly attributes: JsonObject;
  readonly listIds: readonly JsonValue[];
  readonly emailBlacklisted: boolean;
  readonly smsBlacklisted: boolean;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** An automation may write to whoever is added, changed or put on a list, so these are no mere bookkeeping. */
export const contactRoutes: readonly JsonRoute[] = [
  {
    method: 'POST', path: /^\/v3\/contacts$/, operation: 'contacts.create',
    effects: ({ body }) => {
      const object = asObject(body);
      if (object === null) return unreadable('the body is not a JSON object');
      const email = trimmed(asString(field(object, 'email')) ?? '');
      return [{ ...nothingYet, operation: 'contacts.create', recipients: withOthers([email === '' ? audience('a contact without an email') : person(email)], object) }];
    },
    answer: create,
  },
  {
    method: 'PUT', path: new RegExp(`^/v3/contacts/${who}$`), operation: 'contacts.update',
    effects: ({ body, ids: [id = ''] }) => asObject(body) === null ? unreadable('the body is not a JSON object')
      : [{ ...nothingYet, operation: 'contacts.update', recipients: withOthers([named(id)], asObject(body)!) }],
    answer: (call) => withContact(call, async (known, contact) => {
      const body = asObject(call.body) ?? {};
      return { reply: emptyReply(204), remember: [stored(changed(contact, body, call.context.now), known.version)] };
    }),
  },
  {
    method: 'DELETE', path: new RegExp(`^/v3/contacts/${who}$`), operation: 'contacts.delete', effects: () => [{ ...nothingYet, operation: 'contacts.delete' }],
    answer: (call) => withContact(call, async (known) => ({ reply: emptyReply(204), remember: [{ kind: 'contact', id: known.id, expectVersion: known.version, value: null }] })),
  },
  { method: 'GET', path: /^\/v3\/contacts$/, operation: 'contacts.list', answer: async ({ context }) => {
    const contacts = (await context.list('contact', { limit: 1000 })).items.map(({ value }) => shown(value as Contact));
    return { reply: jsonReply(200, { contacts, count: contacts.length }) };
  } },
  { method: 'GET', path: /^\/v3\/contacts\/lists$/, operation: 'contacts.lists.list', answer: async ({ context }) => {
    const lists = (await context.list('list', { limit: 50 })).items.map(({ value }) => value);
    return { reply: jsonReply(200, { count: lists.length, lists }) };
  } },
  {
    method: 'POST', path: /^\/v3\/contacts\/lists$/, operation: 'contacts.lists.create',
    effects: ({ body }) => asObject(body) === null ? unreadable('the body is not a JSON object') : [{ ...nothingYet, operation: 'contacts.lists.create' }],
    answer: async ({ body, context }) => {
      const name = asString(field(asObject(body), 'name'));
      if (name === null) return { reply: errorReply(400, 'missing_parameter', 'name is missing') };
      const value = { id: number(context), name, folderId: field(asObject(body), 'folderId') ?? 1, totalBlacklisted: 0, totalSubscribers: 0, uniqueSubscribers: 0 };
      return { reply: jsonReply(201, { id: value.id }), remember: [{ kind: 'list', id: String(value.id), expectVersion: 0, value }] };
    },
  },
  {
    method: 'POST', path: /^\/v3\/contacts\/lists\/(\d{1,15})\/contacts\/add$/, operation: 'contacts.lists.add',
    effects: ({ body }) => {
      const object = asObject(body);
      const [emails, ids, extIds] = ['emails', 'ids', 'extIds'].map((name) => asArray(field(object, name) ?? []));
      if (object === null || emails === null || ids === null || extIds === null) return unreadable('neither emails, ids nor extIds is a list');
      const recipients = [
        ...emails!.map((email) => asString(email) === null ? audience('a contact without an email') : person(trimmed(asString(email)!))),
        ...[...ids!, ...extIds!].map((id) => audience(`contact ${JSON.stringify(id)}`)),
      ];
      return recipients.length === 0 ? unreadable('nobody to add') : [{ ...nothingYet, operation: 'contacts.lists.add', recipients: withOthers(recipients, object) }];
    },
    answer: async ({ body }) => ({ reply: jsonReply(201, { contacts: { success: asArray(field(asObject(body), 'emails') ?? field(asObject(body), 'ids') ?? field(asObject(body), 'extIds')) ?? [], failure: [] } }) }),
  },
  {
    // Sends a mail with a link to confirm.
    method: 'POST', path: /^\/v3\/contacts\/doubleOptinConfirmation$/, operation: 'contacts.doubleOptinConfirmation',
    effects: ({ body }) => {
      const object = asObject(body);
      const email = trimmed(asString(field(object, 'email')) ?? '');
      if (object === null || email === '') return unreadable('no email');
      return [{
        ...nothingYet, operation: 'contacts.doubleOptinConfirmation', recipients: withOthers([{ address: email, kind: 'email', role: 'to' }], object),
        template: { id: String(field(object, 'templateId') ?? ''), data: field(object, 'attributes') ?? null },
      }];
    },
    answer: async () => ({ reply: emptyReply(201) }),
  },
  {
    // Stands behind the fixed paths above: an identifier may be any word.
    method: 'GET', path: new RegExp(`^/v3/contacts/(?!(?:attributes|folders|segments|lists)$)${who}$`), operation: 'contacts.get',
    answer: (call) => withContact(call, async (_known, contact) => ({ reply: jsonReply(200, { ...shown(contact), statistics: {} }) })),
  },
];

function person(address: string): Addressee {
  return { address, kind: 'email', role: 'contact' };
}

function named(encoded: string): Addressee {
  const id = decodeURIComponent(encoded);
  return id.includes('@') ? person(id) : audience(`contact ${id}`);
}

/** A contact's numbers stand in its attributes. */
function withOthers(people: readonly Addressee[], body: JsonObject): readonly Addressee[] {
  return [...people, ...strangers(leaves(body, 'body'), people)];
}

async function create({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const object = asObject(body) ?? {};
  const email = asString(field(object, 'email'));
  if (email === null && field(object, 'ext_id') === undefined && field(asObject(field(object, 'attributes')), 'SMS') === undefined) return { reply: errorReply(400, 'missing_parameter', 'Either email, SMS or ext_id is missing') };
  if (email !== null && !email.includes('@')) return { reply: errorReply(400, 'invalid_parameter', 'email is not valid') };
  const known = email === null ? null : (await context.list('contact', { where: { email }, limit: 1 })).items[0] ?? null;
  if (known !== null && field(object, 'updateEnabled') !== true) return { reply: errorReply(400, 'duplicate_parameter', 'Contact already exist') };
  if (known !== null) return { reply: emptyReply(204), remember: [stored(changed(known.value as Contact, object, context.now), known.version)] };
  const now = iso(context.now);
  const contact = changed({ id: number(context), email, attributes: {}, listIds: [], emailBlacklisted: false, smsBlacklisted: false, createdAt: now, modifiedAt: now }, object, context.now);
  return { reply: jsonReply(201, { id: contact.id }), remember: [stored(contact, 0)] };
}

function changed(contact: Contact, body: JsonObject, now: number): Contact {
  const flag = (name: 'emailBlacklisted' | 'smsBlacklisted'): boolean => typeof field(body, name) === 'boolean' ? field(body, name) === true : contact[name];
  const unlinked = asArray(field(body, 'unlinkListIds')) ?? [];
  return {
    ...contact, attributes: { ...contact.attributes, ...asObject(field(body, 'attributes')) },
    listIds: [...new Set([...contact.listIds, ...asArray(field(body, 'listIds')) ?? []])].filter((id) => !unlinked.includes(id)),
    emailBlacklisted: flag('emailBlacklisted'), smsBlacklisted: flag('smsBlacklisted'), modifiedAt: iso(now),
  };
}

function stored(contact: Contact, expectVersion: number): NonNullable<Simulation<HttpResponse>['remember']>[number] {
  return { kind: 'contact', id: String(contact.id), expectVersion, value: contact, index: contact.email === null ? {} : { email: contact.email } };
}

function shown({ email, ...contact }: Contact): object {
  return { ...(email === null ? {} : { email }), ...contact, whatsappBlacklisted: false };
}

async function withContact({ ids: [encoded = ''], context }: JsonCallInContext, answer: (known: Remembered, contact: Contact) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const id = decodeURIComponent(encoded);
  const known = id.includes('@') ? (await context.list('contact', { where: { email: id }, limit: 1 })).items[0] ?? null : await context.recall('contact', id);
  return known === null ? { reply: notFound('Contact') } : answer(known, known.value as Contact);
}

/** Not beginning with a zero, so that it is as long as it says. */
export function number(context: SimulationContext): number {
  return Number(context.id('1', { length: 8, alphabet: 'digits' }));
}
