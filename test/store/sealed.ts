import { createSecretKey, type KeyObject } from 'node:crypto';
import { sealLength, sealOf } from '../../src/store/seal.ts';
import type { OpenStore } from '../contract/store.ts';

/** Made here, as nobody would: the same in every run. */
export const storeKey = (n = 1): KeyObject => createSecretKey(new Uint8Array(32).fill(n));

/** A contract takes as long again on sealed stores: `npm test` runs it on plain ones, `npm run test:nightly` on sealed ones. */
export function plainOrSealed(engine: string): readonly [name: string, sealKey: KeyObject | null] {
  return process.env['FOURTHWALL_SEALED_STORES'] === undefined ? [engine, null] : [`sealed ${engine}`, storeKey()];
}

/** What the contract has to know of a store with this key, or without any. */
export function asSealed(key: KeyObject | null): Pick<OpenStore, 'digest' | 'sealing' | 'sealed'> {
  return { sealed: key !== null, digest: sealOf(key).digest, sealing: (size) => (key === null ? 0 : 4 + sealLength * (size > 64 * 1024 ? 2 : 1)) };
}
