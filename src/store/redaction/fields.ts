import { fieldKind, isOpenValue, isSecretHeader } from './names.ts';
import { credentialValue } from './credentials.ts';
import type { Span } from './span.ts';

/** A named value found in a text, [start, end) without quotes; `value` as it reads once decoded. */
interface Field { readonly name: string; readonly value: string; readonly start: number; readonly end: number }

const xmlElement = /<([A-Za-z][\w:.-]{0,80})(?:\s[^<>]{0,500})?>([^<>]{1,8192})</g;
const multipartField = /\bname="([^"\r\n]{1,200})"[^\r\n]{0,500}\r?\n(?:[^\r\n]{1,1000}\r?\n){0,20}\r?\n([^\r\n]{0,8192})/g;

export function secretFieldsOf(text: string, { query, known }: { readonly query: boolean; readonly known: (value: string) => boolean }): readonly Span[] {
  const fields = query ? formFields(text) : [...jsonFields(text), ...xmlFields(text), ...multipartFields(text), ...(looksLikeForm(text) ? formFields(text) : [])];
  return fields.flatMap((field) => spanOf(field, query, known));
}

/** Lines 'Name: value' of something that could not be read as a request, and SMTP AUTH with what follows it. */
export function secretLines(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(/^([!-9;-~]{1,80}):[ \t]*([^\r\n]+)/gm)) {
    if (!isSecretHeader(match[1]!)) continue;
    const end = match.index + match[0].length;
    spans.push({ start: end - match[2]!.length + credentialValue(match[2]!).start, end, kind: 'credential', hint: credentialValue(match[2]!).hint });
  }
  for (const match of text.matchAll(/^AUTH[ \t]+\S+[^\r\n]*(?:\r?\n[A-Za-z0-9+/=]+(?=\r?\n|$)){0,3}/gim)) {
    spans.push({ start: match.index + 5, end: match.index + match[0].length, kind: 'credential', hint: 'AUTH' });
  }
  return spans;
}

function spanOf({ name, value, start, end }: Field, query: boolean, known: (value: string) => boolean): readonly Span[] {
  // Mandrill's old keys: a top-level "key" of this look is nothing else.
  const kind = fieldKind(name, query) ?? (name === 'key' && /^[A-Za-z0-9_-]{22}$/.test(value) ? 'credential' : null);
  if (kind === 'cvc') return /^[\s"]*[0-9]/.test(value) || value.length <= 8 ? [{ start, end, kind, hint: '' }] : [];
  if (kind === null || isOpenValue(name, value) || known(value)) return [];
  const { start: skip, hint } = credentialValue(value);
  // Where escapes make the text longer than the value, the kept prefix may not be counted off: cut all of it.
  return [{ start: end - start === value.length ? start + skip : start, end, kind, hint }];
}

/**
 * Fields of a JSON text: strings and numbers. Works on broken and truncated JSON, because strings are told apart one after
 * another; by hand and not by pattern, because a string may be megabytes long.
 */
function jsonFields(text: string): readonly Field[] {
  const fields: Field[] = [];
  for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', open)) {
    const close = endOfString(text, open);
    const name = text.slice(open + 1, close);
    open = close + 1;
    const colon = afterSpace(text, open);
    if (text[colon] !== ':' || name.length > 200) continue;
    const start = afterSpace(text, colon + 1);
    if (text[start] === '"') {
      const end = endOfString(text, start);
      fields.push({ name: unescaped(name), value: unescaped(text.slice(start + 1, Math.min(end, start + 1 + longestValue))), start: start + 1, end });
      open = end + 1;
    } else {
      const number = /^-?[0-9][0-9.eE+-]{0,40}/.exec(text.slice(start, start + 42))?.[0];
      if (number !== undefined) fields.push({ name: unescaped(name), value: number, start, end: start + number.length });
    }
  }
  return fields;
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
    return { name: match[1]!.replace(/^.*:/, ''), value: match[2]!, start: end - match[2]!.length, end };
  });
}

function multipartFields(text: string): readonly Field[] {
  if (!text.includes('name="')) return [];
  return [...text.matchAll(multipartField)].map((match) => {
    const end = match.index + match[0].length;
    return { name: match[1]!, value: match[2]!, start: end - match[2]!.length, end };
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
    if (equals >= 0) fields.push({ name: percentDecoded(pair.slice(0, equals)), value: percentDecoded(pair.slice(equals + 1)), start: at + equals + 1, end: at + pair.length });
    at += pair.length + 1;
  }
  return fields;
}

function percentDecoded(text: string): string {
  return text.replaceAll('+', ' ').replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\(.)/gs, (_, hex: string | undefined, sign: string) => (hex === undefined ? sign : String.fromCharCode(parseInt(hex, 16))));
}
