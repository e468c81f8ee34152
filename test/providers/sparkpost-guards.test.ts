import { expect, it } from 'vitest';
import { sparkpost } from '../../src/providers/sparkpost/index.ts';
import { createClaims } from '../../src/providers/claims.ts';
import { parseHttpFile } from '../support/http-file.ts';

const call = (line: string, body: object | null, header = 'Accept: */*') => parseHttpFile(Buffer.from(
  `${line} HTTP/1.1\nHost: api.sparkpost.com\nContent-Type: application/json\n${header}\n\n${body === null ? '' : JSON.stringify(body)}`));
const send = 'POST /api/v1/transmissions';
const content = { from: 'shop@ourcompany.test', subject: 'Hi', text: 'x' };
const to = [{ address: 'ann@example.test' }];

it.each<[string, string, object | null, string?]>([
  ['a header that asks for another method', send, { content, recipients: to }, 'X-HTTP-Method-Override: GET'],
  ['a path in capitals', 'POST /api/v1/Transmissions', { content, recipients: to }],
  ['another version', 'POST /api/v2/transmissions', { content, recipients: to }],
  ['two slashes at its end', 'POST /api/v1/transmissions//', { content, recipients: to }],
  ['a recipient that is a text', send, { content, recipients: ['ann@example.test'] }],
  ['a recipient without an address', send, { content, recipients: [...to, { tags: ['x'] }] }],
  ['a second spelling of address', send, { content, recipients: [{ address: 'ann@example.test', Address: 'eve@example.test' }] }],
  ['a second spelling of email', send, { content, recipients: [{ address: { email: 'ann@example.test', Email: 'eve@example.test' } }] }],
  ['a stored list with people beside it', send, { content, recipients: { list_id: 'l', address: 'eve@example.test' } }],
  ['a stored list without a name', send, { content, recipients: { list_id: '' } }],
  ['copies of no known form', send, { content, recipients: to, cc: 'eve@example.test' }],
  ['content that is a text', send, { content: 'x', recipients: to }],
  ['a second spelling in the content', send, { content: { ...content, Headers: { cc: 'eve@example.test' } }, recipients: to }],
  ['headers that are no object', send, { content: { ...content, headers: 'Cc: eve@example.test' }, recipients: to }],
  ['a whole mail that is no text', send, { content: { email_rfc822: {} }, recipients: to }],
  ['a whole mail whose header breaks off', send, { content: { email_rfc822: 'From a@b.test\r\nCc: x\r\n\r\nx' }, recipients: to }],
  ['a read with a body', 'GET /api/v1/templates', {}],
  ['a read that goes up', 'GET /api/v1/templates/..', null],
])('does not guess what %s means', (_what, line, body, header) => {
  expect(sparkpost.decode(call(line, body, header))).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^SparkPost: /) });
});

it.each([
  ['the text of very many different mails', { ...content, text: `{{n}}${'x'.repeat(40_000)}` }, 1_000],
  ['recipients that are too many', content, 10_001],
])('gives up a call that stands for too much: %s', (_what, said, people) => {
  const recipients = Array.from({ length: people }, (_, n) => ({ address: `p${n}@example.test`, substitution_data: { n } }));
  expect(sparkpost.decode(call(send, { content: said, recipients }))).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('it ') });
});

it('gives up a mail whose text would grow beyond all bounds when its tags are filled in', () => {
  const decoded = sparkpost.decode(call(send, { content: { ...content, text: '{{n}}'.repeat(1_000) }, substitution_data: { n: 'x'.repeat(100_000) }, recipients: to }));
  expect(decoded).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('MiB of text') });
});

it.each([
  ['{{{a}}} {{a}} {{ a }} {{b.c}}', '<i> &lt;i&gt; &lt;i&gt; 7'],
  ['{{unknown}} {{if a}} {{each b}} {{b}}', '{{unknown}} {{if a}} {{each b}} {{b}}'],
  ['{{address.email}}', 'ann@example.test'],
])('fills in plain tags and nothing else: %s', (html, expected) => {
  const decoded = sparkpost.decode(call(send, { content: { ...content, html }, substitution_data: { a: '<b>', b: { c: 7 } }, recipients: [{ address: 'ann@example.test', substitution_data: { a: '<i>' } }] }));
  expect(decoded).toMatchObject({ effects: [{ html: expected }] });
});

it('lives at the regions and at the hosts of single customers', () => {
  const claims = createClaims([sparkpost]);
  for (const host of ['api.sparkpost.com', 'api.eu.sparkpost.com', 'acme.api.e.sparkpost.com', 'acme.sparkpostelite.com', 'acme.msyscloud.com']) expect(claims.claim(host, 443)?.name).toBe('sparkpost');
});

it('tells accounts apart by key and subaccount, bare or Basic', () => {
  const withHeader = (header: string) => sparkpost.account(call(send, null, header));
  expect(withHeader('Authorization: abc')).toBe('abc');
  expect(withHeader(`Authorization: Basic ${Buffer.from('abc:').toString('base64')}`)).toBe('abc');
  expect(withHeader('Authorization: abc\nX-MSYS-SUBACCOUNT: 7')).toBe('abc 7');
  expect(withHeader('Accept: */*')).toBe(null);
});
