import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Bytes } from '../model/bytes.ts';
import type { CaptureDraft, Enrichment, Redaction } from '../model/capture.ts';
import { headerAll, type Header, type Headers, type Reply, type Request } from '../model/exchange.ts';
import { defaultLimits } from '../model/limits.ts';
import { keyedHash } from './secret-key.ts';
import { cardNumbers } from '../model/card-numbers.ts';
import { credentialsIn, credentialValue } from './redaction/credentials.ts';
import { callbackQuery, holdsFields, secretFieldsOf, secretLines, secretMailLines, secretParameters, secretWordsOf } from './redaction/fields.ts';
import { fieldKind, isCallback, isOpenValue, isSecretHeader, isSecretThroughout } from './redaction/names.ts';
import { joined, masked, type Span } from './redaction/span.ts';
import { viewsOf, type View } from './redaction/views.ts';

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
  /** what was cut already, by text and by identity: what a thousand effects share is read once and stays shared */
  readonly done: Map<unknown, unknown>;
  /** characters searched for secrets met before */
  readonly effort: { searched: number };
}

/** A body or text with more to cut than this is not kept at all: so much is an attack or a dump, and its list a burden. */
const mostCuts = 2_000;
/** How many characters may be searched for secrets met before (each counts for itself); what comes after is not kept. */
const mostSearched = 512 * 1024 * 1024;

function begin(key: Uint8Array | null, recipients: ReadonlySet<string> = new Set(), redactions: readonly Redaction[] = []): Work {
  return { key, redactions: [...redactions], secrets: new Set(), recipients, done: new Map(), effort: { searched: 0 } };
}

/**
 * Cuts credentials, card numbers and card codes out of a draft before any store sees it: overwritten at equal length, listed
 * in `redactions` with a keyed hash that tells equal credentials from different ones. Pure.
 * Where a body cannot be read (an unknown or broken coding) none of it is kept: doubt costs the body, never a secret.
 */
export function redact(draft: CaptureDraft, key: Uint8Array): CaptureDraft {
  const recipients = new Set(draft.decoded.kind === 'effects' ? draft.decoded.effects.flatMap((effect) => effect.recipients.map(({ address }) => address)) : []);
  const work = begin(key, recipients, draft.redactions);
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
  return deep(begin(null), enrichment, '');
}

/** An address that is to be called back: its password and the secrets in its query. */
export function redactCallback(target: string): string {
  return saidText(begin(null), target, 'callback');
}

/** Any plain value (an object a simulation remembers), by look and by field name. */
export function redactValue<T>(value: T): T {
  return deep(begin(null), value, '');
}

function requestHead(work: Work, request: Request): Request {
  switch (request.kind) {
    case 'http': {
      const headers = headersOf(work, request.headers, 'request.headers');
      const query = request.query === null ? null : textOf(work, request.query, 'request.query', secretFieldsOf(request.query, { ...asked(work), query: true }));
      return { ...request, headers, trailers: headersOf(work, request.trailers, 'request.trailers'), query, path: textOf(work, request.path, 'request.path', pathSecrets(request.path)) };
    }
    case 'mail': return {
      ...request,
      helo: request.helo === null ? null : textOf(work, request.helo, 'request.helo'),
      authUser: request.authUser === null ? null : textOf(work, request.authUser, 'request.authUser'),
      ...(request.transcript === undefined ? {} : { transcript: textOf(work, request.transcript, 'request.transcript', secretParameters(request.transcript)) }),
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
    case 'mail': return { ...request, message: bytesOf(work, request.message, 'request.message', (text, whole) => (whole ? secretMailLines(text) : [])) };
    case 'unreadable': return { ...request, received: bytesOf(work, request.received, 'request.received', (text, whole) => [...secretLines(text), ...secretWordsOf(text, asked(work)), ...fieldsIn(work, text, whole)]) };
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
    if (!isSecretHeader(name)) return [name, textOf(work, value, place, linkFields(work, name, value))];
    const { start, hint } = credentialValue(value);
    if (/^basic /i.test(value)) {
      const [user = '', password = ''] = Buffer.from(value.slice(6), 'base64').toString('latin1').split(/:(.*)/s);
      remember(work, password === '' ? user : password);
    }
    return [name, textOf(work, value, place, [{ start, end: value.length, kind: 'credential', hint }])];
  });
}

/** The query of an address that a call leads to, or comes from. */
function linkFields(work: Work, name: string, value: string): readonly Span[] {
  const query = /^(?:(?:content-)?location|referer)$/i.test(name) ? value.indexOf('?') : -1;
  return query < 0 ? [] : queryFields(work, value, query + 1);
}

/** A secret of this call, to be cut wherever it stands again. */
function remember(work: Work, secret: string): void {
  if (secret.length >= distinctive && !/^\*+$/.test(secret)) work.secrets.add(secret);
}

/** Bodies in a content coding are kept as they came unless something must be cut: then undone, cut, and noted so. */
function bodyOf(work: Work, body: Bytes, headers: Headers, where: string): Bytes {
  const codings = headerAll(headers, 'content-encoding').flatMap((value) => value.split(',')).map((coding) => coding.trim().toLowerCase()).filter((coding) => coding !== '' && coding !== 'identity');
  if (body.length === 0) return body;
  if (codings.length === 0) return bytesOf(work, body, where, (text, whole) => fieldsIn(work, text, whole));
  const uncoded = undo(body, codings);
  if (uncoded === null) {
    work.redactions.push({ where: `${where} (not kept: ${codings.join(', ')} could not be undone)`, offset: 0, length: body.length, kind: 'credential', hint: '', fingerprint: null });
    return Buffer.alloc(body.length, '*');
  }
  const inner: Work = { ...work, redactions: [] };
  const cut = bytesOf(inner, uncoded, `${where} (${codings.join(', ')} undone)`, (text, whole) => fieldsIn(work, text, whole));
  for (const redaction of inner.redactions) work.redactions.push(redaction);
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

function asked(work: Work): { readonly query: boolean; readonly known: (value: string) => boolean } {
  return { query: false, known: (value) => work.recipients.has(value) };
}

/** What a coding hid is asked for names too; a large one (an attachment) only where it begins like something with fields. */
function fieldsIn(work: Work, text: string, whole: boolean): readonly Span[] {
  return whole || text.length <= largestAsked || holdsFields(text) ? secretFieldsOf(text, { ...asked(work), form: whole }) : [];
}

/** in characters */
const largestAsked = 64 * 1024;

/** Cut in every view of the bytes; the result has the same length. */
function bytesOf(work: Work, bytes: Bytes, where: string, named: (text: string, whole: boolean) => readonly Span[]): Bytes {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cuts: { readonly from: number; readonly to: number; readonly span: Span; readonly secret: string; readonly fill: View['fill'] }[] = [];
  for (const view of viewsOf(source)) {
    const found = spansIn(work, view.text);
    if (found === null) return notKept(work, source, where);
    for (const span of joined([...found, ...named(view.text, view.whole)])) {
      cuts.push({ from: view.start(span.start), to: view.end(span.end), span, secret: view.text.slice(span.start, span.end), fill: view.fill });
    }
    if (cuts.length > mostCuts) return notKept(work, source, where);
  }
  if (cuts.length === 0) return bytes;
  const out = Buffer.from(source);
  for (const { from, to, span, secret, fill } of cuts) {
    if (/^\*+$/.test(out.toString('latin1', from, to))) continue;
    fill(out, from, to);
    note(work, where, from, to, span, secret);
  }
  return out;
}

function notKept(work: Work, bytes: Bytes, where: string): Bytes {
  work.redactions.push({ where: `${where} (not kept: more secrets than can be cut one by one)`, offset: 0, length: bytes.length, kind: 'credential', hint: '', fingerprint: null });
  return Buffer.alloc(bytes.length, '*');
}

/** Null where there is too much to search for: none of the text can be kept then. */
function spansIn(work: Work, text: string): readonly Span[] | null {
  work.effort.searched += work.secrets.size * text.length;
  if (work.effort.searched > mostSearched) return null;
  return [...credentialsIn(text).filter(({ start, end }) => !work.recipients.has(text.slice(start, end))), ...cardNumbers(text).map(({ start, end, issuer }) => ({ start, end, kind: 'card' as const, hint: issuer })), ...repeated(work, text)];
}

function repeated(work: Work, text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const secret of work.secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) spans.push({ start: at, end: at + secret.length, kind: 'credential', hint: '' });
  }
  return spans;
}

function textOf(work: Work, text: string, where: string, more: readonly Span[] = []): string {
  if (more.length <= mostCuts) for (const span of more) note(work, where, span.start, span.end, span, text.slice(span.start, span.end));
  const before = masked(text, more);
  if (more.length <= mostCuts && coded.test(before)) {
    const bytes = Buffer.from(before, 'utf8');
    const cut = bytesOf(work, bytes, where, () => []);
    return cut === bytes ? before : Buffer.from(cut).toString('utf8');
  }
  const found = more.length > mostCuts ? null : spansIn(work, before);
  if (found === null || found.length > mostCuts) return notKept(work, Buffer.from(text, 'utf8'), where).toString();
  const spans = joined(found);
  for (const span of spans) note(work, where, span.start, span.end, span, before.slice(span.start, span.end));
  return masked(before, spans);
}

/** Signs of a coding that has to be undone before reading, and of texts whose characters are not their bytes. */
const coded = /[\\%\0\u0080-\uffff]|=[\r\n0-9A-Fa-f]|&#|[A-Za-z0-9+/_-]{20}/;

function note(work: Work, where: string, offset: number, end: number, { kind, hint }: Span, secret: string): void {
  if (kind === 'credential') remember(work, secret);
  work.redactions.push({ where, offset, length: end - offset, kind, hint, fingerprint: kind === 'credential' && work.key !== null ? keyedHash(work.key, secret) : null });
}

/** Bots' and webhooks' tokens that stand in the path itself. */
function pathSecrets(path: string): readonly Span[] {
  // A base address with a slash at its end makes two of one: it is refused, and holds the token all the same.
  const match = /^(\/+(?:file\/+)?bot[0-9]{3,20}(?::|%3a))([^/]+)/i.exec(path) ?? /^(\/+services\/+[A-Z0-9]+\/+[A-Z0-9]+\/+)([^/]+)/i.exec(path)
    ?? /^(\/+(?:triggers|workflows|commands|actions|app)\/+[TE][A-Z0-9]+\/+(?:[A-Z0-9]+\/+)?[0-9]+\/+)([^/]+)/.exec(path);
  return match === null ? [] : [{ start: match[1]!.length, end: match[0].length, kind: 'credential', hint: 'path' }];
}

/** Every string of a plain value; bytes (attachments) too. Addresses of recipients stay. */
function deep<T>(work: Work, value: T, name: string): T {
  return walk(work, value, name) as T;
}

function walk(work: Work, value: unknown, name: string): unknown {
  if (typeof value === 'string') return stringOf(work, value, name);
  // a list, and what stands under a secret name, is read by the name of its field: only what is in it can be known already
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isSecretThroughout(name)) return fieldsOf(work, value, name);
  if (!work.done.has(value)) work.done.set(value, fieldsOf(work, value, name));
  return work.done.get(value);
}

function fieldsOf(work: Work, value: unknown, name: string): unknown {
  if (typeof value === 'number') return isSecretNumber(name, String(value)) ? null : value;
  if (value instanceof Uint8Array) return bytesOf({ ...work, redactions: [] }, value, name, (text, whole) => fieldsIn(work, text, whole));
  if (Array.isArray(value)) return value.map((item) => walk(work, item, name));
  if (typeof value !== 'object' || value === null) return value;
  const named = 'name' in value && typeof value.name === 'string' && 'value' in value ? value.name : null;
  const throughout = isSecretThroughout(name);
  return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, walk(work, item, throughout ? name : field === 'value' && named !== null ? named : field)]));
}

function isSecretNumber(name: string, value: string): boolean {
  const kind = fieldKind(name, false);
  return kind === 'cvc' || (kind === 'credential' && !isOpenValue(name, value)) || cardNumbers(value).length > 0;
}

function stringOf(work: Work, text: string, name: string): string {
  if (work.recipients.has(text)) return text;
  const kind = fieldKind(name, false);
  if (kind === 'cvc') return '*'.repeat(text.length);
  if (kind === 'credential' && !isOpenValue(name, text)) return text.slice(0, credentialValue(text).start) + '*'.repeat(text.length - credentialValue(text).start);
  if (isCallback(name)) return saidText(work, text, name);
  if (!work.done.has(text)) work.done.set(text, saidText(work, text, name));
  return work.done.get(text) as string;
}

function queryFields(work: Work, text: string, from: number): readonly Span[] {
  return secretFieldsOf(text.slice(from), { ...asked(work), query: true }).map((span) => ({ ...span, start: span.start + from, end: span.end + from }));
}

function saidText(work: Work, text: string, name: string): string {
  // a body kept whole inside another value (an idempotent reply, a webhook): its fields have names too
  const query = callbackQuery(name, text);
  if (query !== null) return textOf({ ...work, redactions: [] }, text, name, queryFields(work, text, query));
  return textOf({ ...work, redactions: [] }, text, name, holdsFields(text) ? fieldsIn(work, text, true) : []);
}

/** A rule's own credential must not be kept with the decision that used it. */
function withoutRewriteSecrets(decision: CaptureDraft['decision']): CaptureDraft['decision'] {
  if (decision.action !== 'forward') return decision;
  const rewrites = decision.plan.rewrites.map((rewrite) => {
    switch (rewrite.kind) {
      case 'credential': return { ...rewrite, value: '****' };
      case 'values': return { ...rewrite, values: rewrite.values.map(([live]) => [live, '****'] as const) };
      default: return rewrite;
    }
  });
  return { ...decision, plan: { ...decision.plan, rewrites } };
}
