import type { Remember } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import { field } from '../wire/json.ts';
import type { JsonCall, JsonRoute } from '../wire/json-api.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { notFound } from './error.ts';
import { emailInPath, emailsIn, get, objectOf, queried, suppression } from './stored.ts';

const global = 'suppression.unsubscribes';

/**
 * Bounces, blocks, invalid addresses, spam reports and global unsubscribes, remembered by address in lower case, or put there by a test.
 * https://www.twilio.com/docs/sendgrid/api-reference/bounces-api
 */
export const suppressionRoutes: readonly JsonRoute[] = [
  ...['bounces', 'blocks', 'invalid_emails', 'spam_reports', 'unsubscribes'].flatMap((name): readonly JsonRoute[] => {
    const kind = `suppression.${name}`;
    const path = `/v3/suppression/${name}`;
    return [
      get(path, `${kind}.list`, async (call) => jsonReply(200, await listed(call, kind))),
      get(`${path}/${emailInPath}`, `${kind}.get`, async ({ ids, context }) => {
        const known = await context.recall(kind, idOf(ids[0]));
        return jsonReply(200, known === null ? [] : [known.value]);
      }),
      // Global unsubscribes are changed at /v3/asm/suppressions/global.
      ...(name === 'unsubscribes' ? [] : [deleteOne(`${path}/${emailInPath}`, kind), deleteMany(path, kind)]),
    ];
  }),
  {
    method: 'POST', path: /^\/v3\/asm\/suppressions\/global$/, operation: 'asm.suppressions.global.create',
    effects: (call) => about('asm.suppressions.global.create', call),
    answer: async (call) => {
      const { context } = call;
      const emails = [...new Set((emailsIn(field(objectOf(call), 'recipient_emails')) ?? []).map((email) => email.toLowerCase()))];
      const remember = await Promise.all(emails.map(async (email): Promise<Remember> => ({
        kind: global, id: email, expectVersion: (await context.recall(global, email))?.version ?? 0, value: { created: Math.floor(context.now / 1000), email },
      })));
      return { reply: jsonReply(201, { recipient_emails: emails }), remember };
    },
  },
  get(`/v3/asm/suppressions/global/${emailInPath}`, 'asm.suppressions.global.get', async ({ ids, context }) => {
    const known = await context.recall(global, idOf(ids[0]));
    return jsonReply(200, known === null ? {} : { recipient_email: known.id });
  }),
  deleteOne(`/v3/asm/suppressions/global/${emailInPath}`, global, 'asm.suppressions.global'),
];

interface Suppressed { readonly created: number; readonly email: string }

async function listed(call: Parameters<JsonRoute['answer']>[0], kind: string): Promise<readonly unknown[]> {
  const [start, end, limit, offset] = ['start_time', 'end_time', 'limit', 'offset'].map((name) => Number(queried(call, name) ?? Number.NaN));
  const email = queried(call, 'email')?.toLowerCase();
  const found = (await call.context.list(kind, { limit: 1000 })).items.map(({ value }) => value as Suppressed)
    .filter((each) => !(each.created < (start ?? Number.NaN)) && !(each.created > (end ?? Number.NaN)) && (email === undefined || each.email.toLowerCase() === email));
  const from = Math.max(offset ?? 0, 0) || 0;
  return found.slice(from, from + (limit === undefined || !(limit > 0) ? 500 : Math.min(limit, 500)));
}

function deleteOne(path: string, kind: string, operation = kind): JsonRoute {
  return {
    method: 'DELETE', path: new RegExp(`^${path}$`), operation: `${operation}.delete`,
    effects: ({ ids }) => suppression(`${operation}.delete`, [person(addressIn(ids[0]))]),
    answer: async ({ ids, context }) => {
      const known = await context.recall(kind, idOf(ids[0]));
      return known === null ? { reply: notFound() } : { reply: emptyReply(204), remember: [{ kind, id: known.id, expectVersion: known.version, value: null }] };
    },
  };
}

/** All of them, or those the body names: never both. */
function deleteMany(path: string, kind: string): JsonRoute {
  const operation = `${kind}.delete_many`;
  return {
    method: 'DELETE', path: new RegExp(`^${path}$`), operation,
    effects: (call) => {
      const body = objectOf(call);
      const emails = emailsIn(field(body, 'emails'));
      if (field(body, 'delete_all') === true && field(body, 'emails') === undefined) return suppression(operation, [everybody(kind)]);
      return emails === null || field(body, 'delete_all') === true ? unreadable('it names neither emails nor all of them, or both') : suppression(operation, emails.map(person));
    },
    answer: async (call) => {
      const all = field(objectOf(call), 'delete_all') === true;
      const emails = (emailsIn(field(objectOf(call), 'emails')) ?? []).map((email) => email.toLowerCase());
      const known = (await call.context.list(kind, { limit: 1000 })).items.filter(({ id }) => all || emails.includes(id));
      return { reply: emptyReply(204), remember: known.map(({ id, version }): Remember => ({ kind, id, expectVersion: version, value: null })) };
    },
  };
}

/** Whom a body with `recipient_emails` is about. */
export function about(operation: string, call: JsonCall): ReturnType<NonNullable<JsonRoute['effects']>> {
  const emails = emailsIn(field(objectOf(call), 'recipient_emails'));
  return emails === null ? unreadable('recipient_emails is not a list of addresses') : suppression(operation, emails.map(person));
}

export function person(address: string): Addressee {
  return { address, kind: 'email', role: 'suppression' };
}

function everybody(kind: string): Addressee {
  return { address: `everybody in ${kind}`, kind: 'audience', role: 'suppression' };
}

/** The route lets through no escape but those of an address. */
export function addressIn(segment: string | undefined): string {
  return decodeURIComponent(segment ?? '');
}

export function idOf(segment: string | undefined): string {
  return addressIn(segment).toLowerCase();
}
