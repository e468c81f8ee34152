import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from './reply.ts';

/** What a query API answers with: lists become `<member>`s, maps `<entry><key/><value/></entry>`s; null is left out. */
export type AwsXml = string | number | boolean | null | readonly AwsXml[] | ReadonlyMap<string, AwsXml> | { readonly [name: string]: AwsXml };

/** `<SendEmailResponse><SendEmailResult>...`. The SDKs look the result up by exactly that name. Without a result: null. */
export function awsQueryReply({ action, namespace, requestId }: { readonly action: string; readonly namespace: string; readonly requestId: string }, result: AwsXml): HttpResponse {
  const inner = { ...(result === null ? {} : { [`${action}Result`]: result }), ResponseMetadata: { RequestId: requestId } };
  return xmlReply(200, `${action}Response`, namespace, inner, requestId);
}

/** Code is the name of the SDK's error type (less an 'Exception' that some have); Message is what it shows. */
export function awsQueryError(status: number, { namespace, code, message, requestId }: { readonly namespace: string; readonly code: string; readonly message: string; readonly requestId: string }): HttpResponse {
  return xmlReply(status, 'ErrorResponse', namespace, { Error: { Type: 'Sender', Code: code, Message: message }, RequestId: requestId }, requestId);
}

/** Of the REST and the JSON protocols alike. */
export function awsJsonReply(value: unknown, requestId: string, type = 'application/json'): HttpResponse {
  return typed(jsonReply(200, value, [['x-amzn-RequestId', requestId]]), type);
}

/** The type stands in the header for REST APIs and in `__type` for JSON ones; each SDK reads both. */
export function awsJsonError(status: number, { code, message, requestId }: { readonly code: string; readonly message: string; readonly requestId: string }, { type = 'application/json', more = {} }: { readonly type?: string; readonly more?: Readonly<Record<string, unknown>> } = {}): HttpResponse {
  return typed(jsonReply(status, { __type: code, message, ...more }, [['x-amzn-RequestId', requestId], ['x-amzn-ErrorType', code]]), type);
}

function typed(reply: HttpResponse, type: string): HttpResponse {
  return { ...reply, headers: reply.headers.map(([name, value]) => name === 'Content-Type' ? [name, type] : [name, value]) };
}

function xmlReply(status: number, root: string, namespace: string, value: AwsXml, requestId: string): HttpResponse {
  const body = `<${root} xmlns="${escaped(namespace)}">${xml(value)}</${root}>\n`;
  return { kind: 'http', status, headers: [['Content-Type', 'text/xml'], ['x-amzn-RequestId', requestId]], trailers: [], body: Buffer.from(body, 'utf8') };
}

function xml(value: AwsXml): string {
  if (value === null) return '';
  if (typeof value !== 'object') return escaped(String(value));
  if (value instanceof Map) return [...(value as ReadonlyMap<string, AwsXml>)].map(([key, each]) => element('entry', { key, value: each })).join('');
  if (Array.isArray(value)) return (value as readonly AwsXml[]).map((each) => element('member', each)).join('');
  return Object.entries(value as Readonly<Record<string, AwsXml>>).map(([name, each]) => each === null ? '' : element(name, each)).join('');
}

function element(name: string, value: AwsXml): string {
  const inner = xml(value);
  return inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`;
}

/** What XML 1.0 cannot hold at all becomes U+FFFD. */
function escaped(text: string): string {
  return text.toWellFormed().replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\r', '&#13;');
}
