import type { Rewrite } from '../model/decision.ts';
import type { Change } from '../model/provider.ts';
import type { Addressee } from '../model/recipient.ts';
import type { Safe } from '../policy/safe.ts';
import { judge } from '../policy/standing.ts';
import { keyedHash } from '../store/secret-key.ts';
import { masked } from './strays.ts';

/**
 * The rewrites of a rule as functions over addresses and texts, for one call. Who is safe already stays as he is; the same
 * address has the same stand-in everywhere, told apart by a keyed hash (`{hash}`) or by order of appearance (`{n}`).
 * In a subject `{hash}` and `{n}` are those of the first who was replaced.
 */
export function changeOf(rewrites: readonly Rewrite[], { safe, key, capture }: {
  readonly safe: Safe; readonly key: Uint8Array; readonly capture: string;
}): Change {
  const one = <K extends Rewrite['kind']>(kind: K): Extract<Rewrite, { kind: K }> | null =>
    (rewrites.find((rewrite) => rewrite.kind === kind) as Extract<Rewrite, { kind: K }> | undefined) ?? null;
  const recipients = one('recipients');
  const masks = one('body') !== null;
  const values = new Map(one('values')?.values ?? []);
  const value = (text: string): string => values.get(text) ?? text;
  const numbers = new Map<string, number>();

  const placesOf = (address: string): { readonly hash: string; readonly n: string } => {
    const name = address.toLowerCase();
    if (!numbers.has(name)) numbers.set(name, numbers.size + 1);
    return { hash: keyedHash(key, `recipient ${name}`), n: String(numbers.get(name)) };
  };
  /** null: the template makes another kind of address */
  const standIn = ({ address, kind }: Pick<Addressee, 'address' | 'kind'>): string | null => {
    const template = recipients?.template ?? null;
    const made = template?.startsWith('+') === true ? 'phone' : 'email';
    const wanted = kind === 'customer' ? (address.startsWith('+') ? 'phone' : 'email') : kind;
    if (template === null || wanted !== made) return null;
    const prefix = made === 'phone' ? /^(?:whatsapp|sms|rcs|tel):/i.exec(address)?.[0] ?? '' : '';
    return prefix + filled(template, placesOf(address));
  };
  const isSafe = (addressee: Addressee): boolean => judge(safe, addressee).standing === 'safe';

  return {
    capture,
    host: one('host')?.host ?? null,
    credential: one('credential')?.value ?? null,
    value,
    recipient(addressee) {
      if (recipients === null || isSafe(addressee)) return addressee.address;
      // who has no stand-in stays, for the guard to refuse by name
      return recipients.keep === 'safe' ? null : standIn(addressee) ?? addressee.address;
    },
    sender: (address) => (isSafe({ address, kind: 'email', role: 'from' }) ? address : standIn({ address, kind: 'email' })),
    subject(subject) {
      const template = one('subject')?.template ?? null;
      const first = [...numbers.keys()][0];
      const made = template === null ? subject : filled(template, { subject, ...(first === undefined ? { hash: '', n: '' } : placesOf(first)) });
      return masks ? masked(safe, made) : made;
    },
    text: (text) => (masks ? masked(safe, value(text)) : value(text)),
  };
}

/** One pass: what a value brings with it is not filled again. */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{([a-z]+)\}/g, (whole, place: string) => values[place] ?? whole);
}
