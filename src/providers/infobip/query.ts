import type { HttpRequest } from '../../model/exchange.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import type { CallContent } from '../wire/json-api.ts';
import { asObject } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/**
 * SMS over query parameters as the message they make: `to` is several numbers with commas between them, the sender of v3 is
 * `sender`. No name may come twice. https://www.infobip.com/docs/api/channels/sms
 */
export function messageInQuery(request: HttpRequest): CallContent | Unread {
  const query = isBodiless(request) ? parseQuery(request.query) : unreadable('a GET carries a body');
  if (query.kind === 'unreadable') return query;
  const names = query.fields.map(([name]) => name);
  if (new Set(names).size < names.length || names.includes('__proto__')) return unreadable('a parameter is given twice, or is none');
  const { to = '', sender, username: _username, password: _password, ...rest } = Object.fromEntries(query.fields);
  const v3 = request.path.startsWith('/sms/3/');
  const destinations = to.split(',').map((number) => number.trim()).filter((number) => number !== '').map((number) => ({ to: number }));
  const { text, notifyUrl, callbackData, bulkId, sendAt, ...others } = rest;
  const message = v3
    ? { ...sender === undefined ? {} : { sender }, destinations, content: { text: text ?? '' }, webhooks: { delivery: { url: notifyUrl ?? '' }, callbackData: callbackData ?? '' }, options: {} }
    : { ...sender === undefined ? {} : { sender }, destinations, text: text ?? '', ...notifyUrl === undefined ? {} : { notifyUrl }, ...callbackData === undefined ? {} : { callbackData }, ...sendAt === undefined ? {} : { sendAt }, ...others };
  const body = v3 ? { messages: [message], options: { schedule: { bulkId: bulkId ?? '' } }, ...others } : { messages: [message], ...bulkId === undefined ? {} : { bulkId } };
  return { kind: 'content', body, query: query.fields };
}

/** A JSON body beside a query in which only those names are, each once. */
export function withQuery(...names: readonly string[]): (request: HttpRequest) => CallContent | Unread {
  return (request) => {
    const query = parseQuery(request.query);
    if (query.kind === 'unreadable') return query;
    if (query.fields.some(([name], index) => !names.includes(name) || query.fields.findIndex(([each]) => each === name) !== index)) return unreadable(`a ${request.method} carries parameters in its query`);
    const json = isBodiless(request) ? null : jsonBody(request);
    if (json?.kind === 'unreadable') return json;
    if (json !== null && asObject(json.value) === null) return unreadable('the body is not a JSON object');
    return { kind: 'content', body: json?.value ?? null, query: query.fields };
  };
}
