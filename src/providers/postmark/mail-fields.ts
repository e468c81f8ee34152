import type { Attachment, Email } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { isHarmlessHeader } from '../wire/mail-fields.ts';
import { spelt, textOf } from './fields.ts';

export type Header = readonly [name: string, value: string];

/** Null where a header could name recipients: whether Postmark drops each spelling of it cannot be known. */
export function headersOf(body: JsonObject): readonly Header[] | null {
  const value = field(body, 'Headers');
  if (value === undefined || value === null) return [];
  const headers = asArray(value)?.map((each): Header | null => {
    const read = spelt(each);
    const name = read.kind === 'object' ? asString(field(read.object, 'Name')) : null;
    return read.kind === 'unreadable' || name === null || !isHarmlessHeader(name, field(read.object, 'Value') ?? '') ? null : [name, asString(field(read.object, 'Value')) ?? ''];
  });
  return headers === undefined || headers.includes(null) ? null : headers as readonly Header[];
}

/** Metadata, the tag, and the X-Fourthwall-* headers of the mail. */
export function keysOf(body: JsonObject, headers: readonly Header[]): Email['keys'] {
  const tag = textOf(body, 'Tag');
  return [
    ...Object.entries(asObject(field(body, 'Metadata')) ?? {}).map(([name, value]) => ({ name, value: scalar(value) })),
    ...(tag === null ? [] : [{ name: 'tag', value: tag }]),
    ...headers.filter(([name]) => /^x-fourthwall-/i.test(name)).map(([name, value]) => ({ name: name.slice(2).toLowerCase().replaceAll('-', '_'), value })),
  ];
}

export function tagsOf(model: JsonObject | null): readonly (readonly [tag: string, value: string])[] {
  return Object.entries(model ?? {}).flatMap(([name, value]) => typeof value === 'object' ? [] : [[`{{${name}}}`, scalar(value)] as const, [`{{ ${name} }}`, scalar(value)] as const]);
}

function scalar(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Some libraries send 0 for no template. */
export function idOf(value: JsonValue | undefined): string | null {
  return (typeof value === 'number' && value !== 0) || (typeof value === 'string' && value !== '') ? String(value) : null;
}

export function attachmentsOf(body: JsonObject): readonly Attachment[] {
  return (asArray(field(body, 'Attachments')) ?? []).map((each) => {
    const read = spelt(each);
    const attachment = read.kind === 'object' ? read.object : {};
    return {
      filename: asString(field(attachment, 'Name')),
      contentType: textOf(attachment, 'ContentType') ?? 'application/octet-stream',
      contentId: textOf(attachment, 'ContentID')?.replace(/^cid:/i, '').replace(/^<(.*)>$/, '$1') ?? null,
      content: Buffer.from(asString(field(attachment, 'Content')) ?? '', 'base64'),
    };
  });
}
