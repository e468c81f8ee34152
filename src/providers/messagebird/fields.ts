import type { HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Liveness, SideEffect } from '../../model/side-effect.ts';
import { isBodiless, jsonBody, formBody } from '../wire/body.ts';
import { formAll, formTree, parseQuery } from '../wire/form.ts';
import type { CallContent } from '../wire/json-api.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { mediaType } from '../wire/media-type.ts';
import { phoneOf, strangersOf } from '../wire/msisdn.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** `Authorization: AccessKey KEY`, or access_key in the query; null where it cannot be told whose it is. */
export function accessKey(request: HttpRequest): string | null {
  const headers = headerAll(request.headers, 'authorization');
  const query = parseQuery(request.query);
  const keys = [...headers.map((value) => /^AccessKey +(\S+)$/i.exec(value.trim())?.[1] ?? ''), ...(query.kind === 'form' ? formAll(query.fields, 'access_key') : [])];
  return keys.length === 1 && keys[0] !== '' ? keys[0]! : null;
}

/** A test key sends nothing, but only the API at rest.messagebird.com knows any. https://developers.messagebird.com/api/#authentication */
export function livenessOf(request: HttpRequest): Liveness {
  const key = accessKey(request) ?? '';
  if (key.startsWith('live_')) return 'live';
  return key.startsWith('test_') && request.authority.host === 'rest.messagebird.com' ? 'test' : 'unknown';
}

/** JSON, as the SDK sends it, or a form as in the examples of the documentation; the query may hold the key. */
export function contentOf(request: HttpRequest): CallContent | Unread {
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  const others = query.fields.filter(([name]) => name !== 'access_key');
  if (query.fields.length - others.length > 1) return unreadable('there is more than one access_key');
  if (others.length > 0) return unreadable('parameters stand in the query');
  if (isBodiless(request)) return { kind: 'content', body: {}, query: [] };
  if (mediaType(request.headers)?.type === 'application/x-www-form-urlencoded') {
    const form = formBody(request);
    if (form.kind === 'unreadable') return form;
    if (form.fields.some(([name]) => !/^[A-Za-z0-9_[\]]+$/.test(name))) return unreadable('a form field has a name that is none');
    const tree = formTree(form.fields);
    return tree.kind === 'unreadable' ? tree : { kind: 'content', body: tree.value, query: [] };
  }
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  return asObject(json.value) === null ? unreadable('the body is not a JSON object') : { kind: 'content', body: json.value, query: [] };
}

export function textOf(value: JsonValue | undefined): string | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? trimmed(value) : '';
  return text === '' ? null : text;
}

/** '31600000000,31600000001', a list of them, or one number. An id among them is that of a group. */
export function recipientsOf(body: JsonObject, names: { readonly people: string; readonly groups: string | null }): readonly Addressee[] | Unread {
  const people = list(field(body, names.people));
  const groups = names.groups === null ? [] : list(field(body, names.groups));
  if (people === null || groups === null) return unreadable('the recipients are not a list of numbers');
  return [
    ...people.map((one): Addressee => (/^[0-9a-f]{32}$/.test(one) ? group(one) : phoneOf(one, 'to'))),
    ...groups.map(group),
  ];
}

const group = (id: string): Addressee => ({ address: `group ${id}`, kind: 'audience', role: 'group' });

function list(value: JsonValue | undefined): readonly string[] | null {
  if (value === undefined || value === null) return [];
  const items = asArray(value) ?? [value];
  const texts = items.map((item) => (typeof item === 'string' || typeof item === 'number' ? String(item) : null));
  return texts.includes(null) ? null : texts.flatMap((text) => (text ?? '').split(',')).map(trimmed).filter((text) => text !== '');
}

/** Whoever is named by fields that MessageBird is not known to have counts as reached too. */
export function withStrangers<E extends SideEffect>(effect: E, body: JsonValue, known: readonly RegExp[]): E {
  return { ...effect, recipients: [...effect.recipients, ...strangersOf(body, known, effect.recipients)] };
}

/** A number as MessageBird answers it: an integer without the plus. */
export function integerOf(number: string): number | string {
  const digits = number.replace(/^\+/, '');
  return /^[1-9][0-9]{6,14}$/.test(digits) ? Number(digits) : number;
}

/** '2026-11-21T09:00:00+00:00' */
export function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}
