import { createHmac, randomBytes, type KeyObject } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { hashKeyOf } from './seal.ts';

const length = 32;

/**
 * The key of every keyed hash, one for each installation: taken from the variable where one is given (64 hex digits or
 * base64 of at least 32 bytes), else kept in `<data>/hash.key`, made at the first start. It lies beside the store, never in it:
 * whoever has the database alone cannot try addresses against its hashes. Where the store is sealed it is made from that key, so that no disk holds it.
 * Throws when the file is not ours alone: a key that others could read is no key.
 */
export function secretKey({ data, fromEnvironment, storeKey = null }: {
  readonly data: string; readonly fromEnvironment?: string | undefined; readonly storeKey?: KeyObject | null;
}): Uint8Array {
  if (fromEnvironment !== undefined && fromEnvironment !== '') return parseKey(fromEnvironment);
  if (storeKey !== null) return hashKeyOf(storeKey);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const path = join(data, 'hash.key');
  return readKey(path) ?? makeKey(path);
}

/** 12 hex of HMAC-SHA-256: tells equal from different, not what it was. A KeyObject is quicker where many are made. */
export function keyedHash(key: Uint8Array | KeyObject, text: string): string {
  return keyedDigest(key, text).slice(0, 12);
}

/** 32 hex of the same, where two different things must never share one (persons, erasure by subject). */
export function keyedDigest(key: Uint8Array | KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}

function parseKey(text: string): Uint8Array {
  const key = /^[0-9a-f]{64,}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (key.length < length) throw new Error(`the hash key from the environment has ${key.length} bytes; give at least ${length}, as 64 hex digits or base64`);
  return key;
}

function readKey(path: string): Uint8Array | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { mode, uid } = fstatSync(file);
    const self = process.getuid?.();
    if (self !== undefined && uid !== self) throw new Error(`hash key ${path} belongs to user ${uid}, not to us (${self}); take it away or run as its owner`);
    if (self !== undefined && (mode & 0o077) !== 0) throw new Error(`hash key ${path} may be read by others (mode ${(mode & 0o777).toString(8)}); it must be 600`);
    const key = readFileSync(file);
    if (key.length !== length) throw new Error(`hash key ${path} has ${key.length} bytes instead of ${length}; restore it, or move it away to begin with a new one`);
    return key;
  } finally {
    closeSync(file);
  }
}

/** Written whole under another name, then linked: a crash never leaves half a key, and of two starters one wins. */
function makeKey(path: string): Uint8Array {
  const key = randomBytes(length);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    fchmodSync(file, 0o600);
    writeSync(file, key);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const theirs = readKey(path);
    if (theirs === null) throw error;
    return theirs;
  } finally {
    unlinkSync(draft);
  }
}
