import type { Addressee } from '../../model/recipient.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { mailboxes } from '../wire/address-field.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** One entry of `recipients`: SparkPost makes a mail of its own for each. */
export interface Entry {
  /** usually one; several where a laxer reader would see several, or an unknown field names more */
  readonly addressees: readonly Addressee[];
  /** what the To line shows instead; null for a recipient in its own right */
  readonly headerTo: string | null;
  readonly name: string | null;
  readonly substitution: JsonObject;
  readonly metadata: JsonObject;
  readonly tags: readonly string[];
}

const fields = ['address', 'list_id', 'multichannel_addresses', 'return_path', 'tags', 'metadata', 'substitution_data', 'rcpt_type'];

/** Nothing of a stored list but its name is known. */
export function listOf(id: string): Entry {
  return { addressees: [{ address: `recipient list ${id}`, kind: 'audience', role: 'audience' }], headerTo: null, name: null, substitution: {}, metadata: {}, tags: [] };
}

/**
 * `recipients` is a stored list ({ list_id }) or a list of entries; `cc`, `bcc` and `archive` beside it, which Enterprise
 * knows, are lists of entries too. `shownCc` are the addresses of the mail's CC header.
 */
export function readEntries(value: JsonValue | undefined, where: string, shownCc: readonly string[]): readonly Entry[] | Unread {
  const stored = asObject(value);
  const list = stored === null ? asArray(value) : [stored];
  if (list === null || list.length === 0) return unreadable(`${where} is neither a list of at least one nor a stored one`);
  const entries: Entry[] = [];
  for (const [index, each] of list.entries()) {
    const entry = readEntry(asObject(each), where, shownCc);
    if ('kind' in entry) return unreadable(`${where}.${index}: ${entry.why}`);
    entries.push(entry);
  }
  return entries;
}

function readEntry(entry: JsonObject | null, where: string, shownCc: readonly string[]): Entry | Unread {
  if (entry === null) return unreadable('not an object');
  const odd = lookalike(Object.keys(entry), fields);
  if (odd !== null) return unreadable(`key '${odd.slice(0, 40)}' is not spelt as SparkPost spells it`);
  if (field(entry, 'multichannel_addresses') !== undefined) return unreadable('multichannel_addresses are not simulated');
  const list = field(entry, 'list_id');
  if (list !== undefined) {
    const id = typeof list === 'number' ? String(list) : asString(list);
    return id === null || id === '' || Object.keys(entry).length > 1 ? unreadable('list_id is not a text that stands alone') : listOf(id);
  }
  const address = field(entry, 'address');
  const object = asObject(address);
  if (object !== null && lookalike(Object.keys(object), ['email', 'name', 'header_to']) !== null) return unreadable('address has a key that looks like email, name or header_to');
  const email = asString(object === null ? address : field(object, 'email'));
  if (email === null || email.trim() === '') return unreadable('no address');
  const headerTo = asString(field(object, 'header_to'));
  const named = mailboxes(email).map((one): Addressee => ({ address: one, kind: 'email', role: roleOf(where, headerTo, asString(field(entry, 'rcpt_type')), shownCc.includes(one.toLowerCase())) }));
  const unknown = [
    ...Object.entries(entry).filter(([name]) => !fields.includes(name)), ...Object.entries(object ?? {}).filter(([name]) => !['email', 'name', 'header_to'].includes(name)),
  ].flatMap(([name, value]) => [...leaves(value, `${where}/${name}`)]);
  return {
    addressees: [...named, ...strangers(unknown, named)], headerTo, name: asString(field(object, 'name')),
    substitution: asObject(field(entry, 'substitution_data')) ?? {},
    metadata: asObject(field(entry, 'metadata')) ?? {},
    tags: (asArray(field(entry, 'tags')) ?? []).flatMap((tag) => asString(tag) === null ? [] : [asString(tag)!]),
  };
}

/** A copy is a recipient whose To line names somebody else; it is a visible one where the CC header names it. */
function roleOf(where: string, headerTo: string | null, type: string | null, shown: boolean): string {
  if (where !== 'recipients') return where;
  if (type === 'cc' || type === 'bcc' || type === 'archive') return type;
  if (headerTo === null) return 'to';
  return shown ? 'cc' : 'bcc';
}
