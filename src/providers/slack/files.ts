import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Attachment, Chat, Decoded } from '../../model/side-effect.ts';
import { content } from '../wire/content.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { mediaType } from '../wire/media-type.ts';
import { parseMultipart } from '../wire/multipart.ts';
import { textReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { header } from '../../model/exchange.ts';
import { structureOf, text } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { freshId } from './ids.ts';
import { addressee, channelOf, mentionsOf, merged, textOf } from './messages.ts';
import { chat } from './method.ts';
import type { Method, MethodCall } from './method.ts';
import { failed, ok } from './reply.ts';

/** A file between its three calls. What is larger than this is kept by the capture of the upload alone. */
interface StoredFile { readonly id: string; readonly name: string; readonly length: number; readonly upload: string; readonly base64: string | null; readonly channels: readonly string[]; readonly title: string | null; readonly created: number }
const mostKept = 256 * 1024;

/** https://docs.slack.dev/messaging/working-with-files#upload */
export const fileMethods: readonly Method[] = [
  { name: 'files.getUploadURLExternal', takes: ['filename', 'length', 'alt_txt', 'alt_text', 'snippet_type'], answer: getUrl },
  {
    name: 'files.completeUploadExternal', takes: ['files', 'channel_id', 'channels', 'thread_ts', 'initial_comment', 'blocks', 'highlight_type', 'alt_text'],
    reaches: (args) => {
      const files = filesOf(args);
      if (files === null) return unreadable('files is no list of {id, title}');
      const channels = channelsOf(args);
      return {
        recipients: merged(channels.map(addressee), channels.length === 0 ? [] : mentionsOf(args)), text: textOf(args),
        attachments: files.map(({ id, title }) => ({ filename: title ?? id, contentType: 'application/octet-stream', contentId: null, content: new Uint8Array(0) })),
      };
    },
    answer: complete,
  },
  { name: 'files.info', takes: ['file', 'count', 'page', 'cursor', 'limit'], answer: async ({ args, context }) => {
    const known = await context.recall('file', text(args, 'file') ?? '');
    return { reply: known === null ? failed('file_not_found') : ok({ file: shown(known.value as StoredFile), comments: [], response_metadata: { next_cursor: '' } }) };
  } },
  { name: 'files.list', takes: ['channel', 'count', 'page', 'user', 'ts_from', 'ts_to', 'types', 'show_files_hidden_by_limit'], answer: async ({ args, context }) => {
    const channel = text(args, 'channel');
    const files = (await context.list('file', { limit: 100 })).items.map(({ value }) => value as StoredFile).filter(({ channels }) => channels.length > 0 && (channel === null || channels.includes(channel)));
    return { reply: ok({ files: files.map(shown), paging: { count: 100, total: files.length, page: 1, pages: 1 } }) };
  } },
];

async function getUrl({ args, context, caller }: MethodCall): Promise<Simulation<HttpResponse>> {
  const [name, length] = [text(args, 'filename'), Number(text(args, 'length') ?? Number.NaN)];
  if (name === null || !Number.isSafeInteger(length) || length <= 0) return { reply: failed('invalid_arguments', { response_metadata: { messages: ['[ERROR] filename and a length above 0 are required'] } }) };
  const id = freshId(context, 'F');
  const upload = `${caller}${context.id('', { length: 20 })}`;
  const value: StoredFile = { id, name, length, upload, base64: null, channels: [], title: null, created: Math.floor(context.now / 1000) };
  return {
    reply: ok({ upload_url: `https://files.slack.com/upload/v1/${upload}`, file_id: id }),
    remember: [{ kind: 'file', id, expectVersion: 0, value, index: { upload, channels: '' } }, { kind: 'upload', id: upload, expectVersion: 0, value: { file: id } }],
  };
}

const uploadPath = /^\/upload\/v1\/([A-Za-z0-9_-]{4,400})$/;

/** The account whose file an upload is: it has no token, but an address that we gave out. */
export function uploadCaller(path: string): string | null {
  return /^([0-9a-f]{32})[A-Za-z0-9]{20}$/.exec(uploadPath.exec(path)?.[1] ?? '')?.[1] ?? null;
}

/** The bytes of a file: nobody sees them before files.completeUploadExternal says where. */
export function decodeUpload(request: HttpRequest): Decoded {
  const file = readUpload(request);
  if (file.kind === 'unreadable') return { kind: 'unrecognized', why: `Slack files.upload: ${file.why}` };
  return { kind: 'effects', effects: [chat('files.upload', { recipients: [], attachments: [file.attachment] })] };
}

export async function answerUpload(request: HttpRequest, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  const file = readUpload(request);
  if (file.kind === 'unreadable') return { reply: textReply(400, file.why) };
  const { content: bytes } = file.attachment;
  const reply = textReply(200, `OK - ${bytes.length}`);
  const upload = await context.recall('upload', uploadPath.exec(request.path)?.[1] ?? '');
  const known = upload === null ? null : await context.recall('file', (upload.value as { readonly file: string }).file);
  if (known === null) return { reply };
  const stored = known.value as StoredFile;
  const base64 = bytes.length > mostKept ? '' : Buffer.from(bytes).toString('base64');
  return { reply, remember: [{ kind: 'file', id: known.id, expectVersion: known.version, value: { ...stored, base64 }, index: { upload: stored.upload, channels: '' } }] };
}

/** One part with a file, or the bytes as they are. */
function readUpload(request: HttpRequest): { readonly kind: 'file'; readonly attachment: Attachment } | Unread {
  if (request.method !== 'POST' || !uploadPath.test(request.path)) return unreadable(`${request.method} of this path is not simulated`);
  if (request.query !== null) return unreadable('an upload carries parameters in its query');
  const body = content(request);
  if (body.kind === 'unreadable') return body;
  if (body.bytes.length === 0) return unreadable('no file');
  const asFile = (filename: string | null, bytes: Uint8Array): { readonly kind: 'file'; readonly attachment: Attachment } =>
    ({ kind: 'file', attachment: { filename, contentType: 'application/octet-stream', contentId: null, content: bytes } });
  if (mediaType(request.headers)?.type === 'multipart/form-data') {
    const read = parseMultipart(body.bytes, header(request.headers, 'content-type') ?? '');
    if (read.kind === 'unreadable') return read;
    const [part, ...others] = read.parts;
    return part === undefined || part.filename === null || others.length > 0 ? unreadable('it is not one part with a file') : asFile(part.filename, part.bytes);
  }
  // Parts under another type are the file to one reader and hold it for another.
  return Buffer.from(body.bytes.subarray(0, 2)).toString('latin1') === '--' ? unreadable('it looks like parts, and its content-type says no such thing') : asFile(null, body.bytes);
}

function filesOf(args: Arguments): readonly { readonly id: string; readonly title: string | null }[] | null {
  const files = (asArray(structureOf(args, 'files')) ?? []).map((each) => ({ id: asString(field(asObject(each), 'id')), title: asString(field(asObject(each), 'title')) }));
  return files.length > 0 && files.every((file): file is { id: string; title: string | null } => file.id !== null && /^[A-Z0-9]{1,40}$/.test(file.id)) ? files : null;
}

/** `channel_id` is one; `channels`, which some still send, is a list with commas. */
function channelsOf(args: Arguments): readonly string[] {
  const one = channelOf(args, 'channel_id');
  const many = (text(args, 'channels') ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '');
  return [...new Set([...one === null ? [] : [one], ...many])];
}

async function complete({ args, context }: MethodCall): Promise<Simulation<HttpResponse>> {
  const channels = channelsOf(args);
  const files = await Promise.all((filesOf(args) ?? []).map(async ({ id, title }) => ({ title, known: await context.recall('file', id) })));
  const uploaded = files.flatMap(({ title, known }) => known === null || (known.value as StoredFile).base64 === null ? [] : [{ title, known }]);
  // One that never arrived (its upload was refused) is no file.
  if (uploaded.length < files.length) return { reply: failed('file_not_found') };
  const values = uploaded.map(({ title, known }) => ({ known, value: { ...known.value as StoredFile, title, channels } satisfies StoredFile }));
  return {
    reply: ok({ files: values.map(({ value }) => shown(value)) }),
    remember: values.map(({ known, value }) => ({ kind: 'file', id: known.id, expectVersion: known.version, value, index: { upload: value.upload, channels: channels.join(',') } })),
  };
}

/** The files that were uploaded before, with their bytes. */
export async function recalledFiles(effect: Chat, args: Arguments, context: Pick<SimulationContext, 'recall'>): Promise<Chat> {
  const attachments = await Promise.all((filesOf(args) ?? []).map(async ({ id, title }, index): Promise<Attachment> => {
    const stored = (await context.recall('file', id))?.value as StoredFile | null | undefined;
    const told = effect.attachments[index]!;
    return stored === null || stored === undefined ? told : { ...told, filename: title ?? stored.name, content: Buffer.from(stored.base64 ?? '', 'base64') };
  }));
  return { ...effect, attachments };
}

function shown({ id, name, title, length, channels, created }: StoredFile): Readonly<Record<string, unknown>> {
  return { id, created, timestamp: created, name, title: title ?? name, mimetype: 'application/octet-stream', filetype: 'binary', size: length, mode: 'hosted', is_external: false, is_public: channels.length > 0, channels, groups: [], ims: [], permalink: `https://staging.slack.com/files/${id}` };
}
