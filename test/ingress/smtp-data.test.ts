import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { createDataReader } from '../../src/ingress/smtp-data.ts';
import { envelope, openFront, stuff, talk } from './smtp-harness.ts';
import type { Front } from './smtp-harness.ts';

/** reads the bytes in chunks cut at these places */
function read(bytes: Buffer, cuts: readonly number[] = []): { readonly message: string; readonly rest: string | null } {
  const reader = createDataReader();
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  const pieces: Buffer[] = [];
  let rest: Buffer | null = null;
  for (const [index, start] of [0, ...places].entries()) {
    const chunk = bytes.subarray(start, places[index] ?? bytes.length);
    if (rest !== null) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    const step = reader.push(chunk);
    pieces.push(step.message);
    rest = step.rest;
  }
  return { message: Buffer.concat(pieces).toString('latin1'), rest: rest?.toString('latin1') ?? null };
}
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** bytes that are rich in what matters here */
const nasty = fc.array(fc.oneof(fc.constantFrom(...'\r\n.x\0', '\r\n', '\r\n.', '\r\n..', '\n.\n', '\r.\r', '\n..'), fc.string({ minLength: 1, maxLength: 3, unit: 'binary-ascii' })), { maxLength: 60 })
  .map((parts) => latin1(parts.join('')));

describe('reading mail data', () => {
  it.each([
    ['.\r\nQUIT\r\n', '', 'QUIT\r\n'],
    ['x\r\n.\r\n', 'x\r\n', ''],
    ['..\r\n.\r\n', '.\r\n', ''],
    ['x\r\n..y\r\n...\r\n.\r\nrest', 'x\r\n.y\r\n..\r\n', 'rest'],
    // RFC 5321 §4.5.2: a dot before other characters is dropped, stuffed or not
    ['.x\r\n.\r\n', 'x\r\n', ''],
    ['\n..x\r\n.\r\n', '\n..x\r\n', ''],
    ['\r\r\n.\r\n', '\r\r\n', ''],
  ])('of %j gives %j and leaves %j', (bytes, message, rest) => {
    expect(read(latin1(bytes))).toEqual({ message, rest });
  });

  it.each(['x\n.\n', 'x\n.\r\n', 'x\r\n.\n', 'x\r.\r', 'x\r.\r\n', 'x\r\n.\r', 'x\r\n\0.\r\n', 'x\r\n.\r\r\n', 'x\n\n.\n\n'])('does not end at %j', (bytes) => {
    expect(read(latin1(bytes)).rest).toBeNull();
    const { message, rest } = read(latin1(`${bytes}\r\nMAIL FROM:<evil@b.test>\r\n.\r\nQUIT\r\n`));
    expect(message).toContain('MAIL FROM');
    expect(rest).toBe('QUIT\r\n');
  });

  it('gives back what a client stuffed, however it is cut into chunks', () => {
    fc.assert(fc.property(nasty, fc.array(fc.nat(), { maxLength: 8 }), (message, cuts) => {
      const whole = message.length === 0 || message.subarray(-2).equals(latin1('\r\n')) ? message : Buffer.concat([message, latin1('\r\n')]);
      expect(read(Buffer.concat([stuff(message), latin1('QUIT\r\n')]), cuts)).toEqual({ message: whole.toString('latin1'), rest: 'QUIT\r\n' });
    }), { numRuns: 2_000 });
  });

  it('reads any bytes alike in one chunk and byte by byte', () => {
    fc.assert(fc.property(nasty, (bytes) => {
      expect(read(bytes, [...bytes.keys()])).toMatchObject({ rest: read(bytes).rest });
      expect(read(Buffer.concat([bytes, latin1('\r\n.\r\n')]), [...bytes.keys()])).toEqual(read(Buffer.concat([bytes, latin1('\r\n.\r\n')])));
    }), { numRuns: 1_000 });
  });

  it('stays quick on a megabyte of stuffed dots', () => {
    const started = performance.now();
    expect(read(stuff(latin1('.\r\n'.repeat(350_000)))).message).toHaveLength(1_050_000);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('mail data on the wire', () => {
  let front: Front;
  beforeAll(async () => {
    front = await openFront();
  });
  afterAll(() => front.dispose());

  it('arrives unchanged, whatever the bytes', async () => {
    const client = await talk(front.port);
    await fc.assert(fc.asyncProperty(fc.oneof(nasty, fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes))), async (message) => {
      front.mails.length = 0;
      await envelope(client);
      client.send(stuff(message));
      await client.reply(250);
      const sent = Buffer.from(message);
      const ends = sent.length === 0 || sent.subarray(-2).equals(latin1('\r\n'));
      // the end of data is CRLF dot CRLF: a message that does not end its last line gets that CRLF
      expect(Buffer.from(front.mails[0]?.transaction.message ?? [])).toEqual(ends ? sent : Buffer.concat([sent, latin1('\r\n')]));
    }), { numRuns: 150 });
    client.socket.destroy();
  });

  it('arrives unchanged when it is large', async () => {
    front.mails.length = 0;
    const message = Buffer.alloc(5_000_000, '0123456789abcdef.\r\n.\n.\r');
    const client = await talk(front.port);
    await envelope(client);
    client.send(stuff(message));
    await client.reply(250);
    expect(Buffer.from(front.mails[0]?.transaction.message ?? []).equals(Buffer.concat([message, latin1('\r\n')]))).toBe(true);
    client.socket.destroy();
  });

  it.each([['LF.CRLF', '\n.\r\n'], ['LF.LF', '\n.\n'], ['CRLF.LF', '\r\n.\n'], ['CR.CR', '\r.\r'], ['CR.CRLF', '\r.\r\n'], ['CRLF.CRCRLF', '\r\n.\r\r\n'], ['CRLF NUL.CRLF', '\r\n\0.\r\n']])(
    'is one message with a false end inside (CVE-2023-51764 family): %s', async (_name, end) => {
      front.mails.length = 0;
      const client = await talk(front.port);
      await envelope(client);
      client.send(`Subject: a\r\n\r\nx${end}MAIL FROM:<app@shop.test>\r\nRCPT TO:<victim@customer.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nhi\r\n.\r\nQUIT\r\n`);
      await client.ended();
      expect(front.mails.map(({ transaction }) => transaction.to.map(({ address }) => address))).toEqual([['ann@example.test']]);
    });
});
