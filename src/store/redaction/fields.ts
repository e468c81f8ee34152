import { fieldKind, isCallback, isGrantCode, isOfGrant, isOpenValue, isSecretHeader, isSecretThroughout } from './names.ts';
import { credentialValue } from './credentials.ts';
import { readingOf, type Coding, type Reading } from './reading.ts';
import type { Span } from './span.ts';

/** A named value found in a text, [start, end) without quotes, and how it is written there. */
interface Field { readonly name: string; readonly start: number; readonly end: number; readonly coding: Coding }

export interface Asked {
  /** the text is the query of a URL */
  readonly query: boolean;
  /** false where undone codings leave signs that only look like those of a form */
  readonly form?: boolean;
  /** is no secret although its name says so: a recipient's address */
  readonly known: (value: string) => boolean;
}

/** Values hold JSON and forms as text, which hold others: followed this far. */
const deepest = 4;

const xmlElement = /<([A-Za-z][\w:.-]{0,80})(?:\s[^<>]{0,500})?>([^<>]{1,8192})</g;
const multipartField = /\bname=(?:"([^"\r\n]{1,200})"|([^\s";,]{1,200}))[^\r\n]{0,500}\r?\n(?:[^\r\n]{1,1000}\r?\n){0,20}\r?\n([^\r\n]{0,8192})/g;

/** Where values stand whose names say that they are secret. */
export function secretFieldsOf(text: string, asked: Asked, depth: number = deepest): readonly Span[] {
  const forms = asked.form !== false && looksLikeForm(text);
  const fields = asked.query ? formFields(text) : [...jsonFields(text), ...xmlFields(text), ...multipartFields(text), ...(forms ? formFields(text) : [])];
  const ofGrant = fields.some(({ name }) => isOfGrant(name));
  return fields.flatMap((field) => spansOf(text, field, { ...asked, ofGrant }, depth));
}

/** Is the value a text with fields of its own? */
export function holdsFields(text: string): boolean {
  const start = text.slice(0, 300);
  return /^\s*(?:\{\s*["}]|\[\s*[{["])/.test(start) || (/^[\w.[\]%+-]{1,200}=/.test(start) && !/\s/.test(text.slice(0, longestValue)));
}

/** Where the query of a callback's address begins; null when this is none. */
export function callbackQuery(name: string, value: string): number | null {
  const sign = isCallback(name) && /^https?:\/\//i.test(value) ? value.indexOf('?') : -1;
  return sign < 0 ? null : sign + 1;
}

/** Lines 'Name: value' of a mail's head or of something that could not be read as a request; continuation lines belong to them (RFC 5322). */
export function secretLines(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(/^([!-9;-~]{1,80}):[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/gm)) {
    if (!isSecretHeader(match[1]!)) continue;
    const end = match.index + match[0].length;
    const { start, hint } = credentialValue(match[2]!);
    spans.push({ start: end - match[2]!.length + start, end, kind: 'credential', hint });
  }
  return spans;
}

/** The head of a mail, up to the empty line. */
export function secretMailLines(text: string): readonly Span[] {
  const end = /\r?\n\r?\n/.exec(text.slice(0, longestHead))?.index ?? Math.min(text.length, longestHead);
  return secretLines(text.slice(0, end));
}

/** What a call that could not be read says in the clear: SMTP AUTH with what follows it, a user in a target or Host, its query. */
export function secretWordsOf(text: string, asked: Asked): readonly Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(/^AUTH[ \t]+\S+[^\r\n]*(?:\r?\n[A-Za-z0-9+/=]+(?=\r?\n|$)){0,3}/gim)) {
    spans.push({ start: match.index + 5, end: match.index + match[0].length, kind: 'credential', hint: 'AUTH' });
  }
  for (const match of text.matchAll(/^((?:Host|:authority):[ \t]*|[A-Z]{3,20} (?:[A-Za-z]{1,10}:\/\/|\/~\/)?)([^\s@/?]{1,500})(?=@)/gm)) {
    // 'RCPT TO:<a@b>' has no user: what an SMTP verb names is an address
    if (/^(?:MAIL|RCPT|VRFY|EXPN) $/i.test(match[1]!)) continue;
    spans.push({ start: match.index + match[1]!.length, end: match.index + match[0].length, kind: 'credential', hint: 'userinfo' });
  }
  for (const match of text.matchAll(/^([A-Z]{3,20} [^\s?]*\?)(\S+) HTTP\//gm)) {
    const from = match.index + match[1]!.length;
    spans.push(...secretFieldsOf(match[2]!, { ...asked, query: true }).map((span) => moved(span, (at) => from + at)));
  }
  return [...spans, ...secretParameters(text)];
}

/** Parameters of MAIL and RCPT (RFC 5321 section 4.1.2): 'MAIL FROM:<a@b> AUTH=...'. */
export function secretParameters(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const line of text.matchAll(/^(?:C: )?(?:MAIL|RCPT)\b[^\r\n]*/gim)) {
    for (const match of line[0].matchAll(/ ([A-Za-z0-9-]{1,80})=(\S+)/g)) {
      if (fieldKind(match[1]!, false) !== 'credential' || isOpenValue(match[1]!, match[2]!)) continue;
      const end = line.index + match.index + match[0].length;
      spans.push({ start: end - match[2]!.length, end, kind: 'credential', hint: '' });
    }
  }
  return spans;
}

/** In characters; message heads are longer in nobody's hands but an attacker's, whose secrets are his own. */
const longestHead = 256 * 1024;

function spansOf(text: string, field: Field, asked: Asked & { readonly ofGrant: boolean }, depth: number): readonly Span[] {
  const { name, start, end } = field;
  const kind = fieldKind(name, asked.query) ?? (asked.ofGrant && isGrantCode(name) ? 'credential' : null);
  if (kind !== null || name === 'key') {
    const value = readingOf(text, { ...field, end: Math.min(end, start + longestValue) });
    const own = spanOf(field, kind, value, asked);
    if (own !== null) return [own];
  }
  if (depth === 0 || end - start < 8) return [];
  const begin = readingOf(text, { ...field, end: Math.min(end, start + 600) }).text;
  const query = callbackQuery(name, begin);
  if (query === null && !holdsFields(begin)) return [];
  const value = readingOf(text, field);
  const inner = query === null ? value.text : value.text.slice(query);
  if (query === null && !holdsFields(inner)) return [];
  return secretFieldsOf(inner, { ...asked, query: query !== null, form: true }, depth - 1).map((span) => moved(span, (at) => value.at(at + (query ?? 0))));
}

function spanOf({ name, start, end }: Field, named: 'credential' | 'cvc' | null, value: Reading, { known }: Asked): Span | null {
  // Mandrill's old keys: a top-level "key" of this look is nothing else.
  const kind = named ?? (/^[A-Za-z0-9_-]{22}$/.test(value.text) ? 'credential' : null);
  if (kind === 'cvc') return /^[\s"]*[0-9]/.test(value.text) || value.text.length <= 8 ? { start, end, kind, hint: '' } : null;
  if (kind === null || isOpenValue(name, value.text) || known(value.text)) return null;
  const { start: skip, hint } = credentialValue(value.text);
  return { start: value.at(skip), end, kind, hint };
}

function moved(span: Span, to: (at: number) => number): Span {
  return { ...span, start: to(span.start), end: to(span.end) };
}

/**
 * Fields of a JSON text: strings and numbers, and those in a list or object under a secret name. Works on broken and truncated
 * JSON, because strings are told apart one after another; by hand and not by pattern, because a string may be megabytes long.
 */
function jsonFields(text: string): readonly Field[] {
  const fields: Field[] = [];
  for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', open)) {
    const close = endOfString(text, open);
    const from = open + 1;
    open = close + 1;
    const colon = afterSpace(text, open);
    if (text[colon] !== ':' || close - from > 200) continue;
    const name = readingOf(text, { start: from, end: close, coding: 'json' }).text;
    const start = afterSpace(text, colon + 1);
    const value = scalarAt(text, start);
    if (value !== null) {
      fields.push({ name, ...value });
      open = Math.max(open, value.end + (value.coding === 'json' ? 1 : 0));
    } else if ((text[start] === '[' || text[start] === '{') && fieldKind(name, false) !== null) {
      open = leaves(text, start, name, fields);
    }
  }
  return fields;
}

function scalarAt(text: string, start: number): Omit<Field, 'name'> | null {
  if (text[start] === '"') return { start: start + 1, end: endOfString(text, start), coding: 'json' };
  const number = /^-?[0-9][0-9.eE+-]{0,40}/.exec(text.slice(start, start + 42))?.[0];
  return number === undefined ? null : { start, end: start + number.length, coding: 'plain' };
}

/** All values of the list or object that begins at `start` count as the name's. Returns where to read on. */
function leaves(text: string, start: number, name: string, fields: Field[]): number {
  const throughout = isSecretThroughout(name);
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const sign = text[at]!;
    const value = sign === '"' || sign === '-' || (sign >= '0' && sign <= '9') ? scalarAt(text, at) : null;
    if (sign === '{' && !throughout) return at;
    if (sign === '[' || sign === '{') depth += 1;
    if (sign === ']' || sign === '}') depth -= 1;
    if (depth <= 0) return at + 1;
    const next = value === null ? at + 1 : value.end + (value.coding === 'json' ? 1 : 0);
    if (value !== null && text[afterSpace(text, next)] !== ':') fields.push({ name, ...value });
    at = next;
  }
  return at;
}

/** A value is looked at up to here; it is cut whole. */
const longestValue = 64 * 1024;

/** Where the string that begins at `open` has its closing quote; the end of the text when it has none. */
function endOfString(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

function xmlFields(text: string): readonly Field[] {
  return [...text.matchAll(xmlElement)].map((match) => {
    const end = match.index + match[0].length - 1;
    return { name: match[1]!.replace(/^.*:/, ''), start: end - match[2]!.length, end, coding: 'plain' };
  });
}

function multipartFields(text: string): readonly Field[] {
  if (!text.includes('name=')) return [];
  return [...text.matchAll(multipartField)].map((match) => {
    const end = match.index + match[0].length;
    return { name: match[1] ?? match[2]!, start: end - match[3]!.length, end, coding: 'plain' };
  });
}

function looksLikeForm(text: string): boolean {
  return /^[^\s{}<>"&=]{1,200}=/.test(text);
}

function formFields(text: string): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    if (equals >= 0) fields.push({ name: readingOf(pair, { start: 0, end: equals, coding: 'form' }).text, start: at + equals + 1, end: at + pair.length, coding: 'form' });
    at += pair.length + 1;
  }
  return namedBeside(text, fields);
}

/** 'Attributes.entry.1.key=PlatformCredential&Attributes.entry.1.value=...' (AWS): the value's name is the text of the field beside it. */
function namedBeside(text: string, fields: readonly Field[]): readonly Field[] {
  const entry = (name: string, end: RegExp): string | null => end.test(name) ? name.slice(0, name.lastIndexOf('.')) : null;
  const names = new Map<string, Field>();
  for (const field of fields) {
    const at = entry(field.name, /\.[0-9]{1,6}\.(?:key|name)$/i);
    if (at !== null) names.set(at, field);
  }
  if (names.size === 0) return fields;
  return fields.map((field) => {
    const beside = names.get(entry(field.name, /\.[0-9]{1,6}\.value$/i) ?? '');
    return beside === undefined ? field : { ...field, name: readingOf(text, { ...beside, end: Math.min(beside.end, beside.start + 600) }).text };
  });
}
