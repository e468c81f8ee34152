import type { Addressee } from '../../model/recipient.ts';
import { asArray, asObject, asString, field } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { lookalike } from './lookalike.ts';
import { trimmed } from './trim.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** The address of an `{ email, name }` object, trimmed; null when there is none. */
export function emailOf(value: JsonValue | undefined): string | null {
  const email = trimmed(asString(field(asObject(value), 'email')) ?? '');
  return email === '' ? null : email;
}

/** A field that holds a list of `{ email, name }`; absent and null are nobody. Anything else would be a guess at who is reached. */
export function people(object: JsonObject, role: string, where = role): readonly Addressee[] | Unread {
  const value = field(object, role);
  if (value === undefined || value === null) return [];
  const list = asArray(value);
  if (list === null) return unreadable(`${where} is not a list`);
  const found: Addressee[] = [];
  for (const entry of list) {
    const email = emailOf(entry);
    if (email === null || lookalike(Object.keys(asObject(entry) ?? {}), ['email']) !== null) return unreadable(`${where} has an entry without a plain email`);
    found.push({ address: email, kind: 'email', role });
  }
  return found;
}

/** A custom mail header that would name a recipient, in any spelling a vendor might take. */
export function namesRecipient(header: string): boolean {
  return /^\s*(?:(?:resent-)?(?:to|cc|bcc)|apparently-to)\s*:?\s*$/i.test(header);
}

/**
 * The same, or one that goes on as another header: whether a vendor writes `X-A: 1` and below it `Bcc: v@x.test` for such a value cannot be
 * known. A value may be folded (RFC 5322 section 2.2.3).
 */
export function isHarmlessHeader(header: string, value: JsonValue): boolean {
  const text = typeof value === 'string' ? value.trimEnd() : JSON.stringify(value).replaceAll(/\\[nr]/g, '\n');
  return !namesRecipient(header) && !/[\r\n\0:]/.test(header.trim().replace(/\s*:$/, '')) && !/\r(?!\n)|\n(?![ \t])|\0/.test(text);
}

/** X-Fourthwall-* headers of a mail as business keys. */
export function fourthwallKeys(headers: Iterable<readonly [name: string, value: JsonValue]>): readonly { readonly name: string; readonly value: string }[] {
  return [...headers].filter(([name]) => /^x-fourthwall-/i.test(name)).map(([name, value]) => ({ name: name.slice(2).toLowerCase().replaceAll('-', '_'), value: scalar(value) }));
}

/** Text as it is, anything else as JSON. */
export function scalar(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The first link of a mail: what somebody who clicks would follow. */
export function firstLink(...texts: readonly (string | null)[]): string {
  return texts.map((text) => /https?:\/\/[^\s"'<>)]{1,1000}/.exec(text ?? '')?.[0]).find((link) => link !== undefined) ?? 'https://example.com/';
}
