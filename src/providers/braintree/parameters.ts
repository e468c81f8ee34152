import type { HttpRequest } from '../../model/exchange.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { saysXml, xmlBody } from '../wire/xml.ts';
import type { XmlElement } from '../wire/xml.ts';

/** The Node SDK sends JSON ({ transaction: { payment_method_nonce } }), every other one XML (<transaction><payment-method-nonce>): both become the same. */
export function parametersIn(request: HttpRequest): { readonly kind: 'parameters'; readonly body: JsonObject | null } | Unread {
  if (isBodiless(request)) return { kind: 'parameters', body: null };
  if (saysXml(request)) {
    const xml = xmlBody(request);
    if (xml.kind === 'unreadable') return xml;
    const value = valueOf(xml.root);
    return value.kind === 'unreadable' ? value : { kind: 'parameters', body: { [underscored(xml.root.name)]: value.value } };
  }
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const body = asObject(json.value);
  return body === null ? unreadable('the body is not a JSON object') : { kind: 'parameters', body };
}

type Value = { readonly kind: 'value'; readonly value: JsonValue } | Unread;

const scalars = ['string', 'symbol', 'integer', 'decimal', 'float', 'datetime', 'date', 'boolean'];

function valueOf({ attributes, children, text }: XmlElement): Value {
  const given = Object.fromEntries(attributes);
  const unknown = attributes.find(([name]) => name !== 'type' && name !== 'nil');
  if (unknown !== undefined) return unreadable('an XML attribute other than type and nil');
  const type = given['type'];
  if (given['nil'] !== undefined) return given['nil'] === 'true' && children.length === 0 && text.trim() === '' ? { kind: 'value', value: null } : unreadable('an XML element that is nil and is not');
  if (type === 'array') return text.trim() === '' ? listed(children) : unreadable('an XML array with text in it');
  if (children.length > 0) return type === undefined ? object(children) : unreadable('an XML element with elements in it and a type');
  if (type === undefined) return { kind: 'value', value: text };
  if (!scalars.includes(type)) return unreadable('an XML element of an unknown type');
  if (type !== 'boolean') return { kind: 'value', value: text.trim() };
  return ['true', 'false'].includes(text.trim()) ? { kind: 'value', value: text.trim() === 'true' } : unreadable('an XML boolean that is neither true nor false');
}

function listed(children: readonly XmlElement[]): Value {
  const values: JsonValue[] = [];
  for (const child of children) {
    const each = valueOf(child);
    if (each.kind === 'unreadable') return each;
    values.push(each.value);
  }
  return { kind: 'value', value: values };
}

function object(children: readonly XmlElement[]): Value {
  const found: Record<string, JsonValue> = {};
  for (const child of children) {
    const name = underscored(child.name);
    // which of two is meant cannot be told
    if (Object.hasOwn(found, name) || name === '__proto__') return unreadable('an XML element is given twice');
    const each = valueOf(child);
    if (each.kind === 'unreadable') return each;
    found[name] = each.value;
  }
  return { kind: 'value', value: found };
}

function underscored(name: string): string {
  return name.replaceAll('-', '_');
}

/** A text, or a number as its text; null for anything else and for nothing. */
export function textOf(value: JsonValue | undefined): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : null;
}

/** true, and 'true' as some SDKs write it. */
export function isTrue(value: JsonValue | undefined): boolean {
  return value === true || value === 'true';
}

