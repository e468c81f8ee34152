import type { Addressee } from '../../model/recipient.ts';
import type { JsonValue } from './json.ts';
import { strangers } from './strangers.ts';
import type { Leaf } from './strangers.ts';
import { trimmed } from './trim.ts';
import { unknownTexts } from './unknown-fields.ts';

/**
 * A number as vendors write it that read bare digits as international: '447700900000' is +447700900000. Anything else (a short code,
 * a national number, several in one text) stays as it was sent, and is then nobody's number to whoever judges it.
 */
export function msisdn(text: string): string {
  const number = trimmed(text);
  return /^[1-9][0-9]{6,14}$/.test(number) ? `+${number}` : number;
}

export function phoneOf(text: string, role: string): Addressee {
  return { address: msisdn(text), kind: 'phone', role };
}

/**
 * `strangers` of the fields that a vendor is not known to have, for one that reads bare digits as a number: there a value that is
 * nothing but ten digits or more may be somebody too.
 */
export function strangersOf(body: JsonValue, known: readonly RegExp[], already: readonly Addressee[]): readonly Addressee[] {
  const unknown = [...unknownTexts(body, known)];
  const bare = unknown.filter(({ text }) => /^[1-9][0-9]{9,14}$/.test(text.trim())).map((leaf): Leaf => ({ ...leaf, text: `+${leaf.text.trim()}` }));
  return strangers([...unknown, ...bare], already);
}
