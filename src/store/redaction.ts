import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Bytes } from '../model/bytes.ts';
import type { CaptureDraft, Enrichment, Redaction } from '../model/capture.ts';
import { headerAll, type Header, type Headers, type Reply, type Request } from '../model/exchange.ts';
import { defaultLimits } from '../model/limits.ts';
import { keyedHash } from './secret-key.ts';
import { cardNumbers } from './redaction/card-numbers.ts';
import { credentialsIn, credentialValue } from './redaction/credentials.ts';
import { secretFieldsOf, secretLines } from './redaction/fields.ts';
import { fieldKind, isOpenValue, isSecretHeader } from './redaction/names.ts';
import { joined, masked, type Span } from './redaction/span.ts';
import { viewsOf } from './redaction/views.ts';

/** Undone codings may grow to this many bytes, and by no more than a reader allows; a body beyond it is not kept at all. */
const decodedLimit = 20 * 1024 * 1024;
/** A secret known from its place is looked for everywhere else when it is at least this long. */
const distinctive = 10;

interface Work {
  /** null where nothing is listed */
  readonly key: Uint8Array | null;
  readonly redactions: Redaction[];
  /** secrets met so far: the same text is cut wherever else it stands */
  readonly secrets: Set<string>;
  /** addresses of recipients: a push token is one, and must stay readable */
  readonly recipients: ReadonlySet<string>;
}

/**
 * Cuts credentials, card numbers and card codes out of a draft before any store sees it: overwritten at equal length, listed
 * in `redactions` with a keyed hash that tells equal credentials from different ones. Pure.
 * Where a body cannot be read (an unknown or broken coding) none of it is kept: doubt costs the body, never a secret.
 */
export function redact(draft: CaptureDraft, key: Uint8Array): CaptureDraft {
  const recipients = new Set(draft.decoded.kind === 'effects' ? draft.decoded.effects.flatMap((effect) => effect.recipients.map(({ address }) => address)) : []);
  const work: Work = { key, redactions: [...draft.redactions], secrets: new Set(), recipients };
  // Headers and query first: what is a secret there is cut from the bodies too.
  const request = requestBody(work, requestHead(work, draft.request));
  const reply = draft.reply === null ? null : replyOf(work, draft.reply);
  const rest = {
    decoded: deep(work, draft.decoded, ''),
    decision: withoutRewriteSecrets({ ...deep(work, draft.decision, ''), rule: draft.decision.rule, policy: draft.decision.policy }),
    keys: deep(work, draft.keys, ''),
    identities: draft.identities,
    findings: deep(work, draft.findings, ''),
  };
  return { ...draft, ...rest, request, reply, redactions: work.redactions };
}

/** The same for what enrichment read out of a message. */
export function redactEnrichment(enrichment: Enrichment): Enrichment {
  const work: Work = { key: null, redactions: [], secrets: new Set(), recipients: new Set() };
  return deep(work, enrichment, '');
}

/** Any plain value (an object a simulation remembers), by look and by field name. */
export function redactValue<T>(value: T): T {
  return deep({ key: null, redactions: [], secrets: new Set(), recipients: new Set() }, value, '');
}

function requestHead(work: Work, request: Request): Request {
  switch (request.kind) {
    case 'http': {
      const headers = headersOf(work, request.headers, 'request.headers');
      const query = request.query === null ? null : textOf(work, request.query, 'request.query', secretFieldsOf(request.query, { query: true, known: (value) => work.recipients.has(value) }));
      return { ...request, headers, trailers: headersOf(work, request.trailers, 'request.trailers'), query, path: textOf(work, request.path, 'request.path', pathSecrets(request.path)) };
    }
    case 'mail': return {
      ...request,
      helo: request.helo === null ? null : textOf(work, request.helo, 'request.helo'),
      authUser: request.authUser === null ? null : textOf(work, request.authUser, 'request.authUser'),
      ...(request.transcript === undefined ? {} : { transcript: textOf(work, request.transcript, 'request.transcript') }),
      from: { ...request.from, parameters: headersOf(work, request.from.parameters, 'request.from') },
      to: request.to.map((path) => ({ ...path, parameters: headersOf(work, path.parameters, 'request.to') })),
    };
    case 'connect': return { ...request, headers: headersOf(work, request.headers, 'request.headers') };
    case 'unreadable': return request;
  }
}

function requestBody(work: Work, request: Request): Request {
  switch (request.kind) {
    case 'http': return { ...request, body: bodyOf(work, request.body, request.headers, 'request.body') };
    case 'mail': return { ...request, message: bytesOf(work, request.message, 'request.message', () => []) };
    case 'unreadable': return { ...request, received: bytesOf(work, request.received, 'request.received', (text) => [...secretLines(text), ...fieldsIn(work, text)]) };
    case 'connect': return request;
  }
}

function replyOf(work: Work, reply: Reply): Reply {
  if (reply.kind === 'smtp') return { ...reply, text: textOf(work, reply.text, 'reply.text') };
  return {
    ...reply,
    headers: headersOf(work, reply.headers, 'reply.headers'),
    trailers: headersOf(work, reply.trailers, 'reply.trailers'),
    body: bodyOf(work, reply.body, reply.headers, 'reply.body'),
  };
}

function headersOf(work: Work, headers: Headers, where: string): Headers {
  return headers.map(([name, value]): Header => {
    const place = `${where}.${name.toLowerCase()}`;
    if (!isSecretHeader(name)) return [name, textOf(work, value, place)];
    const { start, hint } = credentialValue(value);
    if (/^basic /i.test(value)) {
      const [user = '', password = ''] = Buffer.from(value.slice(6), 'base64').toString('latin1').split(/:(.*)/s);
      remember(work, password === '' ? user : password);
    }
    return [name, textOf(work, value, place, [{ start, end: value.length, kind: 'credential', hint }])];
  });
}

/** A secret of this call, to be cut wherever it stands again. */
function remember(work: Work, secret: string): void {
  if (secret.length >= distinctive && !/^\*+$/.test(secret)) work.secrets.add(secret);
}

/** Bodies in a content coding are kept as they came unless something must be cut: then undone, cut, and noted so. */
function bodyOf(work: Work, body: Bytes, headers: Headers, where: string): Bytes {
  const codings = headerAll(headers, 'content-encoding').flatMap((value) => value.split(',')).map((coding) => coding.trim().toLowerCase()).filter((coding) => coding !== '' && coding !== 'identity');
  if (body.length === 0) return body;
  if (codings.length === 0) return bytesOf(work, body, where, (text) => fieldsIn(work, text));
  const plain = undo(body, codings);
  if (plain === null) {
    work.redactions.push({ where: `${where} (not kept: ${codings.join(', ')} could not be undone)`, offset: 0, length: body.length, kind: 'credential', hint: '', fingerprint: null });
    return Buffer.alloc(body.length, '*');
  }
  const inner: Work = { ...work, redactions: [] };
  const cut = bytesOf(inner, plain, `${where} (${codings.join(', ')} undone)`, (text) => fieldsIn(work, text));
  work.redactions.push(...inner.redactions);
  return inner.redactions.length === 0 ? body : cut;
}

function undo(body: Bytes, codings: readonly string[]): Bytes | null {
  const options = { maxOutputLength: Math.max(1, Math.min(decodedLimit, body.length * defaultLimits.compressionRatio)) };
  try {
    return codings.toReversed().reduce<Bytes>((bytes, coding) => {
      switch (coding) {
        case 'gzip': case 'x-gzip': return gunzipSync(bytes, options);
        case 'deflate': return (bytes[0]! & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
        case 'br': return brotliDecompressSync(bytes, options);
        case 'zstd': return zstdDecompressSync(bytes, options);
        default: throw new Error(`unknown content coding ${coding}`);
      }
    }, body);
  } catch {
    // Not readable, so not known to be free of secrets: the caller keeps none of it.
    return null;
  }
}

function fieldsIn(work: Work, text: string): readonly Span[] {
  return secretFieldsOf(text, { query: false, known: (value) => work.recipients.has(value) });
}

/** Cut in every view of the bytes; the result has the same length. */
function bytesOf(work: Work, bytes: Bytes, where: string, named: (text: string) => readonly Span[]): Bytes {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cuts: { readonly from: number; readonly to: number; readonly span: Span; readonly secret: string; readonly filler: (offset: number) => number }[] = [];
  for (const view of viewsOf(source)) {
    const spans = joined([...spansIn(work, view.text), ...(view.whole ? named(view.text) : [])]);
    for (const span of spans) cuts.push({ from: view.start(span.start), to: view.end(span.end), span, secret: view.text.slice(span.start, span.end), filler: view.filler });
  }
  if (cuts.length === 0) return bytes;
  const out = Buffer.from(source);
  for (const { from, to, span, secret, filler } of cuts) {
    if (/^\*+$/.test(out.toString('latin1', from, to))) continue;
    for (let at = from; at < to; at += 1) {
      const filled = filler(at);
      if (filled >= 0) out[at] = filled;
    }
    note(work, where, from, to, span, secret);
  }
  return out;
}

function spansIn(work: Work, text: string): readonly Span[] {
  return [...credentialsIn(text).filter(({ start, end }) => !work.recipients.has(text.slice(start, end))), ...cardNumbers(text), ...repeated(work, text)];
}

function repeated(work: Work, text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const secret of work.secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) spans.push({ start: at, end: at + secret.length, kind: 'credential', hint: '' });
  }
  return spans;
}

function textOf(work: Work, text: string, where: string, more: readonly Span[] = []): string {
  for (const span of more) note(work, where, span.start, span.end, span, text.slice(span.start, span.end));
  const before = masked(text, more);
  if (!coded.test(before)) {
    const spans = joined(spansIn(work, before));
    for (const span of spans) note(work, where, span.start, span.end, span, before.slice(span.start, span.end));
    return masked(before, spans);
  }
  const bytes = Buffer.from(before, 'utf8');
  const cut = bytesOf(work, bytes, where, () => []);
  return cut === bytes ? before : Buffer.from(cut).toString('utf8');
}

/** Signs of a coding that has to be undone before reading, and of texts whose characters are not their bytes. */
const coded = /[\\%\0\u0080-\uffff]|=[\r\n0-9A-Fa-f]|&#|[A-Za-z0-9+/_-]{20}/;

function note(work: Work, where: string, offset: number, end: number, { kind, hint }: Span, secret: string): void {
  if (kind === 'credential') remember(work, secret);
  work.redactions.push({ where, offset, length: end - offset, kind, hint, fingerprint: kind === 'credential' && work.key !== null ? keyedHash(work.key, secret) : null });
}

/** Bots' and webhooks' tokens that stand in the path itself. */
function pathSecrets(path: string): readonly Span[] {
  const match = /^(\/(?:file\/)?bot[0-9]{3,12}(?::|%3[aA]))([^/]+)/.exec(path) ?? /^(\/services\/[A-Z0-9]+\/[A-Z0-9]+\/)([^/]+)/.exec(path);
  return match === null ? [] : [{ start: match[1]!.length, end: match[0].length, kind: 'credential', hint: 'path' }];
}

/** Every string of a plain value; bytes (attachments) too. Addresses of recipients stay. */
function deep<T>(work: Work, value: T, name: string): T {
  return walk(work, value, name) as T;
}

function walk(work: Work, value: unknown, name: string): unknown {
  if (typeof value === 'string') return stringOf(work, value, name);
  if (typeof value === 'number') return fieldKind(name, false) === 'cvc' ? null : cardNumbers(String(value)).length > 0 ? null : value;
  if (value instanceof Uint8Array) return bytesOf({ ...work, redactions: [] }, value, name, (text) => fieldsIn(work, text));
  if (Array.isArray(value)) return value.map((item) => walk(work, item, name));
  if (typeof value !== 'object' || value === null) return value;
  const named = 'name' in value && typeof value.name === 'string' && 'value' in value ? value.name : null;
  return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, walk(work, item, field === 'value' && named !== null ? named : field)]));
}

function stringOf(work: Work, text: string, name: string): string {
  if (work.recipients.has(text)) return text;
  const kind = fieldKind(name, false);
  if (kind === 'cvc') return '*'.repeat(text.length);
  if (kind === 'credential' && !isOpenValue(name, text)) return text.slice(0, credentialValue(text).start) + '*'.repeat(text.length - credentialValue(text).start);
  // a body kept whole inside another value (an idempotent reply, a webhook): its fields have names too
  return textOf({ ...work, redactions: [] }, text, name, /^\s*[[{]/.test(text) ? fieldsIn(work, text) : []);
}

/** A rule's own credential must not be kept with the decision that used it. */
function withoutRewriteSecrets(decision: CaptureDraft['decision']): CaptureDraft['decision'] {
  if (decision.action !== 'forward') return decision;
  const rewrites = decision.plan.rewrites.map((rewrite) => (rewrite.kind === 'credential' ? { ...rewrite, value: '****' } : rewrite));
  return { ...decision, plan: { ...decision.plan, rewrites } };
}
