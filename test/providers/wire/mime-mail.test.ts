import { describe, expect, it } from 'vitest';
import { readMimeMail } from '../../../src/providers/wire/mime-mail.ts';

const read = (message: string): ReturnType<typeof readMimeMail> => readMimeMail(Buffer.from(message, 'latin1'));
const reached = (message: string): readonly string[] | string => {
  const mail = read(message);
  return mail.kind === 'mail' ? mail.recipients.map(({ role, address }) => `${role} ${address}`) : mail.why;
};

describe('whom a whole mail reaches', () => {
  it.each<[string, string, readonly string[]]>([
    ['every reader, once', 'To: Ann <ann@a.test>, b@b.test\r\nCc: c@c.test\r\nBcc: ANN@a.test, d@d.test\r\n\r\n', ['to ann@a.test', 'to b@b.test', 'cc c@c.test', 'bcc d@d.test']],
    ['a header given twice', 'To: a@a.test\r\nto: b@b.test\r\n\r\n', ['to a@a.test', 'to b@b.test']],
    ['a folded header', 'To: a@a.test,\r\n b@b.test\r\n\r\n', ['to a@a.test', 'to b@b.test']],
    ['bare line feeds', 'To: a@a.test\nBcc: b@b.test\n\nBcc: c@c.test\n', ['to a@a.test', 'bcc b@b.test']],
    ['who is sent a receipt', 'To: a@a.test\r\nDisposition-Notification-To: b@b.test\r\n\r\n', ['to a@a.test', 'disposition-notification-to b@b.test']],
    ['what is no address list', 'To: ann at home\r\n\r\n', ['to ann at home']],
    ['a blank before the colon', 'To: a@a.test\r\nBcc : b@b.test\r\n\r\n', ['to a@a.test', 'bcc b@b.test']],
    ['nobody', 'To: undisclosed-recipients:;\r\n\r\n', []],
  ])('%s', (_what, message, expected) => expect(reached(message)).toEqual(expected));

  it.each([
    ['a stray line end', 'To: a@a.test\r\rBcc: b@b.test\r\n\r\n'],
    ['two sorts of line end', 'To: a@a.test\r\n\nBcc: b@b.test\r\n\r\n'],
    ['a line that is no field', 'To: a@a.test\r\nno field\r\nBcc: b@b.test\r\n\r\n'],
  ])('is not told where the header has %s', (_what, message) => expect(typeof reached(message)).toBe('string'));
});

it('shows text, html and files, each with its transfer encoding undone', () => {
  expect(read([
    'From: Shop <shop@a.test>', 'To: a@a.test', 'Subject: =?utf-8?B?R3LDvMOfZQ==?=', 'X-Order-Id: 42', 'X-Api-Key: no', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=o', '',
    '--o', 'Content-Type: multipart/alternative; boundary=i', '', '--i', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '', 'Gr=C3=BC=C3=9Fe',
    '--i', 'Content-Type: text/html', '', '<b>x</b>', '--i--',
    '--o', 'Content-Type: text/plain', "Content-Disposition: attachment; filename*=utf-8''b%C3%BC.txt", 'Content-ID: <c1>', 'Content-Transfer-Encoding: base64', '', 'aGVsbG8=', '--o--', '',
  ].join('\r\n'))).toEqual({
    kind: 'mail', from: 'shop@a.test', subject: 'Grüße', recipients: [{ address: 'a@a.test', kind: 'email', role: 'to' }], keys: [{ name: 'order_id', value: '42' }],
    text: 'Grüße', html: '<b>x</b>', attachments: [{ filename: 'bü.txt', contentType: 'text/plain', contentId: 'c1', content: Buffer.from('hello') }],
  });
});

it('is still a mail where its body cannot be cut into parts', () => {
  expect(read('To: a@a.test\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nhello')).toMatchObject({ kind: 'mail', text: null, attachments: [], recipients: [{ address: 'a@a.test' }] });
});

it('cuts a body with bare line feeds into its parts', () => {
  expect(read('To: a@a.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nhello\n--o\nContent-Type: text/html\n\n<b>x</b>\n--o--\n')).toMatchObject({ text: 'hello', html: '<b>x</b>' });
});
