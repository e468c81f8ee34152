/** GSM 03.38 / 3GPP TS 23.038, basic table and extension table (each of the latter takes two septets). */
const basic = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const extended = new Set('\f^{}\\[~]|€');

export interface Segmentation {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** septets (GSM-7) or 16-bit units (UCS-2) */
  readonly units: number;
  readonly perSegment: number;
  readonly segments: number;
  /** characters that force UCS-2, each once, at most ten: the ones that make a message cost double */
  readonly forcing: readonly string[];
}

/**
 * How a text is cut into messages: 160 septets in one, 153 each in several (a 6-byte header); 70 and 67 units in UCS-2.
 * A two-septet character or a surrogate pair is never cut in two, which can cost a unit at the end of a segment.
 */
export function segmentation(text: string): Segmentation {
  const characters = [...text];
  const forcing = [...new Set(characters.filter((character) => !basic.has(character) && !extended.has(character)))];
  const gsm = forcing.length === 0;
  const cost = (character: string): number => gsm ? (extended.has(character) ? 2 : 1) : character.length;
  const units = characters.reduce((sum, character) => sum + cost(character), 0);
  const [single, several] = gsm ? [160, 153] : [70, 67];
  const shape = { encoding: gsm ? 'GSM-7' : 'UCS-2', units, forcing: forcing.slice(0, 10) } as const;
  if (units <= single) return { ...shape, perSegment: single, segments: units === 0 ? 0 : 1 };
  let segments = 1;
  let filled = 0;
  for (const character of characters) {
    if (filled + cost(character) > several) { segments += 1; filled = 0; }
    filled += cost(character);
  }
  return { ...shape, perSegment: several, segments };
}
