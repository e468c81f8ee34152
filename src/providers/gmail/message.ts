import { header } from '../../model/exchange.ts';
import type { Remember } from '../../model/provider.ts';
import { headerText, readHeaderBlock } from '../wire/header-block.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { parseMediaType } from '../wire/media-type.ts';
import { readMimeTree, withCrlf } from '../wire/mime-tree.ts';
import type { MimePart } from '../wire/mime-tree.ts';

/** A mail in the mailbox: what was written, never the credential it came with. */
export interface StoredMessage {
  readonly id: string;
  readonly threadId: string;
  readonly labelIds: readonly string[];
  /** base64url, as in `raw` */
  readonly raw: string;
  readonly at: number;
}

export interface StoredDraft { readonly id: string; readonly message: StoredMessage }

export function rememberMessage(message: StoredMessage): Remember {
  return { kind: 'message', id: message.id, expectVersion: 0, value: message };
}

/** Of what was sent, a large mail is not kept a second time but for its header: the capture has it. */
export function light(message: StoredMessage): StoredMessage {
  if (message.raw.length <= 1024 * 1024) return message;
  const bytes = Buffer.from(message.raw, 'base64url');
  const block = readHeaderBlock(bytes);
  return { ...message, raw: bytes.subarray(0, block.kind === 'headers' ? block.bodyOffset : 0).toString('base64url') };
}

/** What writes are answered with. */
export function brief({ id, threadId, labelIds }: StoredMessage): JsonObject {
  return { id, threadId, labelIds };
}

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/Format */
export function formatted(message: StoredMessage, format: string): JsonObject {
  const bytes = Buffer.from(message.raw, 'base64url');
  const base = { ...brief(message), snippet: '', historyId: String(message.at), internalDate: String(message.at), sizeEstimate: bytes.length };
  if (format === 'minimal') return base;
  if (format === 'raw') return { ...base, raw: message.raw };
  const tree = readMimeTree(withCrlf(bytes));
  if (tree.kind === 'unreadable') return base;
  const { headers, ...payload } = partOf(tree, '');
  return { ...base, payload: format === 'metadata' ? { headers } : { ...payload, headers } };
}

function partOf(part: MimePart, partId: string): { readonly headers: JsonValue; readonly [name: string]: JsonValue } {
  const disposition = parseMediaType(`disposition/${header(part.headers, 'content-disposition') ?? 'inline'}`);
  const common = {
    partId, mimeType: part.media.type, filename: headerText(disposition?.parameters['filename'] ?? part.media.parameters['name'] ?? ''),
    headers: part.headers.map(([name, value]) => ({ name, value: headerText(value) })),
  };
  if (part.kind === 'leaf') return { ...common, body: { size: part.content.length, data: Buffer.from(part.content).toString('base64url') } };
  return { ...common, body: { size: 0 }, parts: part.parts.map((each, index) => partOf(each, partId === '' ? String(index) : `${partId}.${index}`)) };
}
