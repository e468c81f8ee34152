import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Attachment } from '../../model/side-effect.ts';
import { jsonBody } from '../wire/body.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export interface Card {
  readonly kind: 'card';
  /** a message with cards in it, an old card, or a card alone; `bare` = none of these by its own word */
  readonly form: 'message' | 'MessageCard' | 'AdaptiveCard' | 'bare';
  readonly body: JsonObject;
}

/** https://learn.microsoft.com/outlook/actionable-messages/message-card-reference and adaptive cards' schema; the rest is nobody's field. */
export const known: readonly string[] = [
  '@type', '@context', 'type', '$schema', 'version', 'title', 'text', 'summary', 'themeColor', 'sections', 'potentialAction', 'attachments', 'body', 'actions', 'msteams', 'fallbackText', 'speak', 'lang',
  'entities', 'attachmentLayout', 'textFormat', 'importance', 'correlationId', 'hideOriginalBody', 'backgroundImage', 'minHeight', 'rtl', 'selectAction', 'verticalContentAlignment', 'metadata',
];

export function readCard(request: HttpRequest): Card | Unread {
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const sent = asObject(json.value);
  const body = sent === null ? null : unfolded(sent);
  if (body === null) return unreadable('the body is not a JSON object, or a card in it is a text that is no JSON');
  const odd = lookalike(Object.keys(body), ['attachments', 'entities', 'msteams', 'text', 'body', 'sections']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Teams spells it`);
  const [old, type] = [asString(field(body, '@type')), asString(field(body, 'type'))];
  if (type === 'message') return asArray(field(body, 'attachments')) === null && asString(field(body, 'text')) === null ? unreadable('the message has no list of attachments') : { kind: 'card', form: 'message', body };
  if (type === 'AdaptiveCard') return { kind: 'card', form: 'AdaptiveCard', body };
  if (type !== null || (old !== null && old !== 'MessageCard')) return unreadable('the body is neither a message nor a card');
  return { kind: 'card', form: old === null ? 'bare' : 'MessageCard', body };
}

/** A card may also be sent as a text of its JSON, which workflows take as well: whom it calls stands inside. Null where it cannot be read. */
function unfolded(body: JsonObject): JsonObject | null {
  const attachments = asArray(field(body, 'attachments'))?.map((each): JsonValue | undefined => {
    const attachment = asObject(each);
    const content = asString(field(attachment, 'content'));
    if (attachment === null || content === null) return each;
    const card = parseJson(Buffer.from(content));
    return card.kind === 'json' ? { ...attachment, content: card.value } : undefined;
  });
  if (attachments === undefined) return body;
  const read = attachments.filter((each) => each !== undefined);
  return read.length < attachments.length ? null : { ...body, attachments: read };
}

/** `entities` of a card name whom its `<at>` stands for: by address, by id, or a tag that stands for many. */
export function mentionsIn(value: JsonValue): readonly Addressee[] {
  const found = new Map<string, Addressee>();
  const walk = (each: JsonValue): void => {
    asArray(each)?.forEach(walk);
    const object = asObject(each);
    if (object === null) return;
    if (field(object, 'type') === 'mention') {
      const mentioned = asObject(field(object, 'mentioned') ?? null);
      const id = (asString(field(mentioned, 'id')) ?? 'an unnamed person').trim();
      const many = !['person', 'aad', 'user', 'undefined'].includes((asString(field(mentioned, 'type')) ?? 'person').toLowerCase());
      found.set(id, many ? { address: id, kind: 'audience', role: 'mention' } : { address: id, kind: id.includes('@') ? 'email' : 'chat', role: 'mention' });
    }
    Object.values(object).forEach(walk);
  };
  walk(value);
  return [...found.values()];
}

/** What a reader sees, top to bottom; a summary only where there is nothing else. */
export function saidBy(body: JsonObject): string | null {
  const texts: string[] = [];
  const walk = (each: JsonValue, name: string): void => {
    const text = asString(each);
    if (text !== null && text !== '' && /^(?:title|text|activityTitle|activitySubtitle|activityText|altText|value)$/.test(name)) texts.push(text);
    asArray(each)?.forEach((item) => walk(item, name));
    for (const [key, item] of Object.entries(asObject(each) ?? {})) if (!/^(?:msteams|entities)$/.test(key)) walk(item, key);
  };
  walk(body, '');
  return texts.length > 0 ? texts.join('\n') : asString(field(body, 'summary')) ?? asString(field(body, 'fallbackText'));
}

/** Each card as a file of its own kind; a card alone is one too. */
export function attachmentsOf({ form, body }: Card): readonly Attachment[] {
  const file = (contentType: string, content: JsonValue, filename: string | null = null): Attachment =>
    ({ filename, contentType, contentId: null, content: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) });
  if (form === 'AdaptiveCard') return [file('application/vnd.microsoft.card.adaptive', body)];
  return (asArray(field(body, 'attachments')) ?? []).map((each) => {
    const attachment = asObject(each);
    return file(asString(field(attachment, 'contentType')) ?? 'application/octet-stream', field(attachment, 'content') ?? field(attachment, 'contentUrl') ?? '', asString(field(attachment, 'name')));
  });
}
