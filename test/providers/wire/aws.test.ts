import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/model/exchange.ts';
import { accountOfKey, awsAccount, awsCredential } from '../../../src/providers/wire/aws-credential.ts';
import { readAwsJson } from '../../../src/providers/wire/aws-json.ts';
import { awsTree, readAwsQuery } from '../../../src/providers/wire/aws-query.ts';
import { awsJsonError, awsQueryError, awsQueryReply } from '../../../src/providers/wire/aws-reply.ts';
import { readShape } from '../../../src/providers/wire/aws-shape.ts';
import type { Shape } from '../../../src/providers/wire/aws-shape.ts';
import { parseHttpFile } from '../../support/http-file.ts';

const http = (...lines: readonly string[]): HttpRequest => parseHttpFile(Buffer.from(lines.join('\r\n')));
const form = (body: string, line = 'POST / HTTP/1.1'): HttpRequest => http(line, 'Host: sns.eu-west-1.amazonaws.com', 'Content-Type: application/x-www-form-urlencoded; charset=utf-8', '', body);
const signedBy = (...values: readonly string[]): HttpRequest => http('GET / HTTP/1.1', 'Host: h.test', ...values.map((value) => `Authorization: ${value}`), '', '');
const tree = (...fields: readonly (readonly [string, string])[]): unknown => awsTree(fields);

describe('the parameters of an AWS query', () => {
  it('nest by their dots, with member and entry lists in the order of their numbers', () => {
    expect(tree(['To.member.10', 'c'], ['To.member.2', 'b'], ['To.member.1', 'a'], ['A.entry.1.Name', 'n'], ['A.entry.1.Value.StringValue', 'v'], ['B', ''])).toEqual({
      kind: 'tree', value: { To: ['a', 'b', 'c'], A: [{ Name: 'n', Value: { StringValue: 'v' } }], B: '' },
    });
  });

  it('are no list where a number is missing or another name stands beside', () => {
    expect(tree(['To.1', 'a'], ['X.member.one', 'b'], ['Y.member.1', 'c'], ['Y.other', 'd'], ['Z.member.01', 'e'])).toEqual({
      kind: 'tree', value: { To: { 1: 'a' }, X: { member: { one: 'b' } }, Y: { member: { 1: 'c' }, other: 'd' }, Z: { member: { '01': 'e' } } },
    });
  });

  it.each([
    ['given twice', [['A', '1'], ['A', '1']]], ['both scalar and nested', [['A', '1'], ['A.b', '1']]], ['both nested and scalar', [['A.b', '1'], ['A', '1']]],
    ['of an empty step', [['A..b', '1']]], ['__proto__', [['A.__proto__', '1']]], ['very deep', [[Array.from({ length: 100 }, () => 'a').join('.'), '1']]],
  ] as const)('are unreadable with a name %s', (_what, fields) => {
    expect(awsTree(fields).kind).toBe('unreadable');
  });

  it('come by POST or by GET, without what a signature adds', () => {
    expect(readAwsQuery(form('Action=Publish&Version=2010-03-31&Message=hi'))).toEqual({ kind: 'query', action: 'Publish', version: '2010-03-31', parameters: { Message: 'hi' } });
    expect(readAwsQuery(http('GET /?Action=Publish&Version=2010-03-31&Message=hi&X-Amz-Signature=a&AWSAccessKeyId=b HTTP/1.1', 'Host: h.test', '', ''))).toMatchObject({ action: 'Publish', parameters: { Message: 'hi' } });
  });

  it.each([
    ['two actions', form('Action=Publish&Action=ListTopics&Version=2010-03-31')], ['no version', form('Action=Publish')], ['another path', form('Action=A&Version=2010-03-31', 'POST /x HTTP/1.1')],
    ['a query beside the form', form('Action=A&Version=2010-03-31', 'POST /?Action=B HTTP/1.1')], ['another method', form('Action=A&Version=2010-03-31', 'PUT / HTTP/1.1')],
    ['a GET with a body', form('Action=A&Version=2010-03-31', 'GET /?Action=A&Version=2010-03-31 HTTP/1.1')],
  ])('are unreadable with %s', (_what, request) => {
    expect(readAwsQuery(request).kind).toBe('unreadable');
  });
});

describe('the credential of an AWS call', () => {
  const [scope, rest] = ['20261121/eu-west-1/ses/aws4_request', 'SignedHeaders=host, Signature=ab'];

  it.each([
    ['Signature Version 4', signedBy(`AWS4-HMAC-SHA256 Credential=AKIAFAKE/${scope}, ${rest}`), { accessKeyId: 'AKIAFAKE', region: 'eu-west-1', service: 'ses' }],
    ['Signature Version 4a', signedBy(`AWS4-ECDSA-P256-SHA256 Credential=AKIAFAKE/20261121/ses/aws4_request, ${rest}`), { accessKeyId: 'AKIAFAKE', region: null, service: 'ses' }],
    ['a presigned query', http(`GET /?X-Amz-Credential=AKIAFAKE%2F20261121%2Feu-west-1%2Fses%2Faws4_request HTTP/1.1`, 'Host: h.test', '', ''), { accessKeyId: 'AKIAFAKE', region: 'eu-west-1', service: 'ses' }],
    ['no signature', signedBy(), null],
    ['another scheme', signedBy('Bearer Credential=AKIAFAKE/20261121/eu-west-1/ses/aws4_request'), null],
    ['two signatures', signedBy(`AWS4-HMAC-SHA256 Credential=AKIAFAKE/${scope}, ${rest}`, `AWS4-HMAC-SHA256 Credential=AKIAOTHER/${scope}, ${rest}`), null],
  ])('is read of %s', (_what, request, credential) => {
    expect(awsCredential(request)).toEqual(credential);
  });

  it('tells the account behind a key, so that temporary keys share what they left', () => {
    // a published pair, put together here
    expect(accountOfKey(['ASIA', 'Y34FZKBOKMUTVV7A'].join(''))).toBe('609629065308');
    expect(accountOfKey('AKIAFAKE')).toBeNull();
    expect(awsAccount(signedBy(`AWS4-HMAC-SHA256 Credential=AKIAFAKE/${scope}, ${rest}`))).toBe('AKIAFAKE');
  });
});

describe('an AWS JSON call', () => {
  const call = (target: string, type: string, body: string): HttpRequest => http('POST / HTTP/1.1', 'Host: h.test', `X-Amz-Target: ${target}`, `Content-Type: ${type}`, '', body);
  const options = { target: 'PinpointSMSVoiceV2', version: '1.0' } as const;

  it('is its operation and its object', () => {
    expect(readAwsJson(call('PinpointSMSVoiceV2.SendTextMessage', 'application/x-amz-json-1.0', '{"A":1}'), options)).toEqual({ kind: 'json', operation: 'SendTextMessage', body: { A: 1 } });
  });

  it.each([
    ['for another service', call('Other.SendTextMessage', 'application/x-amz-json-1.0', '{}')], ['of another type', call('PinpointSMSVoiceV2.SendTextMessage', 'application/json', '{}')],
    ['with a list', call('PinpointSMSVoiceV2.SendTextMessage', 'application/x-amz-json-1.0', '[]')], ['with a key twice', call('PinpointSMSVoiceV2.SendTextMessage', 'application/x-amz-json-1.0', '{"A":1,"A":2}')],
  ])('%s is unreadable', (_what, request) => {
    expect(readAwsJson(request, options).kind).toBe('unreadable');
  });
});

describe('the shape of an AWS input', () => {
  const shape: Shape = { fields: { To: { list: 'text' }, From: 'text', Count: 'scalar', Data: 'any', Inner: { fields: { Name: 'text' } } } };

  it('lets through what is documented, and tells every text that is not', () => {
    expect(readShape({ To: ['a'], From: 'b', Count: 3, Data: { x: 'c@d.test' } }, shape)).toEqual({ kind: 'shaped', unknown: [] });
    expect(readShape({ To: '', Inner: { Name: 'n', Odd: { Deep: ['x@y.test'] } } }, shape)).toEqual({
      kind: 'shaped', unknown: [{ path: 'Odd', text: 'Odd' }, { path: 'Odd/Deep', text: 'Deep' }, { path: 'Odd/Deep/0', text: 'x@y.test' }],
    });
  });

  it.each([
    ['a text for a list', { To: 'a' }], ['an object for a list', { To: { 1: 'a' } }], ['a number in a list of texts', { To: [1] }], ['a null in a list', { To: [null] }],
    ['a list for a text', { From: ['a'] }], ['a number for a text', { From: 1 }], ['another case', { to: ['a'] }], ['another case further in', { Inner: { name: 'n' } }], ['a list for an object', { Inner: [] }],
  ])('refuses %s', (_what, value) => {
    expect(readShape(value, shape).kind).toBe('unreadable');
  });
});

describe('an AWS answer', () => {
  const text = ({ body }: { readonly body: Uint8Array }): string => Buffer.from(body).toString('utf8');

  it('writes lists, maps and nothing else than text into XML', () => {
    expect(text(awsQueryReply({ action: 'ListThings', namespace: 'http://x.test/', requestId: 'r' }, { Names: ['a<b', 'c&d\u0000'], Map: new Map([['k', { V: true }]]), None: [], Absent: null, Zero: 0 }))).toBe(
      '<ListThingsResponse xmlns="http://x.test/"><ListThingsResult><Names><member>a&lt;b</member><member>c&amp;d\ufffd</member></Names><Map><entry><key>k</key><value><V>true</V></value></entry></Map>'
      + '<None/><Zero>0</Zero></ListThingsResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ListThingsResponse>\n');
  });

  it('names an error in XML, and in header and body of JSON', () => {
    expect(text(awsQueryError(400, { namespace: 'http://x.test/', code: 'MessageRejected', message: 'a & b', requestId: 'r' })))
      .toBe('<ErrorResponse xmlns="http://x.test/"><Error><Type>Sender</Type><Code>MessageRejected</Code><Message>a &amp; b</Message></Error><RequestId>r</RequestId></ErrorResponse>\n');
    expect(awsJsonError(400, { code: 'ValidationException', message: 'm', requestId: 'r' }, { type: 'application/x-amz-json-1.0', more: { Reason: 'X' } })).toMatchObject({
      status: 400, headers: [['Content-Type', 'application/x-amz-json-1.0'], ['x-amzn-RequestId', 'r'], ['x-amzn-ErrorType', 'ValidationException']], body: Buffer.from('{"__type":"ValidationException","message":"m","Reason":"X"}'),
    });
  });
});
