import type { HttpRequest } from '../../model/exchange.ts';
import type { Attachment } from '../../model/side-effect.ts';
import { formBody, isBodiless, jsonBody } from '../wire/body.ts';
import { content } from '../wire/content.ts';
import { parseQuery } from '../wire/form.ts';
import { asObject, asString, parseJson } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { mediaType } from '../wire/media-type.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { parseMultipart } from '../wire/multipart.ts';
import { strictText } from '../wire/text.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { telling } from './methods.ts';

/** A call of the Bot API: its parameters from query and body together, as Telegram takes them. */
export interface BotCall {
  readonly kind: 'call';
  /** the digits of the token: whose bot it is, no secret */
  readonly bot: string;
  /** the test environment's own servers, with accounts of their own */
  readonly test: boolean;
  readonly method: string;
  readonly parameters: ReadonlyMap<string, JsonValue>;
  readonly files: readonly (Attachment & { readonly parameter: string })[];
}

/** A token cut out of a stored path is asterisks. */
const path = /^\/bot([0-9]{3,12}):[A-Za-z0-9_*-]{1,100}(\/test)?\/([A-Za-z]{1,60})$/;

/** Method, bot and environment, without the parameters. */
export function addressed({ path: sent }: HttpRequest): { readonly bot: string; readonly test: boolean; readonly method: string } | null {
  const found = path.exec(sent);
  return found === null ? null : { bot: found[1]!, test: found[2] !== undefined, method: found[3]! };
}

export function readCall(request: HttpRequest): BotCall | Unread {
  const to = addressed(request);
  if (to === null) return unreadable(request.path.startsWith('/file/') ? 'files cannot be fetched: nothing is stored' : 'the path is none of /bot<token>/METHOD and /bot<token>/test/METHOD');
  if (request.method !== 'POST' && request.method !== 'GET') return unreadable(`${to.method} is not called by ${request.method}`);
  if (asksForAnotherMethod(request.headers)) return unreadable('a header asks for another method');
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  const body = bodyOf(request);
  if (body.kind === 'unreadable') return body;
  const parameters = new Map<string, JsonValue>();
  for (const [name, value] of [...query.fields, ...body.fields]) {
    // What is no form at all can still be taken apart as one.
    if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) return unreadable('a parameter has a name that Telegram has none of');
    if (parameters.has(name)) return unreadable(`parameter '${name.slice(0, 40)}' is given twice`);
    parameters.set(name, value);
  }
  const names = [...parameters.keys(), ...body.files.map(({ parameter }) => parameter)];
  const odd = lookalike(names, telling);
  if (odd !== null) return unreadable(`parameter '${odd.slice(0, 40)}' is not spelt as Telegram spells it`);
  const twice = body.files.find(({ parameter }, at) => telling.some((name) => name === parameter) || body.files.findIndex((file) => file.parameter === parameter) !== at);
  return twice === undefined ? { kind: 'call', ...to, parameters, files: body.files } : unreadable(`file '${twice.parameter.slice(0, 40)}' is given twice, or as what is no file`);
}

type Body = { readonly kind: 'body'; readonly fields: readonly (readonly [string, JsonValue])[]; readonly files: BotCall['files'] };

function bodyOf(request: HttpRequest): Body | Unread {
  if (isBodiless(request)) return { kind: 'body', fields: [], files: [] };
  if (request.method === 'GET') return unreadable('a GET carries a body');
  switch (mediaType(request.headers)?.type) {
    case 'application/json': {
      const json = jsonBody(request);
      if (json.kind === 'unreadable') return json;
      const object = asObject(json.value);
      if (object === null) return unreadable('the body is not a JSON object');
      const odd = telling.find((name) => typeof object[name] === 'number' && !isWritten(request, object[name]));
      return odd === undefined ? { kind: 'body', fields: Object.entries(object), files: [] } : unreadable(`${odd} is a number that is not written as digits`);
    }
    case 'multipart/form-data': return parts(request);
    default: {
      const form = formBody(request);
      return form.kind === 'unreadable' ? form : { kind: 'body', fields: form.fields, files: [] };
    }
  }
}

/** 1e3 and 10.0 are whole numbers to JSON; a reader of digits takes them for 1 and 10. */
function isWritten(request: HttpRequest, value: number): boolean {
  const body = content(request);
  return body.kind === 'bytes' && new RegExp(`(?<![0-9.eE+-])${String(value)}(?![0-9.eE])`).test(Buffer.from(body.bytes).toString('latin1'));
}

function parts(request: HttpRequest): Body | Unread {
  const body = content(request);
  if (body.kind === 'unreadable') return body;
  const multipart = parseMultipart(body.bytes, request.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '');
  if (multipart.kind === 'unreadable') return multipart;
  const fields: (readonly [string, JsonValue])[] = [];
  const files: BotCall['files'][number][] = [];
  for (const { name, filename, contentType, bytes } of multipart.parts) {
    if (filename !== null) {
      files.push({ parameter: name, filename, contentType: contentType ?? 'application/octet-stream', contentId: null, content: bytes });
      continue;
    }
    const text = strictText(bytes);
    if (text.kind === 'unreadable') return text;
    fields.push([name, text.text]);
  }
  return { kind: 'body', fields, files };
}

/** A parameter as text: numbers as they are written; null where it is not there or is no scalar. */
export function textOf(call: BotCall, name: string): string | null {
  const value = call.parameters.get(name);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : asString(value);
}

/** A parameter that is an object or a list: as JSON has it, or as text that holds JSON. */
export function valueOf(call: BotCall, name: string): JsonValue | undefined {
  const value = call.parameters.get(name);
  if (typeof value !== 'string') return value;
  const json = parseJson(Buffer.from(value));
  return json.kind === 'json' ? json.value : undefined;
}

/** Who a parameter names: a number without loss, or a text; null where it is not there. */
export function chatOf(call: BotCall, name: string): { readonly kind: 'chat'; readonly address: string } | Unread | null {
  const value = call.parameters.get(name);
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { kind: 'chat', address: String(value) } : unreadable(`${name} is no whole number`);
  const text = asString(value);
  return text === null || trimmed(text) === '' ? unreadable(`${name} is neither a number nor a text`) : { kind: 'chat', address: trimmed(text) };
}
