import { createHash } from 'node:crypto';
import type { CaptureDraft, CaptureSummary, MessageContent, StoredDecoded } from '../model/capture.ts';
import { header, type Authority, type HttpRequest, type Reply, type Request, type Streamed } from '../model/exchange.ts';
import { requestBytes, requestSize, summarize, type SummaryFields } from '../model/summary.ts';
import type { Attachment } from '../model/side-effect.ts';
import { messageHeaders } from './message-headers.ts';
import type { Seal } from './seal.ts';
import { exchangeColumns } from './sealed-capture.ts';
import { sealedTerms, type Terms } from './sealed-search.ts';

/** Bytes that belong to a capture, kept in `bodies`. Empty ones are not kept. */
export interface Part {
  readonly role: 'request' | 'reply' | 'attachment';
  readonly bytes: Uint8Array;
  readonly filename: string | null;
  readonly contentType: string;
  readonly contentId: string | null;
}

/** `MessageContent` without what is only known when it is read: n, hash and href of the attachments. */
export type Content = Omit<MessageContent, 'attachments'>;

/** What `captures.summary` holds: the summary less the columns that change on their own. */
export type KeptSummary = SummaryFields & {
  readonly account: string | null;
  /** it was recorded elsewhere */
  readonly imported?: true;
};

/** A draft taken apart into what a database keeps. Pure: every database stores the same. */
export interface Prepared {
  readonly summary: KeptSummary;
  /** the request without its body */
  readonly request: object;
  readonly reply: object | null;
  readonly decoded: StoredDecoded;
  readonly content: Content | null;
  readonly parts: readonly Part[];
  /** same for a call and its retry; null where the caller named neither Message-ID nor Idempotency-Key */
  readonly duplicateKey: string | null;
}

export function prepare(draft: CaptureDraft): Prepared {
  return {
    summary: { ...summarize(draft), account: draft.account },
    request: requestRecord(draft.request),
    reply: draft.reply === null ? null : replyRecord(draft.reply),
    decoded: storedDecoded(draft),
    content: contentOf(draft, attachmentsOf(draft).length > 0),
    parts: partsOf(draft),
    duplicateKey: duplicateKey(draft.request),
  };
}

export function partsOf(draft: CaptureDraft): readonly Part[] {
  return [
    part('request', requestBytes(draft.request), draft.request.kind === 'mail' ? 'message/rfc822' : contentType(draft.request)),
    ...(draft.reply === null ? [] : replyParts(draft.reply)),
    ...attachmentParts(attachmentsOf(draft)),
  ];
}

export function attachmentParts(attachments: readonly Attachment[]): readonly Part[] {
  return attachments.map(({ content, filename, contentType: type, contentId }) => ({ role: 'attachment', bytes: content, filename, contentType: type, contentId }));
}

/** The rows of a draft as texts, and how many bytes it all is. `exchange`: in the order of `exchangeColumns`. */
export function keptTexts(seal: Seal, id: string, prepared: Prepared, more: { readonly decision: object; readonly redactions: readonly object[]; readonly unsent: readonly object[] }): {
  readonly summary: string; readonly exchange: readonly (string | null)[]; readonly bytes: number;
} {
  const summary = seal.sealText(['captures.summary', id], JSON.stringify(prepared.summary));
  const exchange = [prepared.request, prepared.reply, prepared.decoded, more.decision, prepared.content, more.redactions, more.unsent.length === 0 ? null : more.unsent]
    .map((value, at) => (value === null ? null : seal.sealText([`exchanges.${exchangeColumns[at]!}`, id], JSON.stringify(value))));
  const texts = [summary, ...exchange].reduce((sum, text) => sum + (text === null ? 0 : Buffer.byteLength(text)), 0);
  return { summary, exchange, bytes: prepared.parts.reduce((sum, { bytes }) => sum + bytes.length, texts) };
}

/** A streamed request, when it is over. */
export function passedRecord(request: HttpRequest): { readonly request: object; readonly size: number; readonly parts: readonly Part[] } {
  return { request: requestRecord(request), size: requestSize(request), parts: [part('request', request.body, contentType(request))] };
}

export function replyRecord(reply: Reply): object {
  if (reply.kind === 'smtp') return reply;
  return { kind: 'http', status: reply.status, headers: reply.headers, trailers: reply.trailers, ...streamedOf(reply) };
}

export function replyParts(reply: Reply): readonly Part[] {
  return reply.kind === 'smtp' ? [] : [part('reply', reply.body, contentType(reply))];
}

function part(role: 'request' | 'reply', bytes: Uint8Array, type: string): Part {
  return { role, bytes, filename: null, contentType: type, contentId: null };
}

function contentType(of: object): string {
  return ('headers' in of ? header(of.headers as Parameters<typeof header>[0], 'content-type') : null) ?? '';
}

function requestRecord(request: Request): object {
  switch (request.kind) {
    case 'http': {
      const query = request.query === null ? '' : `?${request.query}`;
      const url = `${request.scheme}://${authorityText(request.authority, request.scheme)}${request.path}${query}`;
      return { kind: 'http', method: request.method, url, version: request.version, headers: request.headers, trailers: request.trailers, ...streamedOf(request) };
    }
    case 'mail': {
      const { kind, helo, tls, authUser, from, to, transcript = null } = request;
      return { kind, helo, tls, authUser, from, to, headers: messageHeaders(request.message), transcript };
    }
    case 'connect': return { kind: 'connect', authority: request.authority, headers: request.headers };
    case 'unreadable': return { kind: 'unreadable', authority: request.authority, headers: [] };
  }
}

function streamedOf({ streamed }: { readonly streamed?: Streamed }): { readonly streamed?: Streamed } {
  return streamed === undefined ? {} : { streamed };
}

function authorityText({ host, port }: Authority, scheme: 'http' | 'https'): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}

/** Attachments of every effect, in order: their place in this list is `n`. */
function attachmentsOf({ decoded }: CaptureDraft): readonly Attachment[] {
  if (decoded.kind !== 'effects') return [];
  return decoded.effects.flatMap((effect) => ('attachments' in effect ? effect.attachments : []));
}

function storedDecoded({ decoded }: CaptureDraft): StoredDecoded {
  if (decoded.kind !== 'effects') return decoded;
  return { kind: 'effects', effects: decoded.effects.map((effect) => (!('attachments' in effect) ? { ...effect } : {
    ...effect,
    attachments: effect.attachments.map(({ content, ...rest }) => ({ ...rest, size: content.length })),
  })) };
}

/** What the message says, where the call itself carried it; a mail by SMTP is read later, by enrichment. */
function contentOf({ decoded }: CaptureDraft, attached: boolean): Content | null {
  if (decoded.kind !== 'effects') return null;
  const mail = decoded.effects.find((effect) => effect.channel === 'email');
  if (mail !== undefined && (mail.text !== null || mail.html !== null || attached)) return { subject: mail.subject, text: mail.text, html: mail.html };
  const chat = decoded.effects.find((effect) => effect.channel === 'chat');
  return chat !== undefined && attached ? { subject: null, text: chat.text, html: null } : null;
}

/** Same bytes to the same target under the same name: what a client's retry looks like. */
function duplicateKey(request: Request): string | null {
  const named = request.kind === 'mail' ? header(messageHeaders(request.message), 'message-id')
    : request.kind === 'http' ? header(request.headers, 'idempotency-key') : null;
  if (named === null || named === '') return null;
  const target = request.kind === 'mail' ? [request.from.address, ...request.to.map(({ address }) => address)]
    : request.kind === 'http' ? [request.method, request.authority.host, request.path, request.query] : [];
  return createHash('sha256').update(JSON.stringify([named, target])).update(requestBytes(request)).digest('hex').slice(0, 32);
}

/** What a capture can be found by: the rows of the inverted index behind filters and counts, as they are kept. */
export function termsOf(seal: Seal, summary: KeptSummary, state: Pick<CaptureSummary, 'run' | 'outcome' | 'person' | 'tags'>): Terms {
  return sealedTerms(seal, clearTermsOf(summary, state));
}

function clearTermsOf(summary: KeptSummary, state: Pick<CaptureSummary, 'run' | 'outcome' | 'person' | 'tags'>): Terms {
  return [
    ...one('run', state.run), ...one('space', summary.space), ...one('service', summary.service), ...each('channel', summary.channels),
    ...one('provider', summary.provider), ...each('operation', summary.operations), ...one('action', summary.action),
    ...one('outcome', state.outcome), ...one('liveness', summary.liveness), ...each('standing', summary.recipients.map(({ standing }) => standing)),
    ...each('recipient', summary.recipients.map(({ address }) => address.toLowerCase())), ...one('person', state.person),
    ...one('host', summary.host), ...each('key', summary.keys.flatMap(({ name, value }) => [value, `${name}:${value}`])),
    ...one('trace', summary.trace), ...each('finding', summary.findings.map(({ id }) => id)), ...each('tag', state.tags),
    ...one('direction', summary.direction),
  ];
}

function one(name: string, value: string | null): Terms {
  return value === null ? [] : [[name, value]];
}

function each(name: string, values: readonly string[]): Terms {
  return values.map((value) => [name, value]);
}

/** How much of one capture the full-text index reads, in characters. */
const searchable = 256 * 1024;

/** Everything full text looks in: subject, text, recipients, from, keys, codes, operation. */
export function searchText(summary: KeptSummary, decoded: StoredDecoded, content: Content | null): string {
  const effects = decoded.kind === 'effects' ? decoded.effects : [];
  const said = effects.flatMap((effect) => ['subject', 'text', 'title', 'script', 'description', 'method', 'object', 'customer', 'code']
    .map((field) => effect[field]).filter((value) => typeof value === 'string'));
  const html = content?.html ?? effects.map((effect) => effect['html']).find((value) => typeof value === 'string');
  const hasText = content?.text !== null && content?.text !== undefined;
  return [
    summary.title, content?.subject, summary.from, ...summary.recipients.map(({ address }) => address), ...summary.keys.map(({ value }) => value),
    ...summary.codes, ...summary.operations, ...said, content?.text, !hasText && typeof html === 'string' ? withoutTags(html.slice(0, searchable)) : null,
  ].filter((text) => typeof text === 'string').join('\n').slice(0, searchable);
}

function withoutTags(html: string): string {
  return html.replace(/<[^<>]*>/g, ' ').replace(/&nbsp;/g, ' ').replace(/&amp;/g, '&').replace(/&lt;/g, '<').replace(/&gt;/g, '>');
}
