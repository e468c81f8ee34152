import type { KeyObject } from 'node:crypto';
import { digitsOf, type Subject } from '../../model/erasure.ts';
import { canonicalIdentity } from '../person.ts';
import { keyedDigest } from '../secret-key.ts';

/** How a subject is looked for in a text. `whole`: it stands there for itself; `part`: anywhere, also inside a longer word. */
export interface Spelling { readonly whole: string; readonly part: string; /** lower-case texts of which every text with it has one; null = only the pattern tells */ readonly needles: readonly string[] | null }

/** A file called after an address, and no domain that goes on. */
const fileEndings = '(?:pdf|csv|txt|eml|msg|vcf|ics|json|jsonl|xml|html?|xlsx?|docx?|png|jpe?g|gif|log|gz)';

export function spellingOf({ kind, value }: Subject): Spelling {
  const text = value.trim().normalize('NFC');
  switch (kind) {
    case 'email': return {
      whole: String.raw`(?<![\p{L}\p{N}_+-]|[\p{L}\p{N}_]\.)${literal(text)}(?![\p{L}\p{N}_-]|\.(?!${fileEndings}(?![\p{L}\p{N}]))[\p{L}\p{N}])`, part: literal(text), needles: [text.toLowerCase()],
    };
    case 'phone': {
      // As people write them: +49 (170) 123-45 67. Without the +, digits of something longer are somebody else's.
      const digits = [...digitsOf(text)].join(String.raw`[\s().\/\u00a0-]{0,3}`);
      return { whole: String.raw`(?:\+\s?|(?<![\p{L}\p{N}])(?:00)?)${digits}(?![\p{L}\p{N}])`, part: digits, needles: null };
    }
    case 'customer': case 'device': return { whole: String.raw`(?<![\p{L}\p{N}_-])${literal(text)}(?![\p{L}\p{N}_-])`, part: literal(text), needles: [text.toLowerCase()] };
  }
}

/** The bytes it would have in a file, as latin1 and in the small letters of latin1. */
export function rawSpellings({ kind, value }: Subject): readonly string[] {
  const text = value.trim();
  return kind === 'phone' ? [digitsOf(text)] : [...new Set([text, text.normalize('NFC')])].map((each) => Buffer.from(each.toLowerCase()).toString('latin1').toLowerCase());
}

/** The keyed hashes under which it may stand: of a recipient, in the counting of the breaker, of an identity (`providers`: a customer is one of a vendor). */
export function hashesOf(key: KeyObject, { kind, value }: Subject, providers: readonly string[]): { readonly addresses: readonly string[]; readonly identities: readonly string[] } {
  const text = value.trim();
  const digits = digitsOf(text);
  const spelled = new Set([text, text.toLowerCase(), ...(kind === 'phone' ? [digits, `+${digits}`, `00${digits}`] : [])]);
  const named = kind === 'customer' ? [text, ...providers.map((provider) => `${provider}:${text}`)] : kind === 'phone' ? [text, digits, `+${digits}`, `00${digits}`] : [text];
  return {
    addresses: [...spelled].map((each) => keyedDigest(key, each)),
    identities: [...new Set(named.flatMap((each) => canonicalIdentity({ kind, value: each }) ?? []))].map((each) => keyedDigest(key, each)),
  };
}

/** As the proof names it. */
export function subjectHash(key: KeyObject, subject: Subject): string {
  const value = subject.kind === 'phone' ? `+${digitsOf(subject.value)}` : subject.value;
  return keyedDigest(key, canonicalIdentity({ ...subject, value }) ?? '');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
