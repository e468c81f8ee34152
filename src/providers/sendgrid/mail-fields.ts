import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';

type Key = { readonly name: string; readonly value: string };

/** custom_args (a personalization's win over the call's), categories, and the X-Fourthwall-* headers of the mail. */
export function keysOf(body: JsonObject, personalization: JsonObject): readonly Key[] {
  const args = { ...asObject(field(body, 'custom_args')), ...asObject(field(personalization, 'custom_args')) };
  const headers = { ...asObject(field(body, 'headers')), ...asObject(field(personalization, 'headers')) };
  const categories = field(personalization, 'categories') ?? field(body, 'categories');
  return [
    ...Object.entries(args).map(([name, value]) => ({ name, value: scalar(value) })),
    ...(asArray(categories) ?? [categories ?? null]).flatMap((value) => asString(value) === null ? [] : [{ name: 'category', value: scalar(value) }]),
    ...Object.entries(headers).filter(([name]) => /^x-fourthwall-/i.test(name))
      .map(([name, value]) => ({ name: name.slice(2).toLowerCase().replaceAll('-', '_'), value: scalar(value) })),
  ];
}

function scalar(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Legacy substitutions: every tag, literally, in subject and content. */
export function tagsOf(substitutions: JsonObject): readonly (readonly [tag: string, value: string])[] {
  return Object.entries(substitutions).flatMap(([tag, value]) => asString(value) === null ? [] : [[tag, scalar(value)] as const]);
}
