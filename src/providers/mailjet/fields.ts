import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { addressesIn, addressHeaders } from '../wire/address-field.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { isHarmlessHeader, namesRecipient } from '../wire/mail-fields.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** The address of an `{ Email, Name }` object; null when there is none. */
export function emailOf(value: JsonValue | undefined): string | null {
  const email = trimmed(asString(field(asObject(value), 'Email')) ?? '');
  return email === '' ? null : email;
}

/** A list of `{ Email, Name }`; absent and null are nobody. Anything else would be a guess at who is reached. */
export function people(object: JsonObject, role: string, known: readonly string[] = ['Email', 'Name']): readonly Addressee[] | Unread {
  const value = field(object, role);
  if (value === undefined || value === null) return [];
  const list = asArray(value);
  if (list === null) return unreadable(`${role} is not a list`);
  const found: Addressee[] = [];
  for (const entry of list) {
    const email = emailOf(entry);
    if (email === null || Object.keys(asObject(entry) ?? {}).some((name) => !known.includes(name))) return unreadable(`${role} has an entry that is not { Email, Name }`);
    found.push({ address: email, kind: 'email', role: roleOf(role) });
  }
  return found;
}

/** A role as every provider names it. */
export function roleOf(name: string): string {
  return name === 'Recipients' ? 'to' : name.toLowerCase();
}

/** Whom the mail's own headers name. Mailjet refuses most of these; whether in every spelling cannot be known. */
export function headerPeople(headers: JsonObject): readonly Addressee[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const plain = trimmed(name).replace(/\s*:$/, '').toLowerCase();
    return addressHeaders.includes(plain) ? addressesIn(asString(value) ?? JSON.stringify(value), `Headers.${plain}`) : [];
  });
}

/** Whether some header would be two; whom a plain one names is told by `headerPeople`. */
export function goOn(headers: JsonObject): boolean {
  return Object.entries(headers).some(([name, value]) => !namesRecipient(name) && !isHarmlessHeader(name, value));
}

/** Who is mailed about a broken template: an address or `{ Email }`; of anything else, whoever it names. */
export function reportedIn(value: JsonValue | undefined, role: string): readonly Addressee[] {
  const text = emailOf(value) ?? asString(value ?? null);
  return text === null ? strangers(leaves(value, role), []) : addressesIn(text, role);
}

/** A mailing list has an address of its own; its subscribers are who is reached. */
export function listsAmong(recipients: readonly Addressee[]): readonly Addressee[] {
  const lists = recipients.map(({ address }) => address.toLowerCase()).filter((address) => /@(?:[a-z0-9-]+\.)*lists?\.mailjet\.com$/.test(address));
  return [...new Set(lists)].map((address) => ({ address: `contact list ${address}`, kind: 'audience', role: 'list' }));
}

export function misspelt(object: JsonObject, known: readonly string[]): string | null {
  const odd = lookalike(Object.keys(object), known);
  return odd === null ? null : `key '${odd.slice(0, 40)}' is not spelt as Mailjet spells it`;
}

export function attachmentsIn(value: JsonValue | undefined): readonly Attachment[] {
  return (asArray(value) ?? []).map((each) => {
    const attachment = asObject(each);
    const text = (...names: readonly string[]): string | null => names.map((name) => asString(field(attachment, name))).find((found) => found !== null) ?? null;
    return {
      filename: text('Filename'), contentType: text('ContentType', 'Content-type', 'Content-Type') ?? 'application/octet-stream',
      contentId: text('ContentID'), content: Buffer.from(text('Base64Content', 'content', 'Content') ?? '', 'base64'),
    };
  });
}

/** The caller's own ids, under Mailjet's names, and the X-Fourthwall-* headers. */
export function keysIn(values: readonly (readonly [name: string, value: JsonValue | undefined])[], headers: JsonObject): Email['keys'] {
  return [
    ...values.flatMap(([name, value]) => value === undefined || value === null || value === '' ? [] : [{ name, value: scalar(value) }]),
    ...Object.entries(headers).filter(([name]) => /^x-fourthwall-/i.test(name)).map(([name, value]) => ({ name: name.slice(2).toLowerCase().replaceAll('-', '_'), value: scalar(value) })),
  ];
}

export function scalar(value: JsonValue): string {
  return asString(value) ?? JSON.stringify(value);
}

/** `{{var:name}}` (v3.1) and `[[var:name]]` (v3) for each variable; one with a default or a condition is left as it is written. */
export function tagsOf(variables: JsonObject): readonly (readonly [tag: string, value: string])[] {
  return Object.entries(variables).flatMap(([name, value]) => [`{{var:${name}}}`, `[[var:${name}]]`].map((tag) => [tag, scalar(value)] as const));
}
