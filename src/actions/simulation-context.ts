import { createHash } from 'node:crypto';
import type { SimulationContext } from '../model/provider.ts';
import type { Scope, Store } from '../model/store.ts';
import type { Liveness } from '../model/side-effect.ts';

const alphabets = {
  base62: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  hex: '0123456789abcdef',
  digits: '0123456789',
};

/**
 * What a simulation may know. Identifiers are drawn from a hash of the capture's id (which is itself random) and a
 * counter: unique across captures, the same again when a simulation has to be run again.
 */
export function simulationContext(facts: {
  readonly store: Pick<Store, 'recall' | 'objects'>;
  readonly scope: Scope;
  readonly capture: string;
  readonly now: number;
  readonly run: string | null;
  readonly liveness: Liveness;
  /** what identifiers are drawn from; absent = the capture. For what happens later: something of its own, or they would come twice. */
  readonly seed?: string;
  readonly declined?: SimulationContext['declined'];
  readonly unknownIds?: SimulationContext['unknownIds'];
  readonly page: SimulationContext['page'];
}): SimulationContext {
  const draw = drawing(facts.seed ?? facts.capture);
  const letters = (length: number, alphabet: string): string =>
    Array.from({ length }, () => alphabet[draw() % alphabet.length]).join('');
  return {
    now: facts.now,
    capture: facts.capture,
    run: facts.run,
    liveness: facts.liveness,
    declined: facts.declined ?? null,
    unknownIds: facts.unknownIds ?? 'not-found',
    page: facts.page,
    id: (prefix, options = {}) => prefix + letters(options.length ?? 24, alphabets[options.alphabet ?? 'base62']),
    uuid: () => {
      const hex = letters(32, alphabets.hex);
      const variant = alphabets.hex[8 + (Number.parseInt(hex.charAt(16), 16) % 4)];
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    recall: (kind, id) => facts.store.recall(facts.scope, kind, id),
    list: (kind, options = {}) => facts.store.objects(facts.scope, kind, { ...options, limit: options.limit ?? 100 }),
  };
}

/** 16-bit numbers out of SHA-256 blocks of the seed: wide enough that the modulo's bias does not matter here. */
function drawing(seed: string): () => number {
  let block = Buffer.alloc(0);
  let blocks = 0;
  let at = 0;
  return () => {
    if (at + 2 > block.length) {
      block = createHash('sha256').update(`${seed}:${blocks++}`).digest();
      at = 0;
    }
    const value = block.readUInt16BE(at);
    at += 2;
    return value;
  };
}
