import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { OutputBudget } from '../wire/output-budget.ts';

const most = 1_000;

/**
 * The plain tags of SparkPost's template language, {{name}} and {{a.b}}, filled in; {{{name}}} unescaped. Conditions, loops
 * and macros stay as they stand, and so does a tag without a value. Undefined: it comes to more text than there may be.
 */
export function substituted(text: string | null, data: JsonObject, render: OutputBudget['render'], html: boolean): string | null | undefined {
  if (text === null) return null;
  const tags = new Map<string, string>();
  for (const [tag, open, path] of text.matchAll(/(\{\{\{?)[ ]{0,10}([A-Za-z_][\w.]{0,100})[ ]{0,10}\}\}\}?/g)) {
    if (tags.size >= most) break;
    const value = valueAt(data, path!.split('.'));
    if (value !== null) tags.set(tag, html && open === '{{' ? escaped(value) : value);
  }
  // longest first: '{{x}}' stands within '{{{x}}}'
  return render(text, [...tags].sort(([one], [other]) => other.length - one.length)) ?? undefined;
}

function valueAt(data: JsonObject, path: readonly string[]): string | null {
  let value: JsonValue | undefined = data;
  for (const name of path) value = field(asObject(value), name);
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
