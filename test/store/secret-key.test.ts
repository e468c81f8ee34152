import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyedHash, secretKey } from '../../src/store/secret-key.ts';
import { storeKey } from './sealed.ts';

let data: string;
beforeEach(() => { data = mkdtempSync(join(tmpdir(), 'fourthwall-key-')); });
afterEach(() => { rmSync(data, { recursive: true, force: true }); });

test('a key is made at the first start, for us alone, and is the same ever after', () => {
  const made = secretKey({ data: join(data, 'new') });
  expect(made).toHaveLength(32);
  expect(statSync(join(data, 'new', 'hash.key')).mode & 0o777).toBe(0o600);
  expect(statSync(join(data, 'new')).mode & 0o777).toBe(0o700);
  expect(Buffer.from(secretKey({ data: join(data, 'new') })).equals(Buffer.from(made))).toBe(true);
  expect(Buffer.from(secretKey({ data })).equals(Buffer.from(made))).toBe(false);
});

test('a key that others may read is refused', () => {
  secretKey({ data });
  chmodSync(join(data, 'hash.key'), 0o640);
  expect(() => secretKey({ data })).toThrow(/may be read by others \(mode 640\); it must be 600/);
});

test('half a key is refused, not replaced', () => {
  writeFileSync(join(data, 'hash.key'), 'short', { mode: 0o600 });
  expect(() => secretKey({ data })).toThrow(/has 5 bytes instead of 32/);
});

test('a key from the environment is used, hex or base64, if it is long enough', () => {
  const hex = 'ab'.repeat(32);
  expect(Buffer.from(secretKey({ data, fromEnvironment: hex })).toString('hex')).toBe(hex);
  expect(Buffer.from(secretKey({ data, fromEnvironment: Buffer.from(hex, 'hex').toString('base64') })).toString('hex')).toBe(hex);
  expect(() => secretKey({ data, fromEnvironment: 'short' })).toThrow(/at least 32/);
});

test('the hash is twelve hex digits that depend on key and text', () => {
  const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  // printf ann | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101...01
  expect(keyedHash(one, 'ann')).toMatch(/^[0-9a-f]{12}$/);
  expect(keyedHash(one, 'ann')).toBe(keyedHash(one, 'ann'));
  expect(keyedHash(one, 'ann')).not.toBe(keyedHash(two, 'ann'));
  expect(keyedHash(one, 'ann')).not.toBe(keyedHash(one, 'bob'));
});

test('where the store is sealed it is made from that key, and lies on no disk; one that is given wins', () => {
  const made = secretKey({ data: join(data, 'new'), storeKey: storeKey(1) });
  expect(made).toHaveLength(32);
  expect(existsSync(join(data, 'new'))).toBe(false);
  expect(secretKey({ data, storeKey: storeKey(1) })).toEqual(made);
  expect(secretKey({ data, storeKey: storeKey(2) })).not.toEqual(made);
  expect(Buffer.from(made).equals(storeKey(1).export())).toBe(false);
  expect(Buffer.from(secretKey({ data, storeKey: storeKey(1), fromEnvironment: 'ab'.repeat(32) })).toString('hex')).toBe('ab'.repeat(32));
});
