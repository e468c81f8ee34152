import { expect, it } from 'vitest';
import { fcm } from '../../src/providers/fcm/index.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const send = '/v1/projects/shop/messages:send';
const call = (path: string, body: object | null, { host = 'fcm.googleapis.com', method = 'POST', header = 'Accept: */*' } = {}): HttpRequest => parseHttpFile(Buffer.from(
  `${method} ${path} HTTP/1.1\nHost: ${host}\n${header}\n${body === null ? '\n' : `Content-Type: application/json\n\n${JSON.stringify(body)}`}`));
const message = { token: 'device-token-1' };
const iid = { host: 'iid.googleapis.com' };

it.each<[string, HttpRequest]>([
  ['a message without a target', call(send, { message: { data: { a: 'b' } } })],
  ['a token that is no text', call(send, { message: { token: ['a', 'b'] } })],
  ['a token and a topic that is no text', call(send, { message: { ...message, topic: 5 } })],
  ['an empty topic', call(send, { message: { topic: ' ' } })],
  ['a target in capitals', call(send, { message: { ...message, Topic: 'news' } })],
  ['a field nobody knows', call(send, { message: { ...message, registration_ids: ['device-token-2'] } })],
  ['a field beside the message', call(send, { message, to: '/topics/news' })],
  ['a field in both spellings', call(send, { message, validate_only: true, validateOnly: false })],
  ['a list of messages', call(send, { message: [message] })],
  ['an activity that is no text', call(send, { message: { ...message, apns: { liveActivityToken: ['a'] } } })],
  ['a parameter that changes the answer', call(`${send}?alt=media`, { message })],
  ['a parameter that may change the call', call(`${send}?alt=json&message.topic=news`, { message })],
  ['a parameter twice', call(`${send}?alt=json&alt=json`, { message })],
  ['another method by a header', call(send, { message }, { header: 'X-HTTP-Method-Override: GET' })],
  ['a project that goes up', call('/v1/projects/../messages:send', { message })],
  ['a send at the host of topics', call(send, { message }, iid)],
  ['a subscription at the host of messages', call('/iid/v1:batchAdd', { to: '/topics/news', registration_tokens: ['a'] })],
  ['a subscription to no topic', call('/iid/v1:batchAdd', { to: 'device-token-1', registration_tokens: ['a'] }, iid)],
  ['a subscription of nobody', call('/iid/v1:batchAdd', { to: '/topics/news', registration_tokens: [] }, iid)],
  ['a subscription with more in it', call('/iid/v1:batchAdd', { to: '/topics/news', registration_tokens: ['a'], data: {} }, iid)],
  ['a subscription of one with a body', call('/iid/v1/device-token-1/rel/topics/news', { to: 'other' }, iid)],
  ['a read with a body', call('/iid/info/device-token-1', { a: 1 }, { ...iid, method: 'GET' })],
])('does not guess what %s means', (_what, request) => {
  expect(fcm.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^FCM/) });
});

it.each<[string, readonly string[]]>([
  ["'a' in topics", ['topic a']],
  ["'a' in topics && ('b' in topics || 'c-1.x' in topics)", ['topic a', 'topic b', 'topic c-1.x']],
  ["'a' in topics && 'a' in topics", ['topic a']],
  ["!('a' in topics)", ["audience !('a' in topics)"]],
  ["'a' in topics && !('b' in topics)", ["audience 'a' in topics && !('b' in topics)"]],
  ["'a' in topics || 'b' not in topics", ["audience 'a' in topics || 'b' not in topics"]],
  ["'a' in topics || true", ["audience 'a' in topics || true"]],
  ['everybody', ['audience everybody']],
  ['()', ['audience ()']],
])('%s reaches %j', (condition, reached) => {
  const decoded = fcm.decode(call(send, { message: { condition } }));
  expect(decoded.kind === 'effects' && decoded.effects[0]!.recipients.map(({ kind, address }) => `${kind} ${address}`)).toEqual(reached);
});

it.each<[string, object, string]>([
  ['two targets', { ...message, topic: 'news' }, "oneof field 'target' is already set"],
  ['data that is no text', { ...message, data: { a: 'b', n: 5 } }, "Invalid value at 'message.data[1].value' (TYPE_STRING)"],
])('answers %s as FCM does', async (_what, broken, words) => {
  const request = call(send, { message: broken });
  const { reply } = await fcm.simulate(request, fcm.decode(request), memory().context());
  expect(reply.status).toBe(400);
  expect(JSON.parse(Buffer.from(reply.body).toString())).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(words) } });
});

it('understands a message at the host for client certificates too', () => {
  expect(fcm.decode(call(send, { message }, { host: 'fcm.mtls.googleapis.com' }))).toEqual(fcm.decode(call(send, { message })));
});

it('tells callers apart by whose token they have, not by which', () => {
  const as = (...parts: readonly string[]): string | null => fcm.account(call(send, { message }, { header: `Authorization: Bearer ${parts.join('.')}` }));
  expect(as('ya29', 'fourthwall', 'ann', '1')).toBe(as('ya29', 'fourthwall', 'ann', '2'));
  expect(as('ya29', 'fourthwall', 'ann', '1')).not.toBe(as('ya29', 'fourthwall', 'bob', '1'));
});
