import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { formAll, parseQuery } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import type { CallContent } from '../wire/json-api.ts';
import { asObject } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { phoneOf, strangersOf } from '../wire/msisdn.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export function textOf(value: JsonValue | undefined): string | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? trimmed(value) : '';
  return text === '' ? null : text;
}

/** '14155550100<14155550101<sip:ann@example.test': everybody of a bulk, each once more where named twice. */
export function bulkOf(text: string): readonly Addressee[] {
  return text.split('<').map(trimmed).filter((one) => one !== '').map((one) => (/^sips?:/i.test(one) ? { address: one, kind: 'chat', role: 'to' } : phoneOf(one, 'to')));
}

/** The SDK sends "" (as JSON) with what has no parameters. A read may have no more in its query than these, each once. */
export function queryOf(names: readonly string[]): (request: HttpRequest) => CallContent | Unread {
  return (request) => {
    if (!isEmpty(request)) return unreadable('it carries a body');
    const query = parseQuery(request.query);
    if (query.kind === 'unreadable') return query;
    const given = query.fields.map(([name]) => name);
    const odd = given.find((name, index) => !names.includes(name) || given.indexOf(name) !== index);
    return odd === undefined ? { kind: 'content', body: null, query: query.fields } : unreadable(`'${odd.slice(0, 40)}' in the query is not simulated, or there twice`);
  };
}

function isEmpty(request: HttpRequest): boolean {
  if (isBodiless(request)) return true;
  const json = jsonBody(request);
  return json.kind === 'json' && (json.value === '' || Object.keys(asObject(json.value) ?? { full: true }).length === 0);
}

/** Whoever is named by fields that Plivo is not known to have counts as reached too. */
export function withStrangers<E extends SideEffect>(effect: E, body: JsonValue, known: readonly RegExp[]): E {
  return { ...effect, recipients: [...effect.recipients, ...strangersOf(body, known, effect.recipients)] };
}

/** '14155550100' of '+14155550100' */
export function digitsOf(number: string): string {
  return number.replace(/^\+/, '');
}

/** '2026-11-21 09:00:00+00:00' */
export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;
}

/** A page as Plivo cuts it: 20 unless asked, newest first. */
export function pageOf<T>(all: readonly T[], query: readonly FormField[], path: string): { readonly meta: object; readonly items: readonly T[] } {
  const whole = (name: string, otherwise: number): number => Math.max(Math.trunc(Number(formAll(query, name)[0] ?? otherwise)) || 0, 0);
  const [limit, offset] = [Math.min(whole('limit', 20) || 20, 20), whole('offset', 0)];
  const link = (from: number): string => `${path}?limit=${limit}&offset=${from}`;
  return {
    meta: { limit, offset, next: offset + limit < all.length ? link(offset + limit) : null, previous: offset === 0 ? null : link(Math.max(offset - limit, 0)), total_count: all.length },
    items: all.slice(offset, offset + limit),
  };
}
