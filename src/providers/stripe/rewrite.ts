import type { HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import type { Change, Rewritten, Said } from '../../model/provider.ts';
import { jsonBody } from '../wire/body.ts';
import { formText } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { asArray, asObject } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { mediaType } from '../wire/media-type.ts';
import { isHeaderText, mapTexts, rebuilt, saidOutside, textsIn } from '../wire/rebuilt.ts';
import { formFields, queryFields, readCall } from './request.ts';

/** What tells Stripe how to read the call; none of them names anybody. */
const keep = ['stripe-version', 'stripe-account', 'stripe-context', 'idempotency-key'];

/**
 * A call as it may leave: the key replaced wherever one was presented (Authorization, `key=`), every e-mail address that
 * Stripe could write to changed, texts masked, form or JSON serialised anew. Uploads are not rewritten.
 */
export function rewriteCall(request: HttpRequest, change: Change): Rewritten<HttpRequest> {
  const read = readCall(request);
  if (read.kind !== 'call') return impossible(read.why);
  if (change.credential !== null && !isHeaderText(change.credential)) return impossible('the credential of the rule is no key');
  const authorization = change.credential === null ? null : `Bearer ${change.credential}`;
  if (read.call.route.version === 'v2' && request.body.length > 0) {
    const json = jsonBody(request);
    if (json.kind === 'unreadable') return impossible(json.why);
    const body = jsonChanged(json.value, change);
    return { kind: 'rewritten', request: rebuilt(request, { query: null, keep, authorization, body: { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) } }) };
  }
  if (mediaType(request.headers)?.type === 'multipart/form-data') return impossible('an upload cannot be serialised anew');
  const query = queryFields(request.query);
  const fields = formFields(request, read.call);
  if (query.kind === 'unreadable' || fields.kind === 'unreadable') return impossible('its parameters cannot be read');
  const queryText = formText(changed(query.fields, change));
  return {
    kind: 'rewritten',
    request: rebuilt(request, {
      query: queryText === '' ? null : queryText, keep, authorization,
      body: request.method === 'POST' ? { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(formText(changed(fields.fields, change))) } : null,
    }),
  };
}

export function saidByCall(request: HttpRequest): readonly Said[] | null {
  const read = readCall(request);
  if (read.kind !== 'call' || headerAll(request.headers, 'content-encoding').length > 0) return null;
  return [...saidOutside(request).filter(({ where }) => where !== 'query'), ...textsIn(read.call.params, (path) => path === 'body.key')];
}

/** `a[b][receipt_email]`: the innermost name, unless it is the caller's own metadata. As decode.ts finds them. */
function isEmail(path: readonly string[]): boolean {
  return !path.includes('metadata') && /(?:^|_)email$/i.test(path.at(-1) ?? '');
}

function changed(fields: readonly FormField[], change: Change): readonly FormField[] {
  return fields.flatMap(([name, value]): readonly FormField[] => {
    const path = name.replaceAll(']', '').split('[');
    if (name === 'key' && change.credential !== null) return [];
    if (!isEmail(path) || value.trim() === '') return [[name, name === 'key' ? value : change.text(value)]];
    const address = change.recipient({ address: value.trim(), kind: 'email', role: path.at(-1)! });
    return address === null ? [] : [[name, address]];
  });
}

function jsonChanged(value: JsonValue, change: Change, path: readonly string[] = []): JsonValue {
  const items = asArray(value);
  if (items !== null) return items.map((item, index) => jsonChanged(item, change, [...path, String(index)]));
  const object = asObject(value);
  if (object === null) return mapTexts(value, () => false, change.text);
  return Object.fromEntries(Object.entries(object).flatMap(([name, item]): readonly (readonly [string, JsonValue])[] => {
    const here = [...path, name];
    if (name === 'key' && path.length === 0 && change.credential !== null) return [];
    if (typeof item !== 'string' || item.trim() === '' || !isEmail(here)) return [[name, jsonChanged(item, change, here)]];
    const address = change.recipient({ address: item.trim(), kind: 'email', role: name });
    return address === null ? [] : [[name, address]];
  }));
}

function impossible(why: string): Rewritten<HttpRequest> {
  return { kind: 'impossible', why };
}
