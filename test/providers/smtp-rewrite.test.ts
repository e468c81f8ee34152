import { describe, expect, it } from 'vitest';
import type { MailTransaction } from '../../src/model/exchange.ts';
import type { Change } from '../../src/model/provider.ts';
import { smtp } from '../../src/providers/smtp.ts';

const change: Change = {
  capture: 'cap_1', host: null, credential: null, value: (value) => value,
  recipient: ({ address }) => (address.endsWith('@example.test') ? address : `qa+${address.split('@')[0]!.toLowerCase()}@ourcompany.test`),
  sender: (address) => (address.endsWith('@example.test') ? address : null),
  subject: (subject) => `[staging] ${subject}`,
  text: (text) => text.replaceAll('secret', '[masked]'),
};

function transaction(lines: readonly string[], { from = 'app@example.test', to = ['ann@gmail.com'] }: { readonly from?: string; readonly to?: readonly string[] } = {}): MailTransaction {
  return {
    kind: 'mail', helo: 'app.shop.com', tls: null, authUser: 'ann@gmail.com', from: { address: from, parameters: [['RET', 'FULL'], ['ENVID', 'ann@gmail.com']] },
    to: to.map((address) => ({ address, parameters: [['ORCPT', `rfc822;${address}`], ['NOTIFY', 'FAILURE']] })), message: Buffer.from(lines.join('\r\n'), 'utf8'),
  };
}
function rewritten(lines: readonly string[], envelope: Parameters<typeof transaction>[1] = {}, how: Partial<Change> = {}): { readonly mail: MailTransaction; readonly text: string } {
  const made = smtp.rewrite(transaction(lines, envelope), { ...change, ...how });
  if (made.kind === 'impossible') throw new Error(made.why);
  return { mail: made.request, text: Buffer.from(made.request.message).toString('latin1') };
}

describe('the envelope', () => {
  it('is made anew: stand-ins each once, no parameters, nobody who bounces would reach', () => {
    const { mail } = rewritten(['From: app@example.test', 'To: ann@gmail.com', '', 'x'], { from: 'real@shop.com', to: ['ann@gmail.com', 'qa@example.test', 'ANN@gmail.com'] });
    expect(mail).toMatchObject({ from: { address: '', parameters: [] }, to: [{ address: 'qa+ann@ourcompany.test', parameters: [] }, { address: 'qa@example.test', parameters: [] }], helo: null, authUser: null });
  });

  it('without anybody left is impossible', () => {
    expect(smtp.rewrite(transaction(['To: ann@gmail.com', '', 'x']), { ...change, recipient: () => null })).toEqual({ kind: 'impossible', why: 'no recipient is left' });
  });
});

describe('the header', () => {
  it.each([
    'Bcc', 'Resent-To', 'Resent-Bcc', 'Return-Path', 'Errors-To', 'Disposition-Notification-To', 'Return-Receipt-To', 'Delivered-To', 'Apparently-To', 'List-Unsubscribe', 'List-Post', 'X-SMTPAPI',
    'X-MC-BccAddress', 'X-Mailgun-Recipient-Variables', 'Received', 'DKIM-Signature', 'Message-ID', 'References', 'In-Reply-To', 'X-Fourthwall-Run', 'X-Whatever', 'Mail-Followup-To', 'Comments',
  ])('%s does not travel', (name) => {
    const { text } = rewritten(['From: app@example.test', 'To: ann@gmail.com', `${name}: <victim@gmail.com>`, 'Subject: t', '', 'x']);
    expect(text).not.toMatch(/victim|gmail/);
  });

  it('keeps what reaches nobody, and has an identity of its own', () => {
    const { text } = rewritten(['From: app@example.test', 'To: ann@gmail.com', 'Date: Sat, 21 Nov 2026 09:00:00 +0100', 'Importance: high', 'Subject: t', '', 'x']);
    expect(text).toContain('Date: Sat, 21 Nov 2026 09:00:00 +0100\r\n');
    expect(text).toContain('Importance: high\r\n');
    expect(text).toContain('Message-ID: <cap_1@fourthwall.invalid>\r\nX-Fourthwall-Capture: cap_1\r\n');
    expect(text).toContain('Subject: [staging] t\r\n');
  });

  it.each([
    ['To: "Ann, née Ö" <ann@gmail.com>, bob@gmail.com', /^To: =\?utf-8\?B\?\S+\?= <qa\+ann@ourcompany\.test>,\r\n? ?qa\+bob@ourcompany\.test\r$|^To: =\?utf-8\?B\?\S+\?= <qa\+ann@ourcompany\.test>, qa\+bob@ourcompany\.test\r$/m],
    ['To: "ann@gmail.com" <ann@gmail.com>', /^To: qa\+ann@ourcompany\.test\r$/m],
    ['To: "+1 415 555 2671" <ann@gmail.com>', /^To: qa\+ann@ourcompany\.test\r$/m],
    ['To: Team: ann@gmail.com, bob@example.test;', /^To: qa\+ann@ourcompany\.test, bob@example\.test\r$/m],
    ['To: undisclosed-recipients:;', /^To: qa\+ann@ourcompany\.test\r$/m],
    ['Reply-To: real@shop.com', /^(?![^]*Reply-To)/],
    ['From: Shop <real@shop.com>', /^From: qa\+ann@ourcompany\.test\r$/m],
    ['From: Shop <app@example.test>', /^From: "Shop" <app@example\.test>\r$/m],
  ])('%s', (line, expected) => {
    const { text } = rewritten([line, 'Subject: t', '', 'x']);
    expect(text).toMatch(expected);
    expect(text).not.toMatch(/gmail|shop\.com/);
  });

  it.each([
    ['two To fields', ['To: ann@gmail.com', 'To: bob@gmail.com', '', 'x']], ['an address nobody can read for sure', ['To: "a@b" c@d, <ann@gmail.com', '', 'x']],
    ['a stray line end in its header', ['To: ann@gmail.com', 'Subject: a\rBcc: victim@gmail.com', 'x y', '', 'x']], ['a message inside', ['To: ann@gmail.com', 'Content-Type: message/rfc822', '', 'To: victim@gmail.com', '', 'x']],
    ['text in a charset nobody knows', ['Content-Type: text/plain; charset=utf-7', '', 'x']],
  ])('with %s it is impossible', (_what, lines) => {
    expect(smtp.rewrite(transaction(lines), change)).toMatchObject({ kind: 'impossible' });
  });

  it('cannot be broken by a template: control characters of a subject become blanks', () => {
    const { text } = rewritten(['To: ann@gmail.com', 'Subject: =?utf-8?Q?a=0D=0ABcc:_x?=', '', 'x']);
    expect(text).toContain('Subject: [staging] a Bcc: x\r\n');
    expect(text).not.toMatch(/^Bcc/m);
  });
});

describe('the content', () => {
  it('is encoded anew, masked in text and HTML whatever their encoding, pictures found under their new names', () => {
    const { text, mail } = rewritten([
      'To: ann@gmail.com', 'Content-Type: multipart/related; boundary=b', '', '--b', 'Content-Type: text/html; charset=iso-8859-1', 'Content-Transfer-Encoding: quoted-printable', '', 'a =73ecret<img src=3D"cid:logo@shop.com">=FC',
      '--b', 'Content-Type: text/plain', 'Content-Transfer-Encoding: base64', '', Buffer.from('the secret').toString('base64'),
      '--b', 'Content-Type: image/png; name="ann@gmail.com.png"', 'Content-ID: <logo@shop.com>', 'Content-Transfer-Encoding: base64', '', Buffer.from([0x89, 0x50, 0xff]).toString('base64'), '--b--', '',
    ]);
    expect(text).not.toMatch(/shop\.com|ann@gmail/);
    expect(smtp.said(mail)!.filter(({ where }) => where.startsWith('part')).map((each) => [each.text, each.form])).toEqual([['a [masked]<img src="cid:part1.fourthwall">ü', 'html'], ['the [masked]', 'plain']]);
    expect(text).toContain('Content-ID: <part1.fourthwall>\r\n');
    expect(text).toContain(Buffer.from([0x89, 0x50, 0xff]).toString('base64'));
    expect(text).toContain('Content-Disposition: inline; filename="ann_gmail.com.png"\r\n');
  });

  it('says every text of what it made, and nothing of what cannot be read', () => {
    const { mail } = rewritten(['From: app@example.test', 'To: ann@gmail.com', 'Subject: t', 'Content-Type: application/octet-stream', '', 'list: someone@gmail.com']);
    expect(smtp.said(mail)!.map(({ where }) => where)).toEqual(['envelope from', 'header from', 'header to', 'header subject', expect.stringMatching(/^part .*application\/octet-stream/)]);
    expect(smtp.said({ ...mail, message: Buffer.from('Content-Type: multipart/mixed\r\n\r\nx') })).toBeNull();
  });
});
