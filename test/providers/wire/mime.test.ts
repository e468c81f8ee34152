import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { decodeWords } from '../../../src/providers/wire/encoded-word.ts';
import { encodeWords, writeMessage } from '../../../src/providers/wire/mime-text.ts';
import { leafText, readMimeTree, withCrlf } from '../../../src/providers/wire/mime-tree.ts';
import type { MimePart } from '../../../src/providers/wire/mime-tree.ts';

const message = (...lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');
const leaves = (part: MimePart): readonly Extract<MimePart, { kind: 'leaf' }>[] => (part.kind === 'leaf' ? [part] : part.parts.flatMap(leaves));
const read = (bytes: Buffer): MimePart => {
  const tree = readMimeTree(bytes);
  if (tree.kind === 'unreadable') throw new Error(tree.why);
  return tree;
};

describe('a MIME tree', () => {
  it('is read to its leaves, with every encoding undone', () => {
    const tree = read(message(
      'Content-Type: multipart/mixed; boundary="a b"', '', 'preamble', '--a b', 'Content-Type: multipart/alternative; boundary=c', '', '--c', 'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable', '', 'Gr=FC=DFe=', ' an', '--c', 'Content-Type: text/html', 'Content-Transfer-Encoding: base64', '', Buffer.from('<b>x</b>').toString('base64'), '--c--',
      '--a b  ', '', 'third', '', '--a b--', 'epilogue'));
    expect(leaves(tree).map(leafText)).toEqual(['Grüße an', '<b>x</b>', 'third\r\n']);
  });

  it.each([
    ['a boundary that is never closed', ['Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'x']],
    ['no boundary at all', ['Content-Type: multipart/mixed', '', 'x']],
    ['two content types', ['Content-Type: text/plain', 'Content-Type: text/html', '', 'x']],
    ['an unknown transfer encoding', ['Content-Transfer-Encoding: x-uuencode', '', 'x']],
    ['a multipart in base64', ['Content-Type: multipart/mixed; boundary=b', 'Content-Transfer-Encoding: base64', '', 'x']],
    ['base64 with more behind its end', ['Content-Transfer-Encoding: base64', '', 'YQ==YQ==']],
    ['a broken escape', ['Content-Transfer-Encoding: quoted-printable', '', 'a=4']],
    ['a parameter given twice', ['Content-Type: multipart/mixed; boundary=a; boundary=b', '', '--a', '', 'x', '--a--']],
  ])('is not read with %s', (_what, lines) => {
    expect(readMimeTree(message(...lines))).toMatchObject({ kind: 'unreadable' });
  });

  it('is bounded in depth and in parts', () => {
    const nested = (depth: number): string => (depth === 0 ? 'Content-Type: text/plain\r\n\r\nx' : `Content-Type: multipart/mixed; boundary=b${depth}x\r\n\r\n--b${depth}x\r\n${nested(depth - 1)}\r\n--b${depth}x--`);
    expect(readMimeTree(Buffer.from(nested(30)))).toMatchObject({ kind: 'unreadable' });
    expect(readMimeTree(message('Content-Type: multipart/mixed; boundary=b', '', ...Array.from({ length: 2_000 }, () => '--b\r\n\r\nx'), '--b--'))).toMatchObject({ kind: 'unreadable' });
  });

  it('has no text in a charset nobody knows, or that hides ASCII', () => {
    for (const charset of ['utf-7', 'x-unknown', 'hz-gb-2312']) {
      expect(leaves(read(message(`Content-Type: text/plain; charset=${charset}`, '', 'ann+AEA-gmail.com'))).map(leafText)).toEqual([null]);
    }
  });
});

describe('line ends', () => {
  it.each([['a\nb', 'a\r\nb'], ['a\rb', 'a\r\nb'], ['a\r\r\nb', 'a\r\n\r\nb'], ['a\r\nb', 'a\r\nb']])('%j becomes %j', (from, to) => {
    expect(withCrlf(Buffer.from(from)).toString()).toBe(to);
  });
});

describe('a message that is written', () => {
  const text = { kind: 'leaf', headers: [], type: 'text/plain; charset=utf-8', content: Buffer.from('x') } as const;

  it.each([['Subject', 'a\r\nBcc: victim@gmail.com'], ['Subject', 'a\nb'], ['Subject', 'a\rb'], ['Subject', 'Grüße'], ['Sub ject', 'x'], ['Subject:', 'x'], ['', 'x'], ['X\r\nBcc', 'x']])('takes no header %j: %j', (name, value) => {
    expect(() => writeMessage([[name, value]], text)).toThrow(/printable ASCII/);
  });

  it('is ASCII with CRLF and short lines, and a mail program reads the same content out of it', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.constantFrom('.\r\n..', 'From here', '_fourthwall_0_', '--_fourthwall_0_--', 'a\rb\nc', 'x'.repeat(2_000))), { minLength: 1, maxLength: 4 }), fc.string({ unit: 'grapheme', maxLength: 150 }), async (texts, subject) => {
      const bytes = writeMessage([['Subject', encodeWords(subject)]], {
        kind: 'multipart', headers: [], subtype: 'mixed',
        parts: texts.map((content) => ({ kind: 'leaf', headers: [['Content-Disposition', 'attachment']], type: 'text/plain; charset=utf-8', content: Buffer.from(content.toWellFormed()) })),
      });
      const written = bytes.toString('latin1');
      expect(written).toMatch(/^[\t\x20-\x7e\r\n]*$/);
      expect(written.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      expect(Math.max(...written.split('\r\n').map((line) => line.length))).toBeLessThan(998);
      const own = leaves(read(bytes)).map((leaf) => Buffer.from(leaf.content).toString());
      expect(own).toEqual(texts.map((each) => each.toWellFormed()));
      // mailparser gives an empty part one line end
      expect((await simpleParser(bytes)).attachments.map(({ content }) => content.toString().replace(/^\r\n$/, ''))).toEqual(own.map((each) => each.replace(/^\r\n$/, '')));
    }), { numRuns: 100 });
  });
});

describe('encoded words', () => {
  it('say the same again, on one line', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const written = encodeWords(text.toWellFormed());
      expect(written).toMatch(/^[\x20-\x7e]*$/);
      expect(decodeWords(written)).toBe(text.toWellFormed().replaceAll(/\p{Cc}+/gu, ' ').trim());
    }));
  });
});
