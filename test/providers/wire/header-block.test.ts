import { describe, expect, it } from 'vitest';
import { headerText, readHeaderBlock } from '../../../src/providers/wire/header-block.ts';

const read = (text: string): ReturnType<typeof readHeaderBlock> => readHeaderBlock(Buffer.from(text, 'latin1'));

describe('readHeaderBlock', () => {
  it.each([
    ['a usual one', 'To: a@x.test\r\nSubject: t\r\n\r\nbody\r\n\r\nmore', [['To', 'a@x.test'], ['Subject', 't']], 28],
    ['line feeds alone', 'To: a\nSubject: t\n\nbody', [['To', 'a'], ['Subject', 't']], 18],
    ['folds', 'To: a@x.test,\r\n\tb@x.test\r\n\r\n', [['To', 'a@x.test,\tb@x.test']], 28],
    ['a blank before the colon', 'Bcc : v@x.test\r\n\r\n', [['Bcc', 'v@x.test']], 18],
    ['no body', 'To: a', [['To', 'a']], 5],
    ['no headers', '\r\nbody', [], 2],
    ['nothing', '', [], 0],
  ] as const)('reads %s', (_what, text, headers, bodyOffset) => {
    expect(read(text)).toEqual({ kind: 'headers', headers, bodyOffset });
  });

  it.each([
    ['a fold first', ' To: a\r\n\r\n'],
    ['a line without a colon', 'To: a\r\nhello\r\n\r\n'],
    ['a stray line feed', 'To: a\r\nSubject: x\nBcc: v@x.test\r\n\r\n'],
    ['a stray carriage return', 'To: a\rBcc: v@x.test\r\n\r\n'],
    ['a carriage return among line feeds', 'To: a\n\rBcc: v@x.test\n\n'],
    ['NUL', 'To: a\0b\r\n\r\n'],
    ['a vertical tab, which ends a line for some', 'To: a\r\nSubject: x\x0bBcc: v@x.test\r\n\r\n'],
    ['a line separator of Unicode, in UTF-8', 'To: a\r\nSubject: x\xe2\x80\xa8Bcc: v@x.test\r\n\r\n'],
    ['a name with a blank inside', 'To you: a\r\n\r\n'],
    ['an mbox line', 'From ann Sat Nov 21\r\n\r\n'],
    ['200,000 lines', `${'X-A: b\r\n'.repeat(200_000)}\r\n`],
  ])('does not read %s', (_what, text) => {
    expect(read(text).kind).toBe('unreadable');
  });

  it('reads 8-bit text as UTF-8 where it is', () => {
    const block = readHeaderBlock(Buffer.from('Subject: Grüße\r\n\r\n'));
    expect(block.kind === 'headers' && headerText(block.headers[0]![1])).toBe('Grüße');
    expect(headerText('Gr\xfc\xdfe')).toBe('Grüße');
  });
});
