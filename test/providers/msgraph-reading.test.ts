import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { msgraph } from '../../src/providers/msgraph/index.ts';
import { parseHttpFile } from '../support/http-file.ts';

function call(method: string, path: string, body?: unknown, type = 'application/json'): HttpRequest {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return parseHttpFile(Buffer.from(`${method} ${path} HTTP/1.1\nHost: graph.microsoft.com\n${body === undefined ? '' : `Content-Type: ${type}\n`}\n${text}`));
}
const to = (...addresses: readonly string[]): readonly unknown[] => addresses.map((address) => ({ emailAddress: { address } }));
const message = { subject: 'Order 42', toRecipients: to('ann@example.test') };
const send = '/v1.0/me/sendMail';
const channel = '/v1.0/teams/t1/channels/19:c1@thread.tacv2/messages';

describe('what is not read as a call to Graph', () => {
  it.each<[string, HttpRequest, string]>([
    ['a read with a body', call('GET', '/v1.0/me', {}), 'carries a body'],
    ['a delete with a body', call('DELETE', '/v1.0/me/messages/A', {}), 'carries a body'],
    ['a mail with a query', call('POST', `${send}?to=bob@example.test`, { message }), 'carries a query'],
    ['text that is no base64', call('POST', send, 'To: ann@example.test\r\n\r\nabcdef', 'text/plain'), 'not the base64'],
    ['base64 with something behind its end', call('POST', send, 'VG86IGFubkBleGFtcGxlLnRlc3QNCg0KaGk==abc', 'text/plain'), 'not the base64'],
    ['a message twice', call('POST', send, { message, Message: message }), 'twice'],
    ['an address in another spelling', call('POST', send, { message: { toRecipients: [{ emailAddress: { address: 'ann@example.test', Address: 'bob@example.test' } }] } }), 'is not a list of'],
    ['an address beside its object', call('POST', send, { message: { toRecipients: [{ emailAddress: { address: 'ann@example.test' }, EmailAddress: { address: 'bob@example.test' } }] } }), 'is not a list of'],
    ['a recipient that is no object', call('POST', send, { message: { ...message, ccRecipients: ['bob@example.test'] } }), 'ccRecipients is not a list'],
    ['recipients that are no list', call('POST', send, { message: { ...message, bccRecipients: { emailAddress: { address: 'bob@example.test' } } } }), 'bccRecipients is not a list'],
    ['a reply with a message of another kind', call('POST', '/v1.0/me/messages/A/reply', { message: 'hi' }), 'not as Graph spells it'],
    ['a reply as a whole mail', call('POST', '/v1.0/me/messages/A/reply', 'VG86IGFubkBleGFtcGxlLnRlc3QNCg0KaGk=', 'text/plain'), 'neither'],
    ['a chat message without content', call('POST', channel, { subject: 'x' }), 'body.content'],
    ['a chat message with a lookalike of mentions', call('POST', channel, { body: { content: 'x' }, Mentions: [] }), 'body.content'],
    ['a search in other words', call('GET', '/v1.0/me/messages?search=order'), 'search is not simulated'],
    ['two slashes', call('POST', '/v1.0/me//sendMail', { message }), 'is not simulated'],
    ['an escaped slash in a user', call('POST', '/v1.0/users/a%2Fb/sendMail', { message }), 'is not simulated'],
    ['an escaped letter', call('POST', '/v1.0/me/send%4Dail', { message }), 'is not simulated'],
    ['a version nobody knows', call('POST', '/v2.0/me/sendMail', { message }), 'is not simulated'],
    ['another method in a header', { ...call('POST', send, { message }), headers: [...call('POST', send, { message }).headers, ['X-HTTP-Method', 'PATCH']] }, 'another method'],
  ])('%s', (_what, request, why) => expect(msgraph.decode(request)).toEqual({ kind: 'unrecognized', why: expect.stringContaining(why) }));
});

describe('an address in a field that Graph is not known to have is somebody who might be reached', () => {
  const reached = (request: HttpRequest): readonly string[] => {
    const decoded = msgraph.decode(request);
    return decoded.kind === 'effects' ? decoded.effects.flatMap(({ recipients }) => recipients).map(({ role, address }) => `${role} ${address}`) : [decoded.kind];
  };

  it.each<[string, HttpRequest, readonly string[]]>([
    ['beside a message', call('POST', send, { message, alsoTo: 'bob@example.test' }), ['to ann@example.test', 'alsoTo bob@example.test']],
    ['in a message', call('POST', send, { message: { ...message, deliverTo: [{ address: 'bob@example.test' }] } }), ['to ann@example.test', 'deliverTo/0/address bob@example.test']],
    ['but not who answers go to', call('POST', send, { message: { ...message, replyTo: to('bob@example.test') } }), ['to ann@example.test']],
    ['beside a forward', call('POST', '/v1.0/me/messages/A/forward', { toRecipients: to('ann@example.test'), bcc: 'bob@example.test' }), ['to ann@example.test', 'bcc bob@example.test']],
    ['in the message of a forward', call('POST', '/v1.0/me/messages/A/forward', { message: { toRecipients: to('ann@example.test'), ccRecipients: to('bob@example.test') } }), ['to ann@example.test', 'cc bob@example.test']],
    ['beside a chat message', call('POST', channel, { body: { content: 'hi' }, mailTo: 'bob@example.test' }), ['channel t1/19:c1@thread.tacv2', 'mailTo bob@example.test']],
  ])('%s', (_where, request, expected) => expect(reached(request)).toEqual(expected));
});
