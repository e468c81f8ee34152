import { asObject, parseJson } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';

/** Template data is JSON in a text; what is none is shown as it came. Null for none. */
export function readData(text: string | null): JsonValue {
  if (text === null || text === '') return null;
  const json = parseJson(Buffer.from(text, 'utf8'));
  return json.kind === 'json' ? json.value : text;
}

/** The data of one destination over what all have. */
export function mergedData(shared: JsonValue, own: JsonValue): JsonValue {
  const [one, other] = [asObject(shared), asObject(own)];
  return one !== null && other !== null ? { ...one, ...other } : own ?? shared;
}

/** `{{name}}` and `{{{name}}}`; SES escapes neither. */
const tag = /\{\{\{?\s*([A-Za-z_][\w.-]*)\s*\}?\}\}/g;

/** The tags of a template; none where it is more than such tags (Handlebars' blocks and helpers are not run). */
export function tagsIn(template: string): readonly (readonly [tag: string, path: string])[] {
  if (template.replaceAll(tag, '').includes('{{')) return [];
  return [...new Map([...template.matchAll(tag)].map(([written, path = '']) => [written, path] as const))];
}

/** Null where the data has no such attribute: SES sends nothing then, and the tag stays to be seen. */
export function valueAt(data: JsonValue, path: string): string | null {
  let value: JsonValue | undefined = data;
  for (const step of path.split('.')) {
    const object: JsonObject | null = asObject(value);
    value = object !== null && Object.hasOwn(object, step) ? object[step] : undefined;
  }
  return value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);
}
