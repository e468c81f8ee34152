import type { Addressee } from '../../model/recipient.ts';
import type { Chat } from '../../model/side-effect.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { isOn, structureOf, text } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { isUser } from './ids.ts';
import { mentionsIn, saidBy } from './mentions.ts';
import type { Reached } from './method.ts';

/** What a message is made of, in every method that writes one. */
const contents = ['text', 'markdown_text', 'blocks', 'attachments', 'chunks', 'initial_comment'];

/** The channel and whoever the message calls by name; where `user` is given, that person too. */
export function reachedByMessage(args: Arguments, { user = false }: { readonly user?: boolean } = {}): Reached | Unread {
  const channel = channelOf(args);
  if (channel === null) return unreadable('no channel');
  const person = user ? trimmed(text(args, 'user') ?? '') : null;
  if (person === '') return unreadable('no user');
  const recipients = [addressee(channel), ...person === null ? [] : [{ address: person, kind: 'chat', role: 'user' } as const]];
  return { recipients: merged(recipients, mentionsOf(args)), from: text(args, 'username'), text: textOf(args), keys: keysOf(structureOf(args, 'metadata')) };
}

export function channelOf(args: Arguments, name = 'channel'): string | null {
  const channel = trimmed(text(args, name) ?? '');
  return channel === '' ? null : channel;
}

export function addressee(channel: string): Addressee {
  return { address: channel, kind: 'chat', role: isUser(channel) ? 'user' : 'channel' };
}

export function mentionsOf(args: Arguments): readonly Addressee[] {
  const linkNames = isOn(args, 'link_names') || text(args, 'parse') === 'full';
  return mentionsIn(contents.map((name) => structureOf(args, name)), { linkNames });
}

/** A mention of somebody who is reached anyway is said once. */
export function merged(recipients: readonly Addressee[], more: readonly Addressee[]): readonly Addressee[] {
  return [...recipients, ...more.filter(({ address }) => !recipients.some((known) => known.address === address))];
}

export function textOf(args: Arguments): string | null {
  return text(args, 'text') ?? text(args, 'markdown_text') ?? text(args, 'initial_comment')
    ?? saidBy([structureOf(args, 'blocks') ?? null, structureOf(args, 'attachments') ?? null, structureOf(args, 'chunks') ?? null]);
}

/** `metadata.event_payload` is what the application wants to find a message by. https://docs.slack.dev/messaging/message-metadata */
function keysOf(metadata: JsonValue | undefined): Chat['keys'] {
  return Object.entries(asObject(field(asObject(metadata ?? null), 'event_payload') ?? null) ?? {})
    .flatMap(([name, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [{ name, value: String(value) }] : []);
}
