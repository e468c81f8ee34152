import { expect, it } from 'vitest';
import { expo } from '../../src/providers/expo/index.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const ann = `ExponentPushToken[${'a'.repeat(22)}]`;
const send = '/--/api/v2/push/send';
const call = (path: string, body: unknown, host = 'exp.host', header = 'Accept: */*'): HttpRequest => parseHttpFile(Buffer.from(
  `POST ${path} HTTP/1.1\nHost: ${host}\n${header}\nContent-Type: application/json\n\n${JSON.stringify(body)}`));

it.each<[string, HttpRequest]>([
  ['no message', call(send, [])],
  ['a message to nobody', call(send, { body: 'hi' })],
  ['a message to an empty list', call(send, { to: [], body: 'hi' })],
  ['a token that is no text', call(send, { to: [ann, 5], body: 'hi' })],
  ['an empty token', call(send, { to: [ann, ''], body: 'hi' })],
  ['a second spelling', call(send, { to: ann, To: [ann], body: 'hi' })],
  ['a text for a message', call(send, ['hi'])],
  ['a parameter nobody knows', call(`${send}?to=other`, { to: ann, body: 'hi' })],
  ['another method by a header', call(send, { to: ann, body: 'hi' }, 'exp.host', 'X-HTTP-Method-Override: GET')],
  ['the path of one host at the other', call('/v2/push/send', { to: ann, body: 'hi' })],
  ['the same the other way round', call(send, { to: ann, body: 'hi' }, 'api.expo.dev')],
  ['a double slash', call('/--/api/v2//push/send', { to: ann, body: 'hi' })],
  ['a question about no ids', call('/--/api/v2/push/getReceipts', {})],
  ['a question about an id that is no text', call('/--/api/v2/push/getReceipts', { ids: [5] })],
  ['another of its APIs', call('/v2/projects', {}, 'api.expo.dev')],
])('does not guess what %s means', (_what, request) => {
  expect(expo.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^Expo[ :]/) });
});

it.each<[string, unknown, 'object' | number]>([
  ['one message to one device', { to: ann, body: 'hi' }, 'object'],
  ['one message to a list of one', { to: [ann], body: 'hi' }, 1],
  ['a list of one message', [{ to: ann, body: 'hi' }], 1],
  ['messages to three devices', [{ to: [ann, ann], body: 'hi' }, { to: ann, body: 'ho' }], 3],
])('answers %s as Expo does', async (_what, body, tickets) => {
  const request = call(send, body);
  const { reply, remember } = await expo.simulate(request, expo.decode(request), memory().context());
  const { data } = JSON.parse(Buffer.from(reply.body).toString()) as { readonly data: object };
  expect(Array.isArray(data) ? data.length : 'object').toBe(tickets);
  expect(remember).toHaveLength(typeof tickets === 'number' ? tickets : 1);
});
