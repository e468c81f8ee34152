import type { Bytes } from '../../model/bytes.ts';
import type { Header, HttpRequest } from '../../model/exchange.ts';
import type { Said } from '../../model/provider.ts';
import { asArray, asObject } from './json.ts';
import type { JsonValue } from './json.ts';

/** Fields that say how an answer is wanted and who is asking, at any vendor. */
const common = ['accept', 'accept-language', 'user-agent'];

/**
 * The same call with a body of ours. Only the fields named in `keep`, and the few that every vendor knows, travel on: a
 * credential or a recipient could stand in any other. No trailers; framing is made by whoever sends it.
 */
export function rebuilt(request: HttpRequest, { path = request.path, query, keep, authorization, body }: {
  readonly path?: string;
  readonly query: string | null;
  /** lower-case names, besides the common ones */
  readonly keep: readonly string[];
  /** null = the caller's own */
  readonly authorization: string | null;
  readonly body: { readonly type: string; readonly bytes: Bytes } | null;
}): HttpRequest {
  const kept = new Set([...common, ...keep, ...(authorization === null ? ['authorization'] : [])]);
  const headers: Header[] = request.headers.filter(([name]) => kept.has(name.toLowerCase())).map(([name, value]) => [name, value]);
  if (authorization !== null) headers.push(['Authorization', authorization]);
  if (body !== null) headers.push(['Content-Type', body.type]);
  return { ...request, path, query, headers, trailers: [], body: body?.bytes ?? new Uint8Array(0) };
}

/** One line of visible ASCII: nothing else goes into a header of ours. */
export function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text);
}

/** Every string of a JSON value with its path, keys too; `skip` tells what is no text for a reader. */
export function textsIn(value: JsonValue, skip: (path: string) => boolean, path = 'body'): readonly Said[] {
  if (skip(path)) return [];
  if (typeof value === 'string') return [{ where: path, text: value, form: /<[a-z!/]/i.test(value) ? 'html' : 'plain' }];
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? [{ where: path, text: String(value), form: 'plain' }] : [];
  const children = asArray(value)?.map((item, index) => [String(index), item] as const);
  if (children !== undefined) return children.flatMap(([name, item]) => textsIn(item, skip, `${path}.${name}`));
  return Object.entries(asObject(value) ?? {}).flatMap(([name, item]) => [{ where: `${path} (a key)`, text: name, form: 'plain' } as const, ...textsIn(item, skip, `${path}.${name}`)]);
}

/** The same value with every string changed but those skipped. Keys stay. */
export function mapTexts(value: JsonValue, skip: (path: string) => boolean, change: (text: string) => string, path = 'body'): JsonValue {
  if (skip(path)) return value;
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  const items = asArray(value);
  if (items !== null) return items.map((item, index) => mapTexts(item, skip, change, `${path}.${index}`));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, skip, change, `${path}.${name}`)]));
}

/** Path, query and header values: what of a call stands outside its body. The credential is no text. */
export function saidOutside(request: HttpRequest): readonly Said[] {
  const plain = (where: string, text: string): Said => ({ where, text, form: 'plain' });
  return [
    plain('path', request.path), plain('query', request.query ?? ''),
    ...request.headers.filter(([name]) => !/^(?:host|authorization|content-length)$/i.test(name)).map(([name, value]) => plain(`header ${name.toLowerCase()}`, value)),
  ];
}
