/** GSM 03.38 basic alphabet, and the characters of its extension table that cost two septets. */
const basic = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const extended = new Set('\f^{}\\[~]|€');

export interface Segments {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly count: number;
}

/**
 * How many SMS a text becomes: 160 septets or 70 UTF-16 units in one, 153 or 67 in each of several (the rest is the
 * concatenation header, 3GPP TS 23.040 §9.2.3.24.1). An escaped or surrogate pair is never cut in two.
 * @param encoding what the caller asked for; in GSM-7 each character that is not of it goes out as another single one
 */
export function segmentsOf(text: string, encoding: Segments['encoding'] | null = null): Segments {
  const characters = [...text];
  const gsm = encoding === null ? characters.every((character) => basic.has(character) || extended.has(character)) : encoding === 'GSM-7';
  const sizes = characters.map((character) => gsm ? (extended.has(character) ? 2 : 1) : character.length);
  const [single, part] = gsm ? [160, 153] : [70, 67];
  const segments = { encoding: gsm ? 'GSM-7' : 'UCS-2' } as const;
  if (sizes.reduce((sum, size) => sum + size, 0) <= single) return { ...segments, count: 1 };
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) { count += 1; used = 0; }
    used += size;
  }
  return { ...segments, count };
}
