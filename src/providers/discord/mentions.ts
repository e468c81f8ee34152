import type { Addressee } from '../../model/recipient.ts';
import { asArray, asObject, asString } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';

/**
 * Whom a text calls by name: `<@1>` a person, `<@&1>` a role, @everyone and @here. `allowed_mentions` may take some back; all are told,
 * for they are named. https://docs.discord.com/developers/reference#message-formatting
 */
export function mentionsIn(value: JsonValue | undefined): readonly Addressee[] {
  const found = new Map<string, Addressee>();
  const add = (address: string, kind: 'chat' | 'audience'): void => {
    if (!found.has(address)) found.set(address, { address, kind, role: 'mention' });
  };
  const walk = (each: JsonValue | undefined): void => {
    const text = asString(each);
    if (text !== null) {
      for (const [, id] of text.matchAll(/<@!?([0-9]{1,20})>/g)) add(id!, 'chat');
      for (const [, id] of text.matchAll(/<@&([0-9]{1,20})>/g)) add(`role ${id!}`, 'audience');
      for (const [, all] of text.matchAll(/@(everyone|here)/g)) add(`@${all!}`, 'audience');
      // the Slack way, which /slack understands
      for (const [, all] of text.matchAll(/<!(everyone|here|channel)>/g)) add(`@${all!}`, 'audience');
    }
    asArray(each)?.forEach(walk);
    Object.values(asObject(each ?? null) ?? {}).forEach(walk);
  };
  walk(value);
  return [...found.values()];
}

/** What a reader of embeds and components sees, where the message has no content. */
export function saidBy(value: JsonValue | undefined): string | null {
  const texts: string[] = [];
  const walk = (each: JsonValue | undefined, name: string): void => {
    const text = asString(each);
    if (text !== null && /^(?:title|description|name|value|content|label|text)$/.test(name)) texts.push(text);
    asArray(each)?.forEach((item) => walk(item, name));
    for (const [key, item] of Object.entries(asObject(each ?? null) ?? {})) walk(item, key);
  };
  walk(value, '');
  return texts.length === 0 ? null : texts.join('\n');
}
