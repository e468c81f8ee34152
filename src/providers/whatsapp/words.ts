import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { objectIn, text } from './read.ts';

/** https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages */
export const types = ['text', 'template', 'image', 'video', 'audio', 'document', 'sticker', 'location', 'contacts', 'interactive', 'reaction', 'address_message'] as const;

/** What somebody would read of a message; of a template its name, language and parameters, for the rest is stored at Meta. */
export function wordsOf(body: JsonObject, type: string): string | null {
  const object = objectIn(body, type);
  switch (type) {
    case 'text': return text(object, 'body');
    case 'reaction': return text(object, 'emoji');
    case 'template': return [`template ${text(object, 'name') ?? ''} (${text(asObject(field(object, 'language')), 'code') ?? ''})`, ...textsIn(field(object, 'components') ?? null)].join('\n');
    case 'interactive': return joined(textsIn(object));
    case 'location': return joined([text(object, 'name'), text(object, 'address'), `${String(field(object, 'latitude'))}, ${String(field(object, 'longitude'))}`]);
    case 'contacts': return joined(textsIn(field(body, 'contacts') ?? null));
    default: return joined([text(object, 'caption'), text(object, 'filename'), text(object, 'link')]);
  }
}

function joined(texts: readonly (string | null)[]): string | null {
  const said = texts.filter((each) => each !== null && each !== '');
  return said.length === 0 ? null : said.join('\n');
}

/** Every text in it but those that only name a kind of thing. */
function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  const items = asArray(value);
  if (items !== null) return items.flatMap(textsIn);
  return Object.entries(asObject(value) ?? {}).flatMap(([name, item]) => ['type', 'sub_type', 'index', 'id', 'code', 'format'].includes(name) && asString(item) !== null ? [] : textsIn(item));
}
