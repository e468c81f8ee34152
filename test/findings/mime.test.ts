import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import { readMime } from '../../src/findings/mime.ts';

const bounds = { depth: 20, parts: 1_000, headerBytes: 256 * 1024 };
const read = (message: string | Uint8Array, some: Partial<typeof bounds> = {}) =>
  readMime(typeof message === 'string' ? Buffer.from(message.replace(/\r?\n/g, '\r\n'), 'latin1') : message, { ...bounds, ...some });

async function compose(mail: Parameters<ReturnType<typeof createTransport>['sendMail']>[0]): Promise<Buffer> {
  const { message } = await createTransport({ streamTransport: true, buffer: true, newline: 'windows' }).sendMail(mail);
  return message as Buffer;
}
const nested = (depth: number) => {
  let part = 'Content-Type: text/plain\n\ndeep\n';
  for (let at = 0; at < depth; at += 1) part = `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n${part}\n--b${at}--\n`;
  return `Subject: nested\nMIME-Version: 1.0\n${part}`;
};
const many = (count: number) => `Subject: many\nContent-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: text/plain\n\npart\n'.repeat(count)}--b--\n`;

describe('reading MIME', () => {
  it('reads subject, text, HTML and attachments as a mailer made them', async () => {
    const picture = Buffer.from([0, 1, 2, 255]);
    const reading = await read(await compose({
      from: 'a@shop.test', to: 'b@example.test', subject: 'Größe ✓', text: 'Grüße\nzwei', html: '<p>Grüße <img src="cid:logo"></p>',
      attachments: [{ filename: 'räport.txt', content: 'one\ntwo' }, { filename: 'logo.png', cid: 'logo', content: picture }],
    }));
    expect(reading).toMatchObject({ whole: true, subject: 'Größe ✓', text: 'Grüße\nzwei', html: '<p>Grüße <img src="cid:logo"></p>' });
    // inline ones come first in the tree
    expect(reading.attachments.toSorted((a, b) => (a.filename ?? '').localeCompare(b.filename ?? ''))).toEqual([
      { filename: 'logo.png', contentType: 'image/png', contentId: 'logo', content: picture },
      { filename: 'räport.txt', contentType: 'text/plain', contentId: null, content: Buffer.from('one\ntwo') },
    ]);
  });

  it.each([
    ['iso-8859-1', '8bit', 'Gr\xfc\xdfe'], ['utf-8', 'quoted-printable', 'Gr=C3=BC=C3=9Fe'], ['windows-1252', 'base64', 'R3L832U='], ['UTF8', '8bit', 'Gr\xc3\xbc\xc3\x9fe'],
  ])('undoes the charset %s in %s', async (charset, encoding, body) => {
    expect((await read(`Subject: x\nContent-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: ${encoding}\n\n${body}`)).text?.trim()).toBe('Grüße');
  });

  it.each([
    ['an unknown charset', 'Content-Type: text/plain; charset=klingon-8\n\nhello'],
    ['an unknown transfer encoding', 'Content-Type: text/plain\nContent-Transfer-Encoding: yenc\n\nhello'],
    ['no header at all', '\nhello'],
    ['no body', 'Subject: x\n\n'],
    ['a boundary that never comes', 'Content-Type: multipart/mixed; boundary=b\n\nhello'],
    ['a multipart without boundary', 'Content-Type: multipart/mixed\n\nhello'],
    ['a part without end', 'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello'],
    ['broken base64', 'Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n@@@===\xff'],
    ['a broken encoded word', 'Subject: =?utf-8?B?@@?= =?x?Q?=ZZ?=\n\nhello'],
    ['nothing', ''],
    ['NULs', '\0\0\0\n\0'],
  ])('reads what there is of a message with %s', async (_name, message) => {
    expect(await read(message)).toMatchObject({ whole: true });
  });

  it('keeps file names as data: a path in one is not followed', async () => {
    const { attachments } = await read('Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-ID: <../../../../tmp/pwn>\nContent-Type: image/png; name="../../pwn.png"\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n');
    expect(attachments).toMatchObject([{ filename: '../../pwn.png', contentId: '../../../../tmp/pwn', content: Buffer.from([0, 0, 0]) }]);
  });

  it('keeps a mail inside a mail as an attachment', async () => {
    const { attachments, whole } = await read('Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\ninside\n--b--\n');
    expect(whole).toBe(true);
    expect(attachments).toMatchObject([{ contentType: 'message/rfc822', content: Buffer.from('Subject: inner\r\n\r\ninside') }]);
  });

  it('is partial beyond the depth, the number of parts and the size of headers', async () => {
    expect(await read(nested(20))).toMatchObject({ whole: true, subject: 'nested' });
    expect(await read(nested(21))).toMatchObject({ whole: false, subject: 'nested', text: expect.stringContaining('deep') });
    expect(await read(many(5), { parts: 10 })).toMatchObject({ whole: true });
    expect(await read(many(50), { parts: 10 })).toMatchObject({ whole: false, subject: 'many' });
    expect(await read(`Subject: long\n${'X-A: b\n'.repeat(200_000)}\nx`)).toMatchObject({ whole: false });
  });

  it('leaves a million empty parts alone (mailparser issue 202)', async () => {
    const started = performance.now();
    expect(await read(`Subject: bomb\nContent-Type: multipart/mixed; boundary=b\n\n${'--b\n\n\n'.repeat(300_000)}--b--\n`)).toMatchObject({ whole: false, subject: 'bomb' });
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
