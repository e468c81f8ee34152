import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import type { Leaf } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** What a message may hold: nobody is mailed for what stands in these, but for To, Cc and Bcc, which are read. */
const ofMessages = [
  'From', 'To', 'Cc', 'Bcc', 'ReplyTo', 'Subject', 'HtmlBody', 'TextBody', 'Tag', 'Metadata', 'Headers', 'Attachments', 'TrackOpens', 'TrackLinks',
  'MessageStream', 'TemplateId', 'TemplateAlias', 'TemplateModel', 'InlineCss',
];
/** The same with every field of headers, attachments, lists, suppressions and sender signatures, as Postmark spells them. */
const known = [
  ...ofMessages, 'Messages', 'Name', 'Value', 'Content', 'ContentType', 'ContentID', 'ContentLength', 'Disposition',
  'Suppressions', 'EmailAddress', 'FromEmail', 'ReplyToEmail', 'ReturnPathDomain', 'ConfirmationPersonalNote',
];
const spelling = new Map(known.map((name) => [name.toLowerCase(), name]));

/**
 * The object with its fields spelt as in `known`. Postmark takes them in any case (its own libraries send `trackLinks` and
 * `ReturnPathDOmain`), so `to` is `To`; both at once is nothing that can be read for sure.
 */
export function spelt(value: JsonValue | undefined): { readonly kind: 'object'; readonly object: JsonObject } | Unread {
  const read = asObject(value);
  if (read === null) return unreadable('it is not a JSON object');
  const object: Record<string, JsonValue> = {};
  for (const [name, item] of Object.entries(read)) {
    const own = /^[A-Za-z]+$/.test(name) ? spelling.get(name.toLowerCase()) ?? name : name;
    if (Object.hasOwn(object, own)) return unreadable(`field ${own} is given twice, in other letters`);
    object[own] = item;
  }
  const odd = lookalike(Object.keys(object), known);
  return odd === null ? { kind: 'object', object } : unreadable(`field '${odd.slice(0, 40)}' is not spelt as Postmark spells it`);
}

/** Every text of fields that a message is not known to have. */
export function* unknownFields(message: JsonObject): Generator<Leaf> {
  for (const [name, value] of Object.entries(message)) {
    if (ofMessages.includes(name)) continue;
    yield { path: name, text: name };
    yield* leaves(value, name);
  }
}

function* leaves(value: JsonValue, path: string): Generator<Leaf> {
  if (typeof value === 'string') yield { path, text: value };
  for (const [index, item] of (asArray(value) ?? []).entries()) yield* leaves(item, `${path}/${index}`);
  for (const [name, item] of Object.entries(asObject(value) ?? {})) {
    yield { path: `${path}/${name}`, text: name };
    yield* leaves(item, `${path}/${name}`);
  }
}

/** '' counts as absent: some of Postmark's libraries send every field they know. */
export function textOf(object: JsonObject, name: string): string | null {
  const text = asString(field(object, name));
  return text === null || text === '' ? null : text;
}
