import { createHash } from 'node:crypto';
import type { HttpRequest } from '../../model/exchange.ts';
import type { Attachment } from '../../model/side-effect.ts';
import { content } from '../wire/content.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject } from '../wire/json.ts';
import { parseMultipart } from '../wire/multipart.ts';
import { jsonReply } from '../wire/reply.ts';
import { strictText } from '../wire/text.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { notFound } from './error.ts';
import { blank } from './messages.ts';
import { question, text } from './read.ts';

interface StoredMedia { readonly id: string; readonly mime_type: string; readonly sha256: string; readonly file_size: number }

const version = '/v[0-9]{1,3}\\.[0-9]{1,2}';
const object = new RegExp(`^${version}/([0-9]{5,20})$`);

export const mediaRoutes: readonly JsonRoute[] = [
  {
    // A file that nobody gets until a message names it.
    method: 'POST', path: new RegExp(`^${version}/([0-9]{5,20})/media$`), operation: 'media.upload', read: (request) => {
      const file = upload(request);
      return file.kind === 'unreadable' ? file : { kind: 'content', body: {}, query: [] };
    },
    effects: ({ request, ids: [phone = ''] }: JsonCall) => {
      const file = upload(request);
      return file.kind === 'unreadable' ? file : [{ ...blank, operation: 'media.upload', from: phone, attachments: [file.attachment] }];
    },
    answer: async ({ request, context }: JsonCallInContext) => {
      const file = upload(request);
      if (file.kind === 'unreadable') return { reply: notFound('media', context) };
      const { contentType, content: bytes } = file.attachment;
      const stored: StoredMedia = { id: `1${context.id('', { length: 15, alphabet: 'digits' })}`, mime_type: contentType, sha256: createHash('sha256').update(bytes).digest('hex'), file_size: bytes.length };
      return { reply: jsonReply(200, { id: stored.id }), remember: [{ kind: 'media', id: stored.id, expectVersion: 0, value: stored }] };
    },
  },
  {
    // A file that was uploaded, or else the number that sends: both are asked for by id alone.
    method: 'GET', path: object, operation: 'objects.get', read: question,
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('media', id);
      const media = known?.value as StoredMedia | undefined;
      return {
        reply: jsonReply(200, media === undefined
          ? { verified_name: 'Staging', code_verification_status: 'VERIFIED', display_phone_number: '+1 555-010-0000', quality_rating: 'GREEN', platform_type: 'CLOUD_API', throughput: { level: 'STANDARD' }, id }
          : { url: `https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=${id}`, mime_type: media.mime_type, sha256: media.sha256, file_size: media.file_size, id, messaging_product: 'whatsapp' }),
      };
    },
  },
  {
    method: 'DELETE', path: object, operation: 'media.delete', read: question, effects: () => [{ ...blank, operation: 'media.delete' }],
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('media', id);
      return known === null ? { reply: notFound(id, context) } : { reply: jsonReply(200, { success: true }), remember: [{ kind: 'media', id, expectVersion: known.version, value: null }] };
    },
  },
  ...['message_templates', 'phone_numbers'].map((name): JsonRoute => ({
    method: 'GET', path: new RegExp(`^${version}/([0-9]{5,20})/${name}$`), operation: `${name}.list`, read: question,
    answer: async () => ({ reply: jsonReply(200, { data: [], paging: {} }) }),
  })),
  {
    method: 'GET', path: new RegExp(`^${version}/([0-9]{5,20})/whatsapp_business_profile$`), operation: 'whatsapp_business_profile.get', read: question,
    answer: async () => ({ reply: jsonReply(200, { data: [{ messaging_product: 'whatsapp' }] }) }),
  },
];

function upload(request: HttpRequest): { readonly kind: 'upload'; readonly attachment: Attachment } | Unread {
  if (request.query !== null && request.query !== '') return unreadable('an upload carries parameters in its query');
  const body = content(request);
  if (body.kind === 'unreadable') return body;
  const types = request.headers.filter(([name]) => name.toLowerCase() === 'content-type');
  const multipart = types.length === 1 ? parseMultipart(body.bytes, types[0]![1]) : unreadable('there is not exactly one content type');
  if (multipart.kind === 'unreadable') return multipart;
  const texts = new Map<string, string>();
  const files: Attachment[] = [];
  for (const { name, filename, contentType, bytes } of multipart.parts) {
    if (filename !== null && name === 'file') { files.push({ filename, contentType: contentType ?? 'application/octet-stream', contentId: null, content: bytes }); continue; }
    const value = strictText(bytes);
    if (value.kind === 'unreadable' || filename !== null || texts.has(name) || !['messaging_product', 'type'].includes(name)) return unreadable('a part is none of file, type and messaging_product, or is given twice');
    texts.set(name, value.text);
  }
  if (files.length !== 1 || text(asObject(Object.fromEntries(texts)), 'messaging_product') !== 'whatsapp') return unreadable('there is not exactly one file for whatsapp');
  const type = texts.get('type');
  return { kind: 'upload', attachment: type === undefined ? files[0]! : { ...files[0]!, contentType: type } };
}
