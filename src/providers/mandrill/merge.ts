import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';

/** What a message puts in for its merge tags. https://mailchimp.com/developer/transactional/docs/templates-dynamic-content/ */
export type Vars = Readonly<Record<string, JsonValue>>;

/** The global variables and, over them, those of one recipient; addresses are compared in lower case. */
export function varsFor(message: JsonObject, address: string | null): Vars {
  return { ...varsIn(field(message, 'global_merge_vars')), ...(address === null ? {} : own(message, 'merge_vars', address).reduce<Vars>((all, each) => ({ ...all, ...varsIn(field(each, 'vars')) }), {})) };
}

export function metadataFor(message: JsonObject, address: string | null): Vars {
  return { ...asObject(field(message, 'metadata')), ...(address === null ? {} : own(message, 'recipient_metadata', address).reduce<Vars>((all, each) => ({ ...all, ...asObject(field(each, 'values')) }), {})) };
}

function own(message: JsonObject, name: string, address: string): readonly JsonObject[] {
  return (asArray(field(message, name)) ?? []).flatMap((each) => {
    const entry = asObject(each);
    return entry !== null && asString(field(entry, 'rcpt'))?.toLowerCase() === address.toLowerCase() ? [entry] : [];
  });
}

/** `[{ name, content }]` as an object; a variable whose name is none is left out. */
export function varsIn(value: JsonValue | undefined): Vars {
  return Object.fromEntries((asArray(value) ?? []).flatMap((each) => {
    const name = asString(field(asObject(each), 'name'));
    return name === null || name === '__proto__' ? [] : [[name, field(asObject(each), 'content') ?? ''] as const];
  }));
}

/** Tags of the message's own texts that stand for plain values: conditions and loops stay as they are. */
export function tagsOf(message: JsonObject, vars: Vars): readonly (readonly [tag: string, value: string])[] {
  if (field(message, 'merge') === false) return [];
  const handlebars = asString(field(message, 'merge_language')) === 'handlebars';
  return Object.entries(vars).flatMap(([name, value]) => {
    if (name === '' || (typeof value === 'object' && value !== null)) return [];
    const text = value === null ? '' : String(value);
    const tags = handlebars ? [`{{{${name}}}}`, `{{${name}}}`, `{{ ${name} }}`] : [...new Set([name, name.toUpperCase(), name.toLowerCase()])].map((each) => `*|${each}|*`);
    return tags.map((tag) => [tag, text] as const);
  });
}
