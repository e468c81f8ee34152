import type { HttpResponse } from '../../model/exchange.ts';
import type { Call } from './call.ts';

const listed = Symbol('listed');

/** A list: JSON has its items under the field, XML has them as elements of this name within it. */
interface Listed { readonly [listed]: string; readonly items: readonly Node[] }

/** An array is a JSON list, and in XML the same element again and again. Undefined is left out. */
type Node = undefined | string | number | boolean | Listed | readonly Node[] | Nodes;
export interface Nodes { readonly [name: string]: Node }

export function within(name: string, items: readonly Node[]): Listed {
  return { [listed]: name, items };
}

export interface Message { readonly code: string; readonly text: string }

export const successful: Message = { code: 'I00001', text: 'Successful.' };

export interface Answer {
  readonly body: Nodes;
  /** absent: all went well */
  readonly message?: Message;
}

const namespaces = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns="AnetApi/xml/v1/schema/AnetApiSchema.xsd"';
const byteOrderMark = '\ufeff';

/** Always 200, and a byte order mark before whatever it is. XML has the messages before the answer, JSON behind it. */
export function answerReply({ root, format }: Pick<Call, 'root' | 'format'>, refId: string | null, { body, message = successful }: Answer): HttpResponse {
  const said: Nodes = { ...(refId === null ? {} : { refId }), messages: { resultCode: message.code.startsWith('I') ? 'Ok' : 'Error', message: [{ code: message.code, text: message.text }] } };
  if (format === 'json') return reply('application/json; charset=utf-8', JSON.stringify({ ...plain(body) as object, ...plain(said) as object }));
  const name = root.endsWith('Request') && message.code !== 'E00003' ? `${root.slice(0, -'Request'.length)}Response` : 'ErrorResponse';
  return reply('application/xml; charset=utf-8', `<?xml version="1.0" encoding="utf-8"?><${name} ${namespaces}>${elements({ ...said, ...body })}</${name}>`);
}

function reply(type: string, text: string): HttpResponse {
  return { kind: 'http', status: 200, headers: [['Content-Type', type]], trailers: [], body: Buffer.from(`${byteOrderMark}${text}`, 'utf8') };
}

function plain(value: Node): unknown {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Node[]).map(plain);
  if (isListed(value as Listed | Nodes)) return (value as Listed).items.map(plain);
  return Object.fromEntries(Object.entries(value as Nodes).map(([name, each]) => [name, plain(each)]));
}

function elements(value: Nodes): string {
  return Object.entries(value).map(([name, each]) => (Array.isArray(each) ? (each as readonly Node[]).map((item) => element(name, item)).join('') : element(name, each))).join('');
}

function element(name: string, value: Node): string {
  if (value === undefined) return '';
  const inner = typeof value !== 'object' ? escaped(String(value)) : isListed(value as Listed | Nodes) ? (value as Listed).items.map((item) => element((value as Listed)[listed], item)).join('') : elements(value as Nodes);
  return inner === '' ? `<${name} />` : `<${name}>${inner}</${name}>`;
}

function isListed(value: Listed | Nodes): value is Listed {
  return listed in value;
}

/** What XML 1.0 cannot hold at all becomes U+FFFD. */
function escaped(text: string): string {
  return text.toWellFormed().replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\r', '&#13;');
}
