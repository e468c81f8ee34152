import { expect, it } from 'vitest';
import { onesignal } from '../../src/providers/onesignal/index.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { parseHttpFile } from '../support/http-file.ts';

const app = '00000000-0000-4000-8000-000000000000';
const id = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab';
const call = (line: string, body: object | null, host = 'api.onesignal.com', header = 'Accept: */*'): HttpRequest => parseHttpFile(Buffer.from(
  `${line} HTTP/1.1\nHost: ${host}\n${header}\n${body === null ? '\n' : `Content-Type: application/json\n\n${JSON.stringify(body)}`}`));
const push = { app_id: app, contents: { en: 'hi' } };
const send = (fields: object, line = 'POST /notifications'): HttpRequest => call(line, { ...push, ...fields });
const reached = (request: HttpRequest): unknown => {
  const decoded = onesignal.decode(request);
  return decoded.kind === 'effects' ? decoded.effects.map(({ channel, recipients }) => [channel, ...recipients.map(({ kind, address }) => `${kind} ${address}`)]) : decoded;
};

it.each<[string, HttpRequest]>([
  ['a notification to nobody', send({})],
  ['a notification to nobody but a blind copy', send({ email_bcc: ['ann@example.test'] })],
  ['a segment that is no text', send({ included_segments: [{ name: 'All' }] })],
  ['aliases that are no object', send({ include_aliases: ['u1'], included_segments: ['All'] })],
  ['an alias that is no list', send({ include_aliases: { external_id: { u1: true } }, included_segments: ['All'] })],
  ['filters that are no list', send({ filters: { field: 'tag' }, included_segments: ['All'] })],
  ['a list of people by a name that is not known', send({ include_player_ids: ['p1'], include_huawei_reg_ids: ['a-token-that-looks-like-nobody'] })],
  ['an empty player', send({ include_player_ids: ['p1', ''] })],
  ['a second spelling', send({ include_player_ids: ['a'], includePlayerIds: ['b'] })],
  ['a list of notifications', call('POST /notifications', [push])],
  ['a channel nobody knows', send({ included_segments: ['All'] }, 'POST /notifications?c=voice')],
  ['a parameter nobody knows', send({ included_segments: ['All'] }, 'POST /notifications?to=ann')],
  ['another method by a header', call('POST /notifications', { ...push, included_segments: ['All'] }, 'api.onesignal.com', 'X-HTTP-Method-Override: GET')],
  ['a path in capitals', send({ included_segments: ['All'] }, 'POST /Notifications')],
  ['the new API at the old host', call('POST /notifications', { ...push, included_segments: ['All'] }, 'onesignal.com')],
  ['its website', call('GET /', null, 'onesignal.com')],
  ['a cancellation with a body', call(`DELETE /notifications/${id}`, { app_id: app })],
  ['a cancellation with more in its query', call(`DELETE /notifications/${id}?app_id=${app}&all=true`, null)],
  ['a read with a body', call(`GET /notifications/${id}`, {})],
  ['a device that is added', call('POST /api/v1/players', { app_id: app, device_type: 11, identifier: 'ann@example.test' })],
  ['a user that is deleted', call(`DELETE /apps/${app}/users/by/external_id/u1`, null)],
  ['a journey', call(`POST /apps/${app}/journeys`, {})],
])('does not guess what %s means', (_what, request) => {
  expect(onesignal.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^OneSignal[ :]/) });
});

it.each<[string, object, unknown]>([
  ['players by push are devices', { include_player_ids: ['p1', 'p2'] }, [['push', 'device p1', 'device p2']]],
  ['subscriptions by mail are whoever stands behind them', { include_subscription_ids: ['s1'], target_channel: 'email' }, [['email', 'audience subscription s1']]],
  ['aliases of every label count', { include_aliases: { external_id: ['u1'], onesignal_id: ['o1'], shop: ['x'] } }, [['push', 'audience external_id u1', 'audience onesignal_id o1', 'audience shop x']]],
  ['what is left out takes nobody off', { included_segments: ['All'], excluded_segments: ['All'] }, [['push', 'audience segment All']]],
  ['every kind of target counts', { included_segments: ['All'], include_player_ids: ['p1'], email_to: ['ann@example.test'], include_phone_numbers: ['+15005550006'], target_channel: 'push' },
    [['push', 'device p1', 'audience segment All'], ['email', 'email ann@example.test'], ['sms', 'phone +15005550006']].toSorted((a, b) => a[0]! < b[0]! ? -1 : 1)],
  ['a list may be a text', { email_to: 'ann@example.test' }, [['email', 'email ann@example.test']]],
  ['an address in a field nobody knows', { included_segments: ['All'], reply_all: 'eve@example.test' }, [['push', 'audience segment All', 'email eve@example.test']]],
  ['an address in a text reaches nobody', { included_segments: ['All'], contents: { en: 'Write to help@ourcompany.test' }, large_icon: 'icon@2x.png' }, [['push', 'audience segment All']]],
])('%s', (_what, fields, expected) => {
  const found = reached(send(fields));
  expect(Array.isArray(found) ? (found as string[][]).toSorted((a, b) => a[0]! < b[0]! ? -1 : 1) : found).toEqual(expected);
});
