import type { HttpRequest } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import { formBody, isBodiless } from '../wire/body.ts';
import { content } from '../wire/content.ts';
import type { FormField } from '../wire/form.ts';
import { mediaType, parseMediaType, isText } from '../wire/media-type.ts';
import { parseMultipart } from '../wire/multipart.ts';
import type { Part } from '../wire/multipart.ts';
import { strictText } from '../wire/text.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** The parameters of a call: texts in order, and files apart. Mailgun takes both forms of form. */
export interface Fields {
  readonly kind: 'fields';
  readonly texts: readonly FormField[];
  readonly files: readonly Part[];
}

/** Parts that are content, whether or not they name a file; `attachment[1]` is what the PHP library writes. */
const fileNames = /^(?:attachment|inline)(?:\[\d*\])?$|^message$/;

export function readFields(request: HttpRequest): Fields | Unread {
  if (isBodiless(request)) return { kind: 'fields', texts: [], files: [] };
  const media = mediaType(request.headers);
  if (media?.type !== 'multipart/form-data') {
    const form = formBody(request);
    return form.kind === 'unreadable' ? form : { kind: 'fields', texts: form.fields, files: [] };
  }
  if (!isText(media, 'multipart/form-data')) return unreadable('content-type is not multipart/form-data in UTF-8');
  const bytes = content(request);
  if (bytes.kind === 'unreadable') return bytes;
  const read = parseMultipart(bytes.bytes, header(request.headers, 'content-type') ?? '');
  if (read.kind === 'unreadable') return read;
  const texts: FormField[] = [];
  const files: Part[] = [];
  for (const part of read.parts) {
    if (fileNames.test(part.name)) {
      files.push(part);
      continue;
    }
    // A recipient in a file is one to some readers and none to others.
    if (part.filename !== null) return unreadable(`part '${part.name.slice(0, 40)}' is a file`);
    if (!isPlain(part)) return unreadable(`part '${part.name.slice(0, 40)}' is not in UTF-8`);
    const text = strictText(part.bytes);
    if (text.kind === 'unreadable') return unreadable(`part '${part.name.slice(0, 40)}' is not in UTF-8`);
    texts.push([part.name, text.text]);
  }
  return { kind: 'fields', texts, files };
}

/** UTF-8, or ASCII under the name of a charset that agrees with it on ASCII, as some libraries write it. */
function isPlain({ contentType, bytes }: Part): boolean {
  if (contentType === null) return true;
  const media = parseMediaType(contentType);
  if (isText(media, media?.type ?? '')) return true;
  return /^(?:iso-8859-1|windows-1252)$/i.test(media?.parameters['charset'] ?? '') && bytes.every((byte) => byte < 0x80);
}

/** The one value of a field; null when it is not there. */
export function one({ texts }: Pick<Fields, 'texts'>, name: string): string | null {
  return texts.find(([field]) => field === name)?.[1] ?? null;
}
