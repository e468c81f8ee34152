import { describe, expect, it } from 'vitest';
import { sendgrid } from '../../src/providers/sendgrid/index.ts';
import { smtp } from '../../src/providers/smtp.ts';
import { twilio } from '../../src/providers/twilio/index.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import { parseHttpFile } from '../support/http-file.ts';

const reached = (decoded: Decoded): readonly string[] =>
  (decoded.kind === 'effects' ? decoded.effects.flatMap(({ recipients }) => recipients) : []).map(({ address, role }) => `${role} ${address}`);

describe('an address in a field that the vendor is not known to have is somebody who might be reached', () => {
  const mail = { from: { email: 'app@ourcompany.test' }, subject: 'write to me@ourcompany.test', content: [{ type: 'text/plain', value: 'or to you@customer.example' }], personalizations: [{ to: [{ email: 'qa@example.test', name: 'Ann of ann@customer.example' }] }] };
  const post = (body: unknown): Decoded => sendgrid.decode(parseHttpFile(Buffer.from(`POST /v3/mail/send HTTP/1.1\nHost: api.sendgrid.com\nContent-Type: application/json\n\n${JSON.stringify(body)}`)));

  it.each<[string, object, readonly string[]]>([
    ['nowhere', {}, []],
    ['in a custom argument or a template', { custom_args: { who: 'v@customer.example' }, personalizations: [{ to: [{ email: 'qa@example.test' }], dynamic_template_data: { who: 'v@customer.example' } }] }, []],
    ['at the top', { recipients: ['v@customer.example'] }, ['recipients/0 v@customer.example']],
    ['in a personalization', { personalizations: [{ to: [{ email: 'qa@example.test' }], mailTo: { email: 'v@customer.example' } }] }, ['personalizations/0/mailTo/email v@customer.example']],
    ['beside the address', { personalizations: [{ to: [{ email: 'qa@example.test', address: 'v@customer.example' }] }] }, ['personalizations/0/to/0/address v@customer.example']],
    ['as the name of a field', { personalizations: [{ to: [{ email: 'qa@example.test' }], 'v@customer.example': true }] }, ['personalizations/0/v@customer.example v@customer.example']],
    ['under a name with a slash', { 'custom_args/x': 'v@customer.example' }, ['custom_args|x v@customer.example']],
    ['in a setting', { mail_settings: { copy: { email: 'v@customer.example' } } }, ['mail_settings/copy/email v@customer.example']],
  ])('SendGrid: %s', (_where, more, expected) => expect(reached(post({ ...mail, ...more }))).toEqual(['to qa@example.test', ...expected]));

  it.each<[string, readonly string[]]>([
    ['From=%2B15005550006&Body=call+%2B14155552671+or+v%40customer.example', []],
    ['CcNumber=%2B14155552671', ['CcNumber +14155552671']],
    ['Recipients=%5B%22%2B14155552671%22%5D', ['Recipients +14155552671']],
    ['%2B14155552671=1', ['+14155552671 +14155552671']],
  ])('Twilio: %s', (more, expected) => {
    const request = parseHttpFile(Buffer.from(`POST /2010-04-01/Accounts/ACtest/Messages.json HTTP/1.1\nHost: api.twilio.com\nContent-Type: application/x-www-form-urlencoded\n\nTo=%2B15005550006&${more}`));
    expect(reached(twilio.decode(request))).toEqual(['to +15005550006', ...expected]);
  });

  const send = (message: string, parameters: readonly (readonly [string, string])[] = []): readonly string[] => reached(smtp.decode({
    kind: 'mail', helo: null, tls: null, authUser: null, from: { address: 'app@ourcompany.test', parameters: [] },
    to: [{ address: 'qa@example.test', parameters }], message: Buffer.from(message),
  }));

  it.each<[string, readonly (readonly [string, string])[], readonly string[]]>([
    ['an ORCPT of another', [['ORCPT', 'rfc822;v+40customer.example']], ['orcpt v@customer.example']],
    ['an ORCPT of the same', [['ORCPT', 'rfc822;qa@example.test']], []],
    ['a parameter nobody knows', [['X-TO', 'v@customer.example']], ['orcpt v@customer.example']],
    ['a parameter without an address', [['NOTIFY', 'SUCCESS']], []],
  ])('SMTP: %s', (_what, parameters, expected) => expect(send('Subject: x\r\n\r\n', parameters)).toEqual(['envelope qa@example.test', ...expected]));

  it.each<[string, string, readonly string[]]>([
    ['who is sent a receipt', 'Disposition-Notification-To: v@customer.example\r\n\r\n', ['disposition-notification-to v@customer.example']],
    ['who had it before', 'Delivered-To: v@customer.example\r\n\r\n', ['delivered-to v@customer.example']],
    ['whom Mailjet tells of a template that fails', 'X-MJ-TemplateErrorReporting: v@customer.example\r\n\r\n', ['x-mj-templateerrorreporting v@customer.example']],
    ['a header that breaks off before its Bcc', 'Subject: x\r\nno field\r\nBcc: v@customer.example\r\n\r\n', ['header whoever the header names: line 2 of the header block is no header field']],
    ['a message that is all body', 'no field\r\nBcc: v@customer.example\r\n\r\n', []],
  ])('SMTP: %s', (_what, message, expected) => expect(send(message)).toEqual(['envelope qa@example.test', ...expected]));
});
