import type { Bytes } from '../../model/bytes.ts';
import type { Remember, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { readMimeMail } from '../wire/mime-mail.ts';

/** A message in a mailbox, as later reads show it: what the application wrote, never its credential. */
export interface StoredMessage {
  readonly owner: string;
  readonly folder: string;
  readonly message: JsonObject;
}

export function keptMessage(given: JsonObject, { id, owner, now, folder, context }: {
  readonly id: string; readonly owner: string; readonly now: number; readonly folder: string; readonly context: Pick<SimulationContext, 'id'>;
}): StoredMessage & { readonly id: string } {
  const at = dateOf(now);
  const attachments = (asArray(field(given, 'attachments')) ?? []).map((each) => keptAttachment(asObject(each) ?? {}, context)).map((each) => folder === 'drafts' ? each : light(each));
  return {
    id, owner, folder,
    message: {
      ...given, id, createdDateTime: at, lastModifiedDateTime: at, receivedDateTime: at, sentDateTime: at, changeKey: context.id('CQAAABYAAA', { length: 20 }),
      bodyPreview: (asString(field(asObject(given['body']), 'content')) ?? '').replaceAll(/<[^>]{0,1000}>/g, '').slice(0, 255),
      conversationId: context.id('AAQkAG', { length: 60 }), internetMessageId: `<${context.id('', { length: 24 })}@staging.example.com>`, parentFolderId: folder,
      isDraft: folder === 'drafts', isRead: true, hasAttachments: attachments.length > 0, attachments,
    },
  };
}

export function keptAttachment(given: JsonObject, context: Pick<SimulationContext, 'id'>): JsonObject {
  const size = asString(field(given, 'contentBytes'))?.length ?? 0;
  return { isInline: false, ...given, id: context.id('AAMkAGatt', { length: 60 }), size: Math.floor((size * 3) / 4) };
}

/** Of what was sent, large files are not kept a second time: the capture has them. */
export function light(attachment: JsonObject): JsonObject {
  const { contentBytes, ...others } = attachment;
  return (asString(contentBytes)?.length ?? 0) > 1024 * 1024 ? others : attachment;
}

export function remembered({ id, ...value }: StoredMessage & { readonly id: string }, expectVersion: number): Remember {
  return { kind: 'message', id, expectVersion, value, index: { owner: value.owner, folder: value.folder } };
}

/** As reads show it: without its attachments, which Graph gives only where they are asked for. */
export function shown({ message: { attachments: _attachments, ...message } }: StoredMessage): JsonObject {
  return message;
}

export function attachmentsOf({ message }: StoredMessage): readonly JsonObject[] {
  return (asArray(field(message, 'attachments')) ?? []).map((each) => asObject(each) ?? {});
}

export function dateOf(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** A whole mail as the message Graph would make of it; null when it cannot be read. */
export function fromMime(bytes: Bytes): JsonObject | null {
  const mail = readMimeMail(bytes);
  if (mail.kind === 'unreadable') return null;
  const people = (role: string): readonly JsonValue[] => mail.recipients.filter((each) => each.role === role).map(({ address }) => ({ emailAddress: { address, name: address } }));
  const others = mail.recipients.filter(({ role }) => !['to', 'cc', 'bcc'].includes(role));
  return {
    subject: mail.subject, body: { contentType: mail.html === null ? 'text' : 'html', content: mail.html ?? mail.text ?? '' },
    ...(mail.from === null ? {} : { from: { emailAddress: { address: mail.from, name: mail.from } } }),
    toRecipients: people('to'), ccRecipients: people('cc'), bccRecipients: [...people('bcc'), ...others.map(({ address }) => ({ emailAddress: { address, name: address } }))],
    internetMessageHeaders: mail.keys.map(({ name, value }) => ({ name: `x-${name.replaceAll('_', '-')}`, value })),
    attachments: mail.attachments.map(({ filename, contentType, contentId, content }) => ({
      '@odata.type': '#microsoft.graph.fileAttachment', name: filename, contentType, contentId, isInline: contentId !== null, contentBytes: Buffer.from(content).toString('base64'),
    })),
  };
}
