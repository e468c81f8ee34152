import type { HttpResponse } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Chat } from '../../model/side-effect.ts';
import { asArray, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import type { Body } from './body.ts';
import { discordError, formError } from './error.ts';
import { mentionsIn, saidBy } from './mentions.ts';

/** https://docs.discord.com/developers/resources/message#create-message, and of webhooks #execute-webhook */
const known: readonly string[] = [
  'content', 'nonce', 'enforce_nonce', 'tts', 'embeds', 'allowed_mentions', 'message_reference', 'components', 'sticker_ids', 'attachments', 'flags', 'poll',
  'username', 'avatar_url', 'thread_name', 'applied_tags', 'shared_client_theme', 'payload_json',
];
/** and what a body of Slack's has, for /slack */
const slackFields: readonly string[] = ['text', 'blocks', 'attachments', 'username', 'icon_url', 'icon_emoji', 'channel', 'mrkdwn', 'link_names'];
const mostCharacters = 2000;
const mostEmbeds = 10;

/** What a message says, and whom it calls besides those it is written to. */
export function messageEffect(operation: string, to: readonly Addressee[], { object, files }: Body, slack = false): Chat | Unread {
  const fields = slack ? slackFields : known;
  const odd = lookalike(Object.keys(object), fields);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Discord spells it`);
  const said = field(object, slack ? 'text' : 'content') ?? null;
  if (said !== null && typeof said !== 'string') return unreadable(`${slack ? 'text' : 'content'} is not a text`);
  const { avatar_url: _avatar, nonce: _nonce, ...told } = object;
  const recipients = [...to, ...mentionsIn(told)];
  const unknown = Object.fromEntries(Object.entries(object).filter(([name]) => !fields.includes(name)));
  const nonce = field(object, 'nonce');
  return {
    channel: 'chat', provider: 'discord', operation, liveness: 'unknown',
    recipients: [...recipients, ...strangers(leaves(unknown, 'body'), recipients)],
    keys: typeof nonce === 'string' || typeof nonce === 'number' ? [{ name: 'nonce', value: String(nonce) }] : [],
    from: asString(field(object, 'username')),
    text: said === null || said === '' ? saidBy([field(object, 'embeds') ?? null, field(object, 'components') ?? null, field(object, 'poll') ?? null, slack ? field(object, 'attachments') ?? null : null]) : said,
    attachments: files,
  };
}

/** What Discord itself refuses, as far as it is simple. */
export function messageFault({ object, files }: Body): HttpResponse | null {
  const content = asString(field(object, 'content')) ?? '';
  const lists = ['embeds', 'components', 'sticker_ids'].map((name) => asArray(field(object, name))?.length ?? 0);
  const more = ['poll', 'message_reference', 'shared_client_theme'].some((name) => (field(object, name) ?? null) !== null);
  if ([...content].length > mostCharacters) return formError('content', 'BASE_TYPE_MAX_LENGTH', `Must be ${mostCharacters} or fewer in length.`);
  if (lists[0]! > mostEmbeds) return formError('embeds', 'BASE_TYPE_MAX_LENGTH', `Must be ${mostEmbeds} or fewer in length.`);
  // A reference alone is a reply that says nothing, but a forward is a whole message.
  return content === '' && lists.every((length) => length === 0) && files.length === 0 && !more ? discordError(400, 50_006, 'Cannot send an empty message') : null;
}

/** A message as it is read back. https://docs.discord.com/developers/resources/message#message-object */
export function messageOf({ object, files }: Body, facts: { readonly id: string; readonly channel: string; readonly author: JsonObject; readonly webhook: string | null; readonly at: string; readonly fileId: (index: number) => string }): JsonObject {
  const { id, channel, author, webhook, at, fileId } = facts;
  const given = (name: string, otherwise: JsonObject[string]): JsonObject[string] => field(object, name) ?? otherwise;
  return {
    id, type: 0, content: given('content', ''), channel_id: channel, author,
    attachments: files.map(({ filename, content, contentType }, index) => ({
      id: fileId(index), filename: filename ?? 'file', size: content.length, content_type: contentType,
      url: `https://cdn.discordapp.com/attachments/${channel}/${fileId(index)}/${encodeURIComponent(filename ?? 'file')}`, proxy_url: `https://media.discordapp.net/attachments/${channel}/${fileId(index)}/${encodeURIComponent(filename ?? 'file')}`,
    })),
    embeds: given('embeds', []), mentions: [], mention_roles: [], mention_everyone: false, pinned: false, tts: given('tts', false) === true,
    timestamp: at, edited_timestamp: null, flags: given('flags', 0), components: given('components', []),
    ...(field(object, 'nonce') ?? null) === null ? {} : { nonce: field(object, 'nonce')! },
    ...(field(object, 'message_reference') ?? null) === null ? {} : { message_reference: field(object, 'message_reference')! },
    ...webhook === null ? {} : { webhook_id: webhook },
  };
}
