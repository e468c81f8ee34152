import type { Addressee } from '../../model/recipient.ts';

export interface Leaf { readonly path: string; readonly text: string }

/** An address or an international number somewhere in a text. Bounded, so that a long text costs no more than its length. */
const email = /[^\s@<>()[\]{}"',;:=&|/\\]{1,64}@[^\s@<>()[\]{}"',;:=&|/\\]{1,190}/g;
const phone = /(?:\+|\b00)[0-9](?:[ ().-]{0,2}[0-9]){6,14}/g;
const most = 1_000;

/**
 * Whoever is named by fields that the vendor is not known to have. What the vendor would do with them cannot be told, so each
 * counts as a recipient: role = the path of the field. `already` are those who are recipients anyway.
 */
export function strangers(unknown: Iterable<Leaf>, already: readonly Addressee[]): readonly Addressee[] {
  const seen = new Set(already.map(({ address }) => address.toLowerCase()));
  const found: Addressee[] = [];
  for (const { path, text } of unknown) {
    const named = [
      ...[...text.matchAll(email)].map(([address]): Addressee => ({ address, kind: 'email', role: path.slice(0, 60) })),
      ...[...text.replaceAll(email, ' ').matchAll(phone)].map(([address]): Addressee => ({ address, kind: 'phone', role: path.slice(0, 60) })),
    ];
    for (const one of named) {
      if (seen.has(one.address.toLowerCase()) || found.length >= most) continue;
      seen.add(one.address.toLowerCase());
      found.push(one);
    }
  }
  return found;
}
