/** Which digests were met: 16 bytes for each in one block of memory, where a Set of texts would take ten times as much for a million. */
export interface DigestSet {
  /** false where it was there already */
  add(hex: string): boolean;
  has(hex: string): boolean;
}

const words = 4;

export function digestSet(): DigestSet {
  let slots = 1024;
  let table = new Uint32Array(slots * words);
  let count = 0;

  /** Where it stands, or where it would: open addressing, a digest is as random as any hash of it. */
  const place = (key: Uint32Array): number => {
    for (let slot = key[0]! & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = slot * words;
      const [a, b, c, d] = [table[at], table[at + 1], table[at + 2], table[at + 3]];
      if ((a! | b! | c! | d!) === 0 || (a === key[0] && b === key[1] && c === key[2] && d === key[3])) return at;
    }
  };
  const taken = (at: number): boolean => (table[at]! | table[at + 1]! | table[at + 2]! | table[at + 3]!) !== 0;
  const grow = (): void => {
    const old = table;
    slots *= 2;
    table = new Uint32Array(slots * words);
    for (let at = 0; at < old.length; at += words) {
      const key = old.subarray(at, at + words);
      if ((key[0]! | key[1]! | key[2]! | key[3]!) !== 0) table.set(key, place(key));
    }
  };

  return {
    has: (hex) => taken(place(keyOf(hex))),
    add(hex) {
      const key = keyOf(hex);
      const at = place(key);
      if (taken(at)) return false;
      table.set(key, at);
      count += 1;
      if (count * 2 > slots) grow();
      return true;
    },
  };
}

/** The first 128 bits. All zeros, which marks an empty place, are nobody's digest. */
function keyOf(hex: string): Uint32Array {
  return Uint32Array.from({ length: words }, (_, n) => Number.parseInt(hex.slice(n * 8, n * 8 + 8), 16));
}
