import { expect, it } from 'vitest';
import { apns } from '../../src/providers/apns/index.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const device = 'f'.repeat(64);
const call = ({ headers = [], body = '{"aps":{"alert":"hi"}}', host = 'api.push.apple.com', path = `/3/device/${device}`, method = 'POST' }: {
  readonly headers?: readonly string[]; readonly body?: string; readonly host?: string; readonly path?: string; readonly method?: string;
}): HttpRequest => parseHttpFile(Buffer.from([`${method} ${path} HTTP/2.0`, `Host: ${host}`, ...headers, '', body].join('\n')));
const signed = ['authorization: bearer fake.apns.token', 'apns-topic: test.example.shop'];
const answer = async (request: HttpRequest): Promise<{ readonly status: number; readonly headers: object; readonly body: string }> => {
  const { reply } = await apns.simulate(request, apns.decode(request), memory().context());
  return { status: reply.status, headers: Object.fromEntries(reply.headers), body: Buffer.from(reply.body).toString() };
};

it('gives the id back that it was given, and one of its own where there was none', async () => {
  const id = '7b8f1a50-0000-4000-8000-00000000000A';
  expect(await answer(call({ headers: [...signed, `apns-id: ${id}`] }))).toEqual({ status: 200, headers: { 'apns-id': id }, body: '' });
  expect((await answer(call({ headers: signed }))).headers).toEqual({ 'apns-id': expect.stringMatching(/^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/) });
  expect((await answer(call({ headers: signed, path: '/4/broadcasts/apps/test.example.shop' }))).headers).toEqual({ 'apns-request-id': expect.any(String) });
});

it.each<[string, number, Parameters<typeof call>[0]]>([
  ['MissingTopic', 400, { headers: signed.slice(0, 1) }],
  ['PayloadEmpty', 400, { headers: signed, body: '' }],
  ['PayloadTooLarge', 413, { headers: signed, body: JSON.stringify({ aps: { alert: 'x'.repeat(4096) } }) }],
  ['BadMessageId', 400, { headers: [...signed, 'apns-id: 42'] }],
  ['InvalidPushType', 400, { headers: [...signed, 'apns-push-type: shout'] }],
  ['BadPriority', 400, { headers: [...signed, 'apns-priority: 7'] }],
  ['BadExpirationDate', 400, { headers: [...signed, 'apns-expiration: tomorrow'] }],
  ['BadCollapseId', 400, { headers: [...signed, `apns-collapse-id: ${'x'.repeat(65)}`] }],
  ['DuplicateHeaders', 400, { headers: [...signed, 'apns-topic: test.example.other'] }],
])('says %s as Apple does, and counts the device all the same', async (reason, status, given) => {
  const request = call(given);
  expect(await answer(request)).toMatchObject({ status, body: JSON.stringify({ reason }) });
  expect(apns.decode(request)).toMatchObject({ effects: [{ recipients: [{ address: device, kind: 'device' }] }] });
});

it('has an id of its own for a call whose id is none', async () => {
  expect((await answer(call({ headers: [...signed, 'apns-id: 42'] }))).headers).toMatchObject({ 'apns-id': expect.stringMatching(/^[0-9A-F-]{36}$/) });
});

it('takes more of a call by voice', async () => {
  const body = JSON.stringify({ aps: {}, call: 'x'.repeat(4500) });
  expect((await answer(call({ headers: [...signed, 'apns-push-type: voip'], body }))).status).toBe(200);
  expect((await answer(call({ headers: signed, body }))).status).toBe(413);
});

it('never says of a device that it is gone, whatever its token', async () => {
  for (const token of ['0', 'notHexAtAll', 'f'.repeat(200)]) expect((await answer(call({ headers: signed, path: `/3/device/${token}` }))).status).toBe(200);
});

it.each([
  ['api.push.apple.com', 'live'], ['api.sandbox.push.apple.com', 'test'], ['api.development.push.apple.com', 'test'],
])('knows %s to be %s', (host, liveness) => {
  expect(apns.decode(call({ host }))).toMatchObject({ effects: [{ liveness }] });
});

it.each<[string, Parameters<typeof call>[0]]>([
  ['another host of Apple\'s', { host: 'gateway.push.apple.com' }],
  ['the hosts of channels', { host: 'api-manage-broadcast.push.apple.com', path: '/1/apps/test.example.shop/channels' }],
  ['another method', { method: 'PUT' }], ['another method by a header', { headers: ['X-HTTP-Method-Override: GET'] }], ['a query', { path: `/3/device/${device}?to=other` }], ['no token', { path: '/3/device/' }], ['a token with a slash', { path: '/3/device/a%2Fb' }],
  ['another version', { path: `/2/device/${device}` }], ['two channels', { path: '/4/broadcasts/apps/test.example.shop', headers: ['apns-channel-id: a', 'apns-channel-id: b'] }],
  ['a payload that is no object', { body: '["hi"]' }], ['a payload that is no JSON', { body: 'hi' }],
])('does not guess what %s means', (_what, given) => {
  expect(apns.decode(call(given))).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^APNs: /) });
});

it('tells teams apart, whatever token they have at the time', () => {
  const token = (iss: string, iat: number): string => ['fake', Buffer.from(JSON.stringify({ iss, iat })).toString('base64url'), 'sig'].join('.');
  const of = (iss: string, iat: number): string | null => apns.account(call({ headers: [`authorization: bearer ${token(iss, iat)}`] }));
  expect(of('TEAM1', 1)).toBe(of('TEAM1', 2));
  expect(of('TEAM1', 1)).not.toBe(of('TEAM2', 1));
  expect(apns.account(call({}))).toBeNull();
});
