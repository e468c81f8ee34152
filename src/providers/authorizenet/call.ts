import type { HttpRequest } from '../../model/exchange.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { saysXml, xmlBody } from '../wire/xml.ts';
import type { XmlElement } from '../wire/xml.ts';
import { livenessOf, path } from './place.ts';

/** One call: there is one endpoint, and the root of the body says which. */
export interface Call {
  readonly kind: 'call';
  /** 'createTransactionRequest' */
  readonly root: string;
  readonly body: JsonObject;
  readonly format: 'json' | 'xml';
}

export function callOf(request: HttpRequest): Call | Unread {
  if (asksForAnotherMethod(request.headers)) return unreadable('a header asks for another method');
  if (request.method !== 'POST' || request.path !== path) return unreadable(`${request.method} at another path than ${path} is not simulated`);
  if (request.query !== null && request.query !== '') return unreadable('a call with parameters in its query');
  if (isBodiless(request)) return unreadable('no body');
  if (saysXml(request)) {
    const xml = xmlBody(request);
    if (xml.kind === 'unreadable') return xml;
    const value = valueOf(xml.root);
    if (value.kind === 'unreadable') return value;
    const body = value.value === '' ? {} : asObject(value.value);
    return body === null ? unreadable('the root element holds text') : { kind: 'call', root: xml.root.name, body, format: 'xml' };
  }
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const [entry, ...others] = Object.entries(asObject(json.value) ?? {});
  const body = entry === undefined ? null : asObject(entry[1]);
  return entry === undefined || others.length > 0 || body === null ? unreadable('the body is not one object under the name of a request') : { kind: 'call', root: entry[0], body, format: 'json' };
}

/** Elements that XML repeats where JSON has a list. */
const lists = ['lineItem', 'setting', 'userField', 'paymentProfiles', 'shipToList', 'tier1'];
const declarations = /^xmlns(?::[A-Za-z0-9_]+)?$/;

function valueOf({ attributes, children, text }: XmlElement): { readonly kind: 'value'; readonly value: JsonValue } | Unread {
  if (attributes.some(([name]) => !declarations.test(name))) return unreadable('an XML attribute that declares no namespace');
  if (children.length === 0) return { kind: 'value', value: text };
  const found: Record<string, JsonValue> = {};
  for (const child of children) {
    const read = valueOf(child);
    if (read.kind === 'unreadable') return read;
    const { name } = child;
    const before = Object.hasOwn(found, name) ? found[name]! : undefined;
    // which of two is meant cannot be told
    if (name === '__proto__' || before !== undefined && !lists.includes(name)) return unreadable('an XML element is given twice');
    found[name] = !lists.includes(name) ? read.value : before === undefined ? [read.value] : [...asArray(before)!, read.value];
  }
  return { kind: 'value', value: found };
}

/** The login of a call: the name of the account, and no secret. */
export function loginOf(body: JsonObject): string | null {
  const authentication = asObject(field(body, 'merchantAuthentication'));
  const name = asString(field(authentication, 'name'));
  const key = asString(field(authentication, 'transactionKey'));
  return name === null || name === '' || key === null || key === '' ? null : name;
}

export function accountOf(request: HttpRequest): string | null {
  const call = callOf(request);
  const login = call.kind === 'call' ? loginOf(call.body) : null;
  return login === null ? null : `${livenessOf(request)}/${login}`;
}

/** A text, or a number as its text; null for anything else and for nothing. */
export function textOf(value: JsonValue | undefined): string | null {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : null;
}

/** What stands at a path of names; undefined where there is nothing. */
export function at(body: JsonObject | null, ...names: readonly string[]): JsonValue | undefined {
  return names.reduce<JsonValue | undefined>((value, name) => field(asObject(value), name), body ?? undefined);
}

export function textAt(body: JsonObject | null, ...names: readonly string[]): string | null {
  return textOf(at(body, ...names));
}

/** One thing, or a list of them: a list. */
export function listAt(body: JsonObject | null, ...names: readonly string[]): readonly JsonObject[] {
  const value = at(body, ...names);
  return (asArray(value) ?? (value === undefined ? [] : [value])).map(asObject).filter((each) => each !== null);
}
