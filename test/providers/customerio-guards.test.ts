import { expect, it } from 'vitest';
import { customerio } from '../../src/providers/customerio/index.ts';
import { parseHttpFile } from '../support/http-file.ts';

const call = (line: string, body: object | null, header = 'Accept: */*') => parseHttpFile(Buffer.from(
  `${line} HTTP/1.1\nHost: api.customer.io\nContent-Type: application/json\n${header}\n\n${body === null ? '' : JSON.stringify(body)}`));
const mail = { to: 'ann@example.test', identifiers: { id: '1' }, transactional_message_id: 1 };
const push = { identifiers: { id: '1' }, transactional_message_id: 1 };

it.each<[string, string, object | null, string?]>([
  ['a send with a query', 'POST /v1/send/email?bcc=eve@example.test', mail],
  ['a header that asks for another method', 'POST /v1/send/email', mail, 'X-HTTP-Method-Override: GET'],
  ['a path in capitals', 'POST /v1/send/Email', mail],
  ['a double slash', 'POST /v1//send/email', mail],
  ['a kind of message nobody knows', 'POST /v1/send/carrier_pigeon', mail],
  ['a second spelling of a field', 'POST /v1/send/email', { ...mail, BCC: 'eve@example.test' }],
  ['a list where a text belongs', 'POST /v1/send/email', { ...mail, bcc: ['eve@example.test'] }],
  ['headers of no known form', 'POST /v1/send/email', { ...mail, headers: [['Cc', 'eve@example.test']] }],
  ['a device without a token', 'POST /v1/send/push', { ...push, custom_device: { platform: 'ios' } }],
  ['an address for devices that is no text', 'POST /v1/send/push', { ...push, to: ['all'] }],
  ['a number that is no text', 'POST /v1/send/sms', { ...push, to: 15_005_550_006 }],
  ['a message to nobody', 'POST /v1/send/sms', { transactional_message_id: 1 }],
  ['a second spelling in a broadcast', 'POST /v1/campaigns/1/triggers', { Emails: ['eve@example.test'] }],
  ['a broadcast without a number', 'POST /v1/campaigns/x/triggers', {}],
  ['an event with a query', 'POST /api/v1/customers/5/events?x=1', { name: 'x' }],
  ['an event without a body', 'POST /api/v1/customers/5/events', null],
  ['an id that begins with a slash', 'PUT /api/v1/customers/%2Fx', {}],
  ['an id that goes up', 'PUT /api/v1/customers/..', {}],
  ['an id with a backslash', 'PUT /api/v1/customers/a%5Cb', {}],
  ['a read with a body', 'GET /v1/campaigns', {}],
  ['a read asked with more than it takes', 'GET /v1/customers?email=a%40example.test&notify=1', null],
])('does not guess what %s means', (_what, line, body, header) => {
  expect(customerio.decode(call(line, body, header))).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^Customer\.io: /) });
});
