import type { Addressee } from '../../model/recipient.ts';
import { trimmed } from './trim.ts';

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
