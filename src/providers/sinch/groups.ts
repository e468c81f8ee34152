import type { Sms } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { digits, iso, ulid } from './batch.ts';
import { notFound } from './error.ts';
import { blank } from './message.ts';
import { base, idPattern, pageOf } from './paths.ts';

interface StoredGroup {
  readonly group: { readonly id: string; readonly size: number; readonly created_at: string; readonly modified_at: string; readonly [name: string]: unknown };
  readonly members: readonly string[];
}

const item = `${base}/groups/(${idPattern})`;

/** Groups are kept and read back; who is in one is reached by a batch that names it, not by these. */
export const groupRoutes: readonly JsonRoute[] = [
  { method: 'POST', path: new RegExp(`^${base}/groups$`), operation: 'groups.create', effects: (call) => silent(call, 'groups.create'), answer: (call) => save(call, null, 201) },
  {
    method: 'GET', path: new RegExp(`^${base}/groups$`), operation: 'groups.list',
    answer: async ({ query, context }) => ({ reply: jsonReply(200, pageOf(query, 'groups', (await context.list('group', { limit: 1000 })).items.map(({ value }) => (value as StoredGroup).group))) }),
  },
  { method: 'GET', path: new RegExp(`^${item}$`), operation: 'groups.get', answer: (call) => withStored(call, async ({ group }) => ({ reply: jsonReply(200, group) })) },
  { method: 'GET', path: new RegExp(`^${item}/members$`), operation: 'groups.list_members', answer: (call) => withStored(call, async ({ members }) => ({ reply: jsonReply(200, members) })) },
  { method: 'PUT', path: new RegExp(`^${item}$`), operation: 'groups.replace', effects: (call) => silent(call, 'groups.replace'), answer: (call) => withStored(call, async (stored, version) => save(call, { stored, version }, 200)) },
  { method: 'POST', path: new RegExp(`^${item}$`), operation: 'groups.update', effects: (call) => silent(call, 'groups.update'), answer: (call) => withStored(call, async (stored, version) => update(call, stored, version)) },
  {
    method: 'DELETE', path: new RegExp(`^${item}$`), operation: 'groups.delete', effects: () => [{ ...blank, operation: 'groups.delete' }],
    answer: (call) => withStored(call, async ({ group }, version) => ({ reply: emptyReply(200), remember: [{ kind: 'group', id: group.id, expectVersion: version, value: null }] })),
  },
];

/** Members that come and go by keyword or out of other groups are not simulated. */
function silent({ body: value }: JsonCall, operation: string): readonly Sms[] | Unread {
  const body = asObject(value);
  if (body === null) return unreadable('the body is not a JSON object');
  const odd = Object.keys(body).find((name) => !['name', 'members', 'add', 'remove'].includes(name));
  return odd === undefined ? [{ ...blank, operation }] : unreadable(`field '${odd.slice(0, 40)}' is not simulated`);
}

function numbers(call: JsonCallInContext, name: string): readonly string[] {
  return (asArray(field(asObject(call.body), name)) ?? []).flatMap((each) => asString(each) ?? []).map(digits);
}

async function save(call: JsonCallInContext, before: { readonly stored: StoredGroup; readonly version: number } | null, status: number): ReturnType<JsonRoute['answer']> {
  return kept(call, { id: before?.stored.group.id ?? ulid(call.context), created_at: before?.stored.group.created_at ?? iso(call.context.now), name: asString(field(asObject(call.body), 'name')) }, numbers(call, 'members'), before?.version ?? 0, status);
}

/** What is added is added before what is removed. */
async function update(call: JsonCallInContext, { group, members }: StoredGroup, version: number): ReturnType<JsonRoute['answer']> {
  const removed = new Set(numbers(call, 'remove'));
  const given = field(asObject(call.body), 'name');
  const name = given === undefined ? asString((group['name'] ?? null) as string | null) : asString(given);
  return kept(call, { id: group.id, created_at: group.created_at, name }, [...members, ...numbers(call, 'add')].filter((number) => !removed.has(number)), version, 200);
}

function kept({ context }: JsonCallInContext, { id, created_at, name }: { readonly id: string; readonly created_at: string; readonly name: string | null }, all: readonly string[], version: number, status: number): Awaited<ReturnType<JsonRoute['answer']>> {
  const members = [...new Set(all)];
  const value: StoredGroup = { group: { id, ...(name === null ? {} : { name }), size: members.length, created_at, modified_at: iso(context.now) }, members };
  return { reply: jsonReply(status, value.group), remember: [{ kind: 'group', id, expectVersion: version, value }] };
}

async function withStored({ ids: [, id = ''], context }: JsonCallInContext, answer: (stored: StoredGroup, version: number) => ReturnType<JsonRoute['answer']>): ReturnType<JsonRoute['answer']> {
  const known = await context.recall('group', id);
  return known === null ? { reply: notFound() } : answer(known.value as StoredGroup, known.version);
}
