import type { Addressee } from '../../model/recipient.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';

/**
 * Whom a text calls by name: they are told apart from the channel. `<@U1>`, `<!subteam^S1>`, `<!here>`; bare @here, @channel and
 * @everyone too, which some settings (`link_names`, `parse`) make work: who they are is not in the request.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function mentionsIn(values: readonly (JsonValue | undefined)[], { linkNames }: { readonly linkNames: boolean }): readonly Addressee[] {
  const found = new Map<string, Addressee>();
  const add = (address: string, kind: 'chat' | 'audience'): void => {
    if (!found.has(address)) found.set(address, { address, kind, role: 'mention' });
  };
  const read = (text: string): void => {
    for (const [, id] of text.matchAll(/<@([A-Z0-9]{1,40})(?:\|[^<>]*)?>/g)) add(id!, 'chat');
    for (const [, id] of text.matchAll(/<!subteam\^([A-Z0-9]{1,40})(?:\|[^<>]*)?>/g)) add(`user group ${id!}`, 'audience');
    for (const [, all] of text.matchAll(/(?:<!|(?<![\w.@-])@)(here|channel|everyone|group)(?![\w-])/g)) add(`@${all!}`, 'audience');
    if (linkNames) for (const [, name] of text.matchAll(/(?<![\w.@<-])@([a-z0-9][a-z0-9._-]{0,79})/g)) if (!['here', 'channel', 'everyone', 'group'].includes(name!)) add(`@${name!}`, 'chat');
  };
  const walk = (value: JsonValue | undefined): void => {
    const text = asString(value);
    if (text !== null) return read(text);
    const items = asArray(value);
    if (items !== null) return items.forEach(walk);
    const object = asObject(value ?? null);
    if (object === null) return;
    rich(object['type'], (name) => asString(field(object, name)), add);
    Object.values(object).forEach(walk);
  };
  values.forEach(walk);
  return [...found.values()];
}

/** The same in rich text, which has elements for it. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
function rich(type: JsonValue | undefined, one: (name: string) => string | null, add: (address: string, kind: 'chat' | 'audience') => void): void {
  if (type === 'user') add(one('user_id') ?? 'an unnamed user', 'chat');
  if (type === 'usergroup') add(`user group ${one('usergroup_id') ?? 'without a name'}`, 'audience');
  if (type === 'broadcast') add(`@${one('range') ?? 'everyone'}`, 'audience');
}

/** What a reader of blocks and attachments sees, where the message has no text of its own. */
export function saidBy(value: JsonValue | undefined): string | null {
  const texts: string[] = [];
  const walk = (each: JsonValue | undefined, name: string): void => {
    const text = asString(each);
    if (text !== null && /^(?:text|markdown_text|title|pretext|fallback|value|alt_text)$/.test(name)) texts.push(text);
    asArray(each)?.forEach((item) => walk(item, name));
    for (const [key, item] of Object.entries(asObject(each ?? null) ?? {})) walk(item, key);
  };
  walk(value, '');
  return texts.length === 0 ? null : texts.join('\n');
}
