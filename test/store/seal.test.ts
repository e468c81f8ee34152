import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { encode, enoughForHead, decode, decodeHead } from '../../src/store/body-coding.ts';
import { openBody, openBodyHead, sealBody } from '../../src/store/body-sealing.ts';
import { hashKeyOf, plain, sealLength, sealOf, type Place } from '../../src/store/seal.ts';
import { letters } from '../contract/store-bodies.ts';
import { storeKey } from './sealed.ts';

const here: Place = ['captures.note', 'cap_1'];
const [seal, other] = [sealOf(storeKey(1)), sealOf(storeKey(2))];

test('without a key everything stays as it is', () => {
  expect(sealOf(null)).toBe(plain);
  expect(sealOf(undefined)).toBe(plain);
  expect([plain.keyId, plain.sealText(here, 'x'), plain.sealSame(here, 'x'), plain.openText(here, 'x'), plain.hash('tag', 'x'), plain.word('x')]).toEqual([null, 'x', 'x', 'x', 'x', 'x']);
});

test('what is sealed is opened with the same key in the same place, and nothing else', () => {
  for (const text of ['', 'note', 'Grüße 🎈\0', 'x'.repeat(100_000)]) {
    const kept = seal.sealText(here, text);
    expect(sealOf(storeKey(1)).openText(here, kept)).toBe(text);
    expect(Buffer.from(kept, 'base64')).toHaveLength(Buffer.byteLength(text) + sealLength);
    for (const wrong of [['captures.note', 'cap_2'], ['captures.tags', 'cap_1'], ['captures.note'], ['captures.note', 'cap_1', ''], ['captures.note","cap_1']] as const) {
      expect(() => seal.openText(wrong, kept), wrong.join()).toThrow(/^captures\..* cannot be opened with the key of this store: it was changed, or belongs elsewhere/);
    }
    expect(() => other.openText(here, kept)).toThrow(/captures\.note of cap_1 cannot be opened/);
  }
  expect([seal.sealText(here, null), seal.openText(here, null), seal.sealSame(here, null)]).toEqual([null, null, null]);
});

test('any bit of it that is another is noticed, and so is one that is missing or too many', () => {
  const kept = Buffer.from(seal.sealBytes(here, Buffer.from('a note')));
  for (let bit = 0; bit < kept.length * 8; bit += 1) {
    const changed = Buffer.from(kept);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => seal.openBytes(here, changed), String(bit)).toThrow(/cannot be opened/);
  }
  for (const changed of [kept.subarray(0, -1), kept.subarray(1), Buffer.concat([kept, Buffer.of(0)]), Buffer.alloc(0), Buffer.from('{"a":1}'.repeat(9))]) expect(() => seal.openBytes(here, changed)).toThrow(/cannot be opened/);
});

test('equal texts look different, but for what is compared in one place', () => {
  const many = Array.from({ length: 2_000 }, () => Buffer.from(seal.sealText(here, 'x'), 'base64').toString('latin1', 1, 13));
  expect(new Set(many).size).toBe(many.length);
  expect(seal.sealSame(here, 'x')).toBe(seal.sealSame(here, 'x'));
  expect(seal.openText(here, seal.sealSame(here, 'x'))).toBe('x');
  const nonces = [seal.sealSame(here, 'x'), seal.sealSame(here, 'y'), seal.sealSame(['captures.note', 'cap_2'], 'x'), other.sealSame(here, 'x')].map((kept) => kept.slice(0, 17));
  expect(new Set(nonces).size).toBe(4);
});

test('hashes are of their name and their key, and a word stays one word', () => {
  expect(seal.hash('tag', 'x')).toBe(sealOf(storeKey(1)).hash('tag', 'x'));
  const body = (from: typeof seal): string => from.digest(Buffer.from('x')).toString('base64url', 0, 16);
  expect(new Set([seal.hash('tag', 'x'), seal.hash('key', 'x'), seal.hash('tag', 'y'), other.hash('tag', 'x'), body(seal), body(other), body(plain)]).size).toBe(7);
  expect([seal.word('order'), seal.word('grüße')]).toEqual([expect.stringMatching(/^[0-9a-z]{6,10}$/), expect.stringMatching(/^[0-9a-z]{6,10}$/)]);
  expect(seal.word('order')).toBe(sealOf(storeKey(1)).word('order'));
  expect(seal.word('order')).not.toBe(other.word('order'));
  expect(new Set([seal.keyId, other.keyId, Buffer.from(hashKeyOf(storeKey(1))).toString('hex', 0, 8), storeKey(1).export().toString('hex', 0, 8)]).size).toBe(4);
});

test('a body is sealed and opened whatever its size, and its beginning without the rest', () => {
  for (const bytes of [letters(0), letters(255), letters(256), letters(65_536), letters(65_537), letters(300_000), randomBytes(65_536), randomBytes(65_537), randomBytes(200_000)]) {
    for (const by of [seal, plain]) {
      const coded = encode(bytes);
      const kept = sealBody(by, { sha256: by.digest(bytes), size: bytes.length }, coded);
      expect(Buffer.compare(decode(openBody(by, kept), by.digest), bytes)).toBe(0);
      expect(Buffer.compare(decodeHead(openBodyHead(by, { ...kept, data: kept.data.subarray(0, enoughForHead) }), by.digest), bytes.subarray(0, 65_536))).toBe(0);
      if (by === plain) expect(kept.data).toBe(coded.data);
      else expect(Buffer.from(kept.data).includes(Buffer.from(coded.data.subarray(0, 40))) && bytes.length > 0).toBe(false);
    }
  }
});
