import type { HttpRequest } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Attachment } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { content } from '../wire/content.ts';
import { asObject, parseJson } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { mediaType } from '../wire/media-type.ts';
import { parseMultipart } from '../wire/multipart.ts';
import type { Part } from '../wire/multipart.ts';
import { strictText } from '../wire/text.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export interface Body {
  readonly kind: 'body';
  readonly object: JsonObject;
  readonly files: readonly Attachment[];
}

/**
 * JSON, or parts: files, and the rest as `payload_json` or as a field a part. Both ways at once is refused: which Discord takes
 * cannot be told. https://docs.discord.com/developers/reference#uploading-files
 */
export function readBody(request: HttpRequest): Body | Unread {
  if (isBodiless(request)) return { kind: 'body', object: {}, files: [] };
  if (mediaType(request.headers)?.type !== 'multipart/form-data') {
    const json = jsonBody(request);
    return json.kind === 'unreadable' ? json : bodyOf(json.value, []);
  }
  const bytes = content(request);
  const read = bytes.kind === 'unreadable' ? bytes : parseMultipart(bytes.bytes, header(request.headers, 'content-type') ?? '');
  if (read.kind === 'unreadable') return read;
  const names = read.parts.map(({ name }) => name);
  if (new Set(names).size < names.length) return unreadable('two parts have one name');
  const files = read.parts.filter(({ filename }) => filename !== null);
  const odd = files.find(({ name }) => !/^(?:files?\[[0-9]{1,3}\]|file[0-9]{0,3})$/.test(name));
  if (odd !== undefined) return unreadable(`a file is named '${odd.name.slice(0, 40)}', not files[n]`);
  const attachments = files.map(({ filename, contentType, bytes: file }): Attachment => ({ filename, contentType: contentType ?? 'application/octet-stream', contentId: null, content: file }));
  const fields = read.parts.filter(({ filename }) => filename === null);
  if (fields.length === 1 && fields[0]!.name === 'payload_json') {
    const json = parseJson(fields[0]!.bytes);
    return json.kind === 'unreadable' ? json : bodyOf(json.value, attachments);
  }
  return plainFields(fields, attachments);
}

function bodyOf(value: JsonValue, files: readonly Attachment[]): Body | Unread {
  const object = asObject(value);
  return object === null ? unreadable('the body is not a JSON object') : { kind: 'body', object, files };
}

const plain: readonly string[] = ['content', 'username', 'avatar_url', 'tts', 'thread_name', 'nonce'];

function plainFields(fields: readonly Part[], files: readonly Attachment[]): Body | Unread {
  const object: Record<string, JsonValue> = {};
  for (const { name, bytes } of fields) {
    if (!plain.includes(name)) return unreadable(`the part '${name.slice(0, 40)}' is neither a file nor one of ${plain.join(', ')}, nor is payload_json alone`);
    const text = strictText(bytes);
    if (text.kind === 'unreadable') return text;
    object[name] = text.text;
  }
  return { kind: 'body', object, files };
}
