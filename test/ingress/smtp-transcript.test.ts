import { afterEach, describe, expect, it } from 'vitest';
import { createTranscript } from '../../src/ingress/smtp-transcript.ts';
import { dial, hear, secured } from './http-harness.ts';
import { openFront, type Front } from './smtp-harness.ts';

let front: Front | null = null;
afterEach(async () => {
  await front?.close();
  front = null;
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Says each line once the reply to the one before has come. */
async function converse(port: number, lines: readonly string[], socket = dial(port)): Promise<Awaited<ReturnType<typeof dial>>> {
  const open = await socket;
  await hear(open, (text) => /^\d{3} .*\r\n$/m.test(text));
  for (const line of lines) {
    open.write(`${line}\r\n`);
    await hear(open, (text) => /(?:^|\r\n)\d{3} [^\r\n]*\r\n$/.test(text));
  }
  return open;
}

const envelope = ['MAIL FROM:<shop@example.test> SIZE=20', 'RCPT TO:<ann@example.test>', 'DATA'];
const message = 'Subject: x\r\n\r\nthe message itself\r\n.';

describe('the transcript of an SMTP session', () => {
  it('has what both sides said before the message, in order, and not the message', async () => {
    front = await openFront();
    (await converse(front.port, ['EHLO app.test', ...envelope, message])).destroy();
    const { transcript = '' } = front.mails[0]!.transaction;
    const lines = transcript.split('\n');
    expect(lines[0]).toMatch(/^S: 220 localhost/);
    expect(lines[1]).toBe('C: EHLO app.test');
    expect(lines).toContain('C: MAIL FROM:<shop@example.test> SIZE=20');
    expect(lines.indexOf('C: RCPT TO:<ann@example.test>')).toBeLessThan(lines.indexOf('C: DATA'));
    expect(lines).toContainEqual(expect.stringMatching(/^S: 250-.*STARTTLS/));
    expect(transcript).not.toContain('the message itself');
  });

  it.each<[string, readonly string[]]>([
    ['AUTH PLAIN in one line', [`AUTH PLAIN ${base64('\0shop\0s3cret-word')}`]],
    ['AUTH PLAIN in two', ['AUTH PLAIN', base64('\0shop\0s3cret-word')]],
    ['AUTH LOGIN', ['AUTH LOGIN', base64('shop'), base64('s3cret-word')]],
    ['AUTH LOGIN with a password that looks like a command', ['AUTH LOGIN', base64('shop'), 'NOOP']],
    ['AUTH XOAUTH2', [`auth xoauth2 ${base64('user=shop\x01auth=Bearer s3cret-word\x01\x01')}`]],
  ])('holds no credential: %s', async (_name, auth) => {
    front = await openFront();
    (await converse(front.port, ['EHLO app.test', ...auth, ...envelope, message])).destroy();
    const { transcript = '', authUser } = front.mails[0]!.transaction;
    expect(authUser).toBe('shop');
    expect(transcript).toContain('C: AUTH (not kept)');
    for (const secret of [base64('s3cret-word'), base64('\0shop\0s3cret-word'), 's3cret-word', 'C: NOOP', base64('shop')]) expect(transcript).not.toContain(secret);
  });

  it.each([['AUTH without its space', 'AUTHPLAIN'], ['the mechanism alone', 'PLAIN'], ['no command at all', '']])('holds no credential that was typed wrong: %s', async (_name, word) => {
    front = await openFront();
    const secret = base64('\0shop\0s3cret-word');
    (await converse(front.port, ['EHLO app.test', `${word} ${secret}`.trimStart(), ...envelope, message])).destroy();
    const { transcript = '' } = front.mails[0]!.transaction;
    expect(transcript).toContain('C: (not kept)');
    expect(transcript).not.toContain(secret);
  });

  it('begins anew with each message of a connection, and says which it is', async () => {
    front = await openFront();
    (await converse(front.port, ['EHLO app.test', ...envelope, message, ...envelope, message])).destroy();
    expect(front.mails[1]!.transaction.transcript).toMatch(/^\(message 2 on this connection\)\n/);
    expect(front.mails[1]!.transaction.transcript).not.toContain('EHLO');
  });

  it('goes on over TLS', async () => {
    front = await openFront();
    const socket = await secured(await dial(front.tlsPort), { servername: 'localhost', ca: front.ca });
    (await converse(front.tlsPort, ['EHLO inside.test', ...envelope, message], Promise.resolve(socket))).destroy();
    expect(front.mails[0]!.transaction.transcript).toContain('C: EHLO inside.test');
  });

  it('is bounded, and says how much is left out', () => {
    const transcript = createTranscript();
    for (let n = 0; n < 2_000; n += 1) transcript.client(`RCPT TO:<${n}@example.test>`);
    expect(transcript.text().length).toBeLessThan(17 * 1024);
    expect(transcript.text()).toMatch(/\n\(\d+ more lines\)$/);
    transcript.next();
    transcript.client('a\r\nS: 250 forged');
    expect(transcript.text().split('\n')).toHaveLength(2);
  });
});
