import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomFillSync, type KeyObject } from 'node:crypto';
import { StoreUnavailable } from '../model/store.ts';
import { sha256Of } from './body-coding.ts';

/** Where a value stands: its column, and whose it is. Sealed for one place, it cannot be opened in another. */
export type Place = readonly [column: string, ...owner: string[]];

/**
 * How a store keeps what is personal: as it is (`plain`), or sealed with the key from the environment. What is looked up by equality is kept as a
 * keyed hash, what is told again is sealed.
 */
export interface Seal {
  /** names the key, and tells nothing of it; null = nothing is sealed */
  readonly keyId: string | null;
  sealText<T extends string | null>(place: Place, text: T): T;
  /** Throws StoreUnavailable, naming the place, where it is not what was sealed there. */
  openText<T extends string | null>(place: Place, kept: T): T;
  sealBytes(place: Place, bytes: Uint8Array): Uint8Array;
  openBytes(place: Place, kept: Uint8Array): Uint8Array;
  /** Equal texts of one place are equal when they are sealed: for what is compared there. */
  sealSame<T extends string | null>(place: Place, text: T): T;
  /** Stands for a value of this name where it is looked up. */
  hash(name: string, value: string): string;
  /** Stands for a word in the full-text index; a word for every tokenizer. */
  word(word: string): string;
  /** Names bytes by what they are: what `bodies.sha256` holds. */
  digest(bytes: Uint8Array): Buffer;
}

export const plain: Seal = {
  keyId: null,
  sealText: (_place, text) => text,
  openText: (_place, kept) => kept,
  sealBytes: (_place, bytes) => bytes,
  openBytes: (_place, kept) => kept,
  sealSame: (_place, text) => text,
  hash: (_name, value) => value,
  word: (word) => word,
  digest: sha256Of,
};

/** The first byte of everything sealed. */
const version = 1;
const nonceLength = 12;
const tagLength = 16;
/** How much longer than what it holds a sealed value is, in bytes. */
export const sealLength = 1 + nonceLength + tagLength;

/** Words make up most of what is hashed, and most of them come again. */
const wordsRemembered = 20_000;

/** Null or absent: nothing is sealed. */
export function sealOf(key: KeyObject | null | undefined): Seal {
  return key === null || key === undefined ? plain : sealedWith(key);
}

/** The key of persons, recipients and tokens where no other is given, so that it lies on no disk beside what is sealed. */
export function hashKeyOf(key: KeyObject): Uint8Array {
  return derived(key, 'hash key');
}

function sealedWith(key: KeyObject): Seal {
  const sealing = createSecretKey(derived(key, 'seal'));
  const naming = createSecretKey(derived(key, 'search'));
  const noncing = createSecretKey(derived(key, 'nonce'));
  const mac = (secret: KeyObject, name: string, value: string | Uint8Array): Buffer => createHmac('sha256', secret).update(`${name}\0`).update(value).digest();
  const fresh = randomNonces();
  const words = new Map<string, string>();

  const seal = (place: Place, bytes: Uint8Array, nonce: Uint8Array): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(aad(place));
    const body = cipher.update(bytes);
    cipher.final();
    return Buffer.concat([Buffer.of(version), nonce, body, cipher.getAuthTag()]);
  };
  const open = (place: Place, kept: Uint8Array): Buffer => {
    if (kept.length < sealLength || kept[0] !== version) throw broken(place, 'it is not sealed');
    const opener = createDecipheriv('aes-256-gcm', sealing, kept.subarray(1, 1 + nonceLength), { authTagLength: tagLength })
      .setAAD(aad(place)).setAuthTag(kept.subarray(kept.length - tagLength));
    const bytes = opener.update(kept.subarray(1 + nonceLength, kept.length - tagLength));
    try {
      opener.final();
    } catch {
      throw broken(place, 'it was changed, or belongs elsewhere');
    }
    return bytes;
  };
  const text = (sealed: Buffer): string => sealed.toString('base64');

  return {
    keyId: Buffer.from(derived(key, 'name')).toString('hex', 0, 8),
    sealText: <T extends string | null>(place: Place, given: T) => (given === null ? given : text(seal(place, Buffer.from(given), fresh()))) as T,
    openText: <T extends string | null>(place: Place, kept: T) => (kept === null ? kept : open(place, Buffer.from(kept, 'base64')).toString()) as T,
    sealBytes: (place, bytes) => seal(place, bytes, fresh()),
    openBytes: open,
    sealSame: <T extends string | null>(place: Place, given: T) => (
      given === null ? given : text(seal(place, Buffer.from(given), mac(noncing, JSON.stringify(place), given).subarray(0, nonceLength)))) as T,
    hash: (name, value) => mac(naming, name, value).toString('base64url', 0, 16),
    word(word) {
      const known = words.get(word);
      if (known !== undefined) return known;
      // 48 bits, in as few letters and digits as they take: the index is mostly words.
      const made = mac(naming, 'word', word).readUIntBE(0, 6).toString(36);
      if (words.size >= wordsRemembered) words.clear();
      if (word.length <= 64) words.set(word, made);
      return made;
    },
    digest: (bytes) => mac(naming, 'body', bytes),
  };
}

function derived(key: KeyObject, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), `fourthwall store ${purpose}`, 32));
}

function aad(place: Place): Buffer {
  return Buffer.from(JSON.stringify(place));
}

/** Each is given once. They are drawn in batches: one by one that takes as long as to seal. */
function randomNonces(): () => Uint8Array {
  let drawn: Uint8Array = new Uint8Array(0);
  let given = 0;
  return () => {
    if (given === drawn.length) {
      drawn = randomFillSync(new Uint8Array(nonceLength * 256));
      given = 0;
    }
    given += nonceLength;
    return drawn.subarray(given - nonceLength, given);
  };
}

function broken([column, ...owner]: Place, why: string): StoreUnavailable {
  return new StoreUnavailable(`${column} of ${owner.join(' ')} cannot be opened with the key of this store: ${why}; restore a copy of the store, or delete what it belongs to`);
}
