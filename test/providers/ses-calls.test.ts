import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import { ses } from '../../src/providers/ses/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const scope = 'AWS4-HMAC-SHA256 Credential=AKIAFAKE/20261121/eu-west-1/ses/aws4_request, SignedHeaders=host, Signature=fake';

function http(line: string, body = '', ...headers: readonly string[]): HttpRequest {
  const type = body === '' ? [] : [`Content-Type: ${body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded'}`];
  return parseHttpFile(Buffer.from([`${line} HTTP/1.1`, 'Host: email.eu-west-1.amazonaws.com', `Authorization: ${scope}`, ...type, ...headers, '', body].join('\r\n')));
}

const query = (fields: Readonly<Record<string, string>>): HttpRequest => http('POST /', new URLSearchParams({ Version: '2010-12-01', ...fields }).toString());
const v2 = (input: unknown, line = 'POST /v2/email/outbound-emails'): HttpRequest => http(line, JSON.stringify(input));
const simple = { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } };
const to = (...ToAddresses: readonly unknown[]): unknown => ({ FromEmailAddress: 'shop@example.test', Destination: { ToAddresses }, Content: simple });
const raw = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const email = { Action: 'SendEmail', Source: 'shop@example.test', 'Message.Subject.Data': 's', 'Message.Body.Text.Data': 't' };

function told(decoded: Decoded): readonly string[] | string {
  return decoded.kind === 'effects' ? decoded.effects.flatMap(({ recipients }) => recipients.map(({ role, address }) => `${role} ${address}`)) : decoded.kind;
}

describe('whom a call to SES reaches', () => {
  it.each([
    ['several in one entry, with names', v2(to('Ann <ann@example.test>, bob@example.test')), ['to ann@example.test', 'to bob@example.test']],
    ['one that is no address, as it came', v2(to('nobody', 'ann@example.test')), ['to nobody', 'to ann@example.test']],
    ['numbers of a list with gaps, in any order', query({ ...email, 'Destination.ToAddresses.member.7': 'b@example.test', 'Destination.ToAddresses.member.2': 'a@example.test' }), ['to a@example.test', 'to b@example.test']],
    ['an empty list beside a full one', query({ ...email, 'Destination.ToAddresses': '', 'Destination.BccAddresses.member.1': 'a@example.test' }), ['bcc a@example.test']],
    ['the destinations of a raw mail, and nobody else', query({ Action: 'SendRawEmail', 'RawMessage.Data': raw('To: a@example.test\r\n\r\n'), 'Destinations.member.1': 'b@example.test' }), ['envelope b@example.test']],
    ['the destinations of a raw mail that nobody can read', query({ Action: 'SendRawEmail', 'RawMessage.Data': raw('no header at all\r\nTo: a'), 'Destinations.member.1': 'b@example.test' }), ['envelope b@example.test']],
    ['every header of a raw mail without destinations', v2({ Content: { Raw: { Data: raw('To: a@example.test\r\nBcc: b@example.test\r\nBCC : c@example.test\r\nResent-To: d@example.test\r\n\r\n') } } }), ['to a@example.test', 'bcc b@example.test', 'bcc c@example.test', 'resent-to d@example.test']],
    ['a raw mail whose parts are broken', v2({ Content: { Raw: { Data: raw('To: a@example.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n') } } }), ['to a@example.test']],
    ['an address in a field that SES has not', query({ ...email, 'Destination.ToAddresses.member.1': 'a@example.test', 'Journal.Copy': 'x@example.test' }), ['to a@example.test', 'Journal/Copy x@example.test']],
    ['whoever asked for a bounce', query({ Action: 'SendBounce', OriginalMessageId: 'm1', BounceSender: 'b@example.test', 'BouncedRecipientInfoList.member.1.Recipient': 'gone@example.test' }), ['original-sender sender of message m1']],
    ['the owner of an address that is to be verified', http('POST /v2/email/identities', '{"EmailIdentity":"new@example.test"}'), ['to new@example.test']],
    ['an address to verify by the oldest way', query({ Action: 'VerifyEmailAddress', EmailAddress: 'new@example.test' }), ['to new@example.test']],
    ['nobody by a suppression', http('DELETE /v2/email/suppression/addresses/ann%40example.test'), []],
  ])('is %s', (_what, request, expected) => {
    expect(told(ses.decode(request))).toEqual(expected);
  });

  it.each([
    ['a list spelt otherwise', v2({ ...to('a@example.test') as object, destination: { ToAddresses: ['b@example.test'] } })],
    ['a list that is one text', v2({ Destination: { ToAddresses: 'a@example.test' }, Content: simple })],
    ['a number for an address', v2(to(5))], ['a null for an address', v2(to(null))], ['nobody', v2(to())], ['no destination', v2({ Content: simple })],
    ['two contents', v2({ ...to('a@example.test') as object, Content: { ...simple, Raw: { Data: raw('To: b@example.test\r\n\r\n') } } })],
    ['a list without member', query({ ...email, 'Destination.ToAddresses.1': 'a@example.test' })],
    ['a list that is no list any more', query({ ...email, 'Destination.ToAddresses.member.1': 'a@example.test', 'Destination.ToAddresses.member.x': 'b@example.test' })],
    ['a case of its own', query({ ...email, 'Destination.ToAddresses.member.1': 'a@example.test', 'destination.BccAddresses.member.1': 'b@example.test' })],
    ['a raw mail that is no base64', query({ Action: 'SendRawEmail', 'RawMessage.Data': '*', 'Destinations.member.1': 'b@example.test' })],
    ['base64 and something behind it', v2({ Content: { Raw: { Data: `${raw('To: a@example.test\r\n\r\n1')}=${raw('x')}` } }, Destination: { ToAddresses: ['b@example.test'] } })],
    ['a raw mail without destinations whose header is broken', v2({ Content: { Raw: { Data: raw('To: a@example.test\rBcc: b@example.test\r\n\r\n') } } })],
    ['a raw mail to nobody', v2({ Content: { Raw: { Data: raw('Subject: x\r\n\r\n') } } })],
    ['a header that names somebody', v2({ ...to('a@example.test') as object, Content: { Simple: { ...simple.Simple, Headers: [{ Name: 'BCC', Value: 'b@example.test' }] } } })],
    ['a header of two lines', v2({ ...to('a@example.test') as object, Content: { Simple: { ...simple.Simple, Headers: [{ Name: 'X-A', Value: 'b\r\nBcc: c@example.test' }] } } })],
    ['a destination of a bulk that names nobody', v2({ BulkEmailEntries: [{ Destination: { ToAddresses: ['a@example.test'] } }, {}], DefaultContent: { Template: { TemplateName: 't' } } }, 'POST /v2/email/outbound-bulk-emails')],
    ['another version', query({ ...email, Version: '2009-01-01', 'Destination.ToAddresses.member.1': 'a@example.test' })],
    ['an action of no name', query({ Action: 'SendEmails', 'Destination.ToAddresses.member.1': 'a@example.test' })],
    ['a send with a query', v2(to('a@example.test'), 'POST /v2/email/outbound-emails?x=1')],
    ['another case of the path', v2(to('a@example.test'), 'POST /v2/email/Outbound-Emails')], ['a path with two slashes', v2(to('a@example.test'), 'POST /v2/email//outbound-emails')], ['a path with a slash behind', v2(to('a@example.test'), 'POST /v2/email/outbound-emails/')],
    ['the API that was before v2', v2(to('a@example.test'), 'POST /v1/email/outbound-emails')], ['a body as a form at v2', http('POST /v2/email/outbound-emails', 'a=b')],
    ['a method in a header', http('GET /v2/email/account', '', 'X-HTTP-Method-Override: PUT')], ['a read with a body', http('GET /v2/email/account', '{}')],
    ['a path that climbs', http('GET /v2/email/templates/..')], ['a path that climbs in escapes', http('GET /v2/email/templates/%2e%2e')], ['a slash in escapes', http('GET /v2/email/identities/a%2Fpolicies')],
    ['a contact', http('POST /v2/email/contact-lists/l/contacts', '{"EmailAddress":"a@example.test"}')], ['an import of contacts', http('POST /v2/email/import-jobs', '{}')], ['an account that stops sending', http('PUT /v2/email/account/sending', '{"SendingEnabled":false}')],
    ['a domain to be verified', http('POST /v2/email/identities', '{"EmailIdentity":"example.test"}')],
  ])('cannot be told of %s', (_what, request) => {
    expect(told(ses.decode(request))).toBe('unrecognized');
  });

  it('says why in words without the call', () => {
    expect(ses.decode(v2({ Destination: { ToAddresses: 'a@example.test' }, Content: simple }))).toEqual({ kind: 'unrecognized', why: 'Amazon SES: SendEmail: the input.Destination.ToAddresses is not a list' });
  });
});

describe('a template that comes with the call', () => {
  const content = (TemplateContent: unknown, TemplateData: string): HttpRequest => v2({ ...to('a@example.test') as object, Content: { Template: { TemplateContent, TemplateData } } });

  it.each([
    ['its tags filled in', { Subject: 'Hi {{name}}', Text: '{{{ order.id }}} {{gone}}.' }, '{"name":"Ann <3","order":{"id":42}}', { subject: 'Hi Ann <3', text: '42 {{gone}}.' }],
    ['blocks as they are', { Subject: '{{#if a}}x{{/if}}', Text: '{{name}}' }, '{"name":"Ann"}', { subject: '{{#if a}}x{{/if}}', text: 'Ann' }],
    ['nothing filled in from what is no JSON', { Subject: 'Hi {{name}}' }, 'name=Ann', { subject: 'Hi {{name}}', template: { id: 'inline', data: 'name=Ann' } }],
    ['nothing that all objects have', { Subject: '{{constructor}}{{toString}}' }, '{}', { subject: '{{constructor}}{{toString}}' }],
  ])('is shown with %s', (_what, template, data, expected) => {
    expect(ses.decode(content(template, data))).toMatchObject({ effects: [expected] });
  });

  it('is given up for thousands of destinations before it fills the memory', () => {
    const BulkEmailEntries = Array.from({ length: 2000 }, (_, index) => ({ Destination: { ToAddresses: [`a${index}@example.test`] }, ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: '{"big":""}' } } }));
    const request = v2({ BulkEmailEntries, DefaultContent: { Template: { TemplateContent: { Text: `{{name}}${'x'.repeat(500_000)}` }, TemplateData: JSON.stringify({ big: 'y'.repeat(500_000), name: 'n' }) } } }, 'POST /v2/email/outbound-bulk-emails');
    expect(told(ses.decode(request))).toBe('unrecognized');
  });
});

describe('what SES refuses itself', () => {
  const answer = async (request: HttpRequest): Promise<{ readonly status: number; readonly text: string }> => {
    const { reply } = await ses.simulate(request, ses.decode(request), memory().context());
    return { status: reply.status, text: Buffer.from(reply.body).toString('utf8') };
  };
  const many = Array.from({ length: 51 }, (_, index) => `a${index}@example.test`);

  it.each([
    ['more than 50 recipients by v2', v2(to(...many)), '"__type":"BadRequestException"'],
    ['more than 50 recipients by v1', query({ ...email, ...Object.fromEntries(many.map((each, at) => [`Destination.ToAddresses.member.${at + 1}`, each])) }), '<Code>InvalidParameterValue</Code>'],
    ['more than 50 destinations in bulk', v2({ BulkEmailEntries: many.map((each) => ({ Destination: { ToAddresses: [each] } })), DefaultContent: { Template: { TemplateName: 't' } } }, 'POST /v2/email/outbound-bulk-emails'), '"__type":"BadRequestException"'],
    ['an address to verify that is none', query({ Action: 'VerifyEmailIdentity', EmailAddress: 'nobody' }), "Missing final '@domain'"],
  ])('is %s', async (_what, request, text) => {
    const got = await answer(request);
    expect(got.status).toBe(400);
    expect(got.text).toContain(text);
  });
});
