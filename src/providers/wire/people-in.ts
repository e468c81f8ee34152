import type { Addressee } from '../../model/recipient.ts';
import type { JsonValue } from './json.ts';
import { strangers } from './strangers.ts';
import { trimmed } from './trim.ts';
import { leaves, unknownTexts } from './unknown-fields.ts';

const emailField = /e-?mail(?:_?address)?$/i;

/**
 * Whoever a call of a payment service names: each text field whose name ends in 'email' or 'email_address' (or which `kindOf` a name
 * says), at any depth, and whoever else stands in fields that are no `words` (paths of the caller's own texts, in which an address
 * reaches nobody). `names` are the field's own name and those above it, indexes left out.
 */
export function peopleIn(body: JsonValue, { words, roleOf, kindOf = (name) => (emailField.test(name) ? 'email' : null), more = [] }: {
  readonly words: RegExp;
  readonly roleOf: (names: readonly string[]) => string;
  readonly kindOf?: (name: string) => 'email' | 'phone' | null;
  readonly more?: readonly Addressee[];
}): readonly Addressee[] {
  const found = new Map<string, Addressee>(more.map((one) => [`${one.role} ${one.address}`, one]));
  for (const { path, text } of leaves(body, '')) {
    const names = path.split('/').filter((name) => !/^[0-9]*$/.test(name));
    const name = names.at(-1) ?? '';
    const address = trimmed(text);
    // a field's name comes as a leaf too
    const kind = kindOf(name);
    if (kind === null || words.test(path) || address === '' || address === name) continue;
    const one: Addressee = { address, kind, role: roleOf(names) };
    found.set(`${one.role} ${one.address}`, one);
  }
  const known = [...found.values()];
  return [...known, ...strangers(unknownTexts(body, [words]), known)];
}

/** 'shopperEmail', 'telephoneNumber': for vendors that name people's addresses in many ways. */
export function emailOrPhone(name: string): 'email' | 'phone' | null {
  return /e-?mail/i.test(name) ? 'email' : /phone/i.test(name) ? 'phone' : null;
}
