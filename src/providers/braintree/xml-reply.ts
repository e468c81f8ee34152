import type { HttpResponse } from '../../model/exchange.ts';

const typed = Symbol('typed');

interface Typed { readonly [typed]: 'symbol' | 'date'; readonly text: string }
interface List { readonly [typed]: 'array' | 'collection'; readonly items: readonly (readonly [name: string, value: Node])[] }

/** What Braintree answers with: field names get dashes, null becomes nil="true", a Date type="datetime". */
export type Node = null | undefined | string | number | boolean | Date | Typed | List | Nodes;
export interface Nodes { readonly [name: string]: Node }

export function symbol(text: string): Typed {
  return { [typed]: 'symbol', text };
}

/** '2026-11-21' */
export function day(ms: number): Typed {
  return { [typed]: 'date', text: new Date(ms).toISOString().slice(0, 10) };
}

export function list(name: string, values: readonly Node[]): List {
  return { [typed]: 'array', items: values.map((value) => [name, value] as const) };
}

/** Some fields and then one element for each of the values: a page of a search. */
export function collection(fields: Nodes, name: string, values: readonly Node[]): List {
  return { [typed]: 'collection', items: [...Object.entries(fields), ...values.map((value) => [name, value] as const)] };
}

export function xmlReply(status: number, root: string, value: Node): HttpResponse {
  return { kind: 'http', status, headers: [['Content-Type', 'application/xml; charset=utf-8']], trailers: [], body: Buffer.from(xmlText(root, value), 'utf8') };
}

export function xmlText(root: string, value: Node): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, value)}\n`;
}

/** Undefined is left out. */
function element(field: string, value: Node): string {
  const name = field.replaceAll('_', '-');
  if (value === undefined) return '';
  if (value === null) return `<${name} nil="true"/>`;
  if (typeof value === 'string') return `<${name}>${escaped(value)}</${name}>`;
  if (typeof value === 'number') return `<${name} type="integer">${value}</${name}>`;
  if (typeof value === 'boolean') return `<${name} type="boolean">${value}</${name}>`;
  if (value instanceof Date) return `<${name} type="datetime">${value.toISOString().slice(0, 19)}Z</${name}>`;
  if (isList(value)) return value.items.length === 0 ? `<${name} type="${value[typed]}"/>` : `<${name} type="${value[typed]}">${value.items.map(([each, item]) => element(each, item)).join('')}</${name}>`;
  if (typed in value) return `<${name} type="${(value as Typed)[typed]}">${escaped((value as Typed).text)}</${name}>`;
  return `<${name}>${Object.entries(value as Nodes).map(([each, item]) => element(each, item)).join('')}</${name}>`;
}

function isList(value: Typed | List | Nodes): value is List {
  return typed in value && 'items' in value;
}

/** What XML 1.0 cannot hold at all becomes U+FFFD. */
function escaped(text: string): string {
  return text.toWellFormed().replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\r', '&#13;');
}
