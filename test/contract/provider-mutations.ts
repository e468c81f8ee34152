import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { header } from '../../src/model/exchange.ts';
import { shapeOf, withBody, withJson } from './call-shape.ts';
import { doubledFields, mailsInside, reversedFields } from './mail-inside.ts';

export interface Mutation { readonly what: string; readonly request: HttpRequest }

/** Every length class: nothing, a byte or two, quarters, all but a byte or two; with the true old length and with a fitting one. */
export function truncated(request: HttpRequest): readonly (Mutation & { readonly declared: boolean })[] {
  const size = request.body.length;
  return lengthsBelow(size).flatMap((length) => {
    const cut = { ...request, body: request.body.subarray(0, length) };
    return [
      { what: `${length} of ${size} bytes, length as declared`, request: cut, declared: true },
      { what: `${length} of ${size} bytes, length made to fit`, request: withBody(request, cut.body), declared: false },
    ];
  });
}

function lengthsBelow(size: number): readonly number[] {
  return [...new Set([0, 1, 2, ...[0.1, 0.25, 0.5, 0.75, 0.9].map((part) => Math.floor(size * part)), size - 2, size - 1])].filter((length) => length >= 0 && length < size);
}

/** Each field, element or part once more: with its own value, and with another one; the fields of a mail inside too. */
export function duplicated(request: HttpRequest): readonly Mutation[] {
  return changing(request, [...fieldsTwice(request), ...mailsInside(request).flatMap(doubledFields)]);
}

/** Without those that happen to be the call itself. */
function changing<M extends Mutation>(request: HttpRequest, mutations: readonly M[]): readonly M[] {
  return mutations.filter((each) => Buffer.compare(each.request.body, request.body) !== 0);
}

function fieldsTwice(request: HttpRequest): readonly Mutation[] {
  const shape = shapeOf(request);
  switch (shape.kind) {
    case 'json': {
      if (!Array.isArray(shape.value)) return keysTwice(shape.value as object).map(({ what, text }) => ({ what, request: withBody(request, Buffer.from(text)) }));
      const list: readonly unknown[] = shape.value;
      return list.flatMap((element, at) => [
        { what: `element ${at} again at the end`, request: withJson(request, [...list, element]) },
        { what: `element ${at} again at the beginning`, request: withJson(request, [element, ...list]) },
        ...typeof element !== 'object' || element === null ? [] : keysTwice(element).map(({ what, text }) => ({
          what: `element ${at}: ${what}`, request: withBody(request, Buffer.from(`[${list.map((each, index) => index === at ? text : JSON.stringify(each)).join(',')}]`)),
        })),
      ]);
    }
    case 'form': return pairsTwice(shape.text).map(({ what, text }) => ({ what, request: withBody(request, text) }));
    case 'multipart': {
      const parts = shape.pieces.slice(1, -1);
      const joined = (pieces: readonly string[]): HttpRequest => withBody(request, [shape.pieces[0]!, ...pieces, shape.pieces.at(-1)!].join(shape.delimiter));
      return parts.flatMap((part, at) => {
        const other = `${part.slice(0, part.indexOf('\r\n\r\n') + 4)}other\r\n`;
        return [part, other].flatMap((again) => [
          { what: `part ${at + 1} again behind it as ${again.slice(-20)}`, request: joined([...parts.slice(0, at + 1), again, ...parts.slice(at + 1)]) },
          { what: `part ${at + 1} again at the beginning as ${again.slice(-20)}`, request: joined([again, ...parts]) },
          { what: `part ${at + 1} again at the end as ${again.slice(-20)}`, request: joined([...parts, again]) },
        ]).concat(
          { what: `part ${at + 1} with a second disposition`, request: joined(parts.map((each, index) => index === at ? `\r\nContent-Disposition: form-data; name="other"${each}` : each)) },
          { what: `part ${at + 1} with a second name`, request: joined(parts.map((each, index) => index === at ? each.replace(/ name="/, ' name="other"; name="') : each)) },
        );
      });
    }
    case 'xml': return [...shape.text.matchAll(/<([\w:.-]+)(?:\s[^<>]*)?>([^<]*)<\/\1>/g)].flatMap((element) => {
      const { 0: text, 1: name, index } = element;
      return [text, `<${name}>other</${name}>`].flatMap((again) => [
        { what: `${text.slice(0, 40)} again as ${again.slice(0, 40)}`, request: withBody(request, shape.text.slice(0, index + text.length) + again + shape.text.slice(index + text.length)) },
        { what: `${text.slice(0, 40)} before as ${again.slice(0, 40)}`, request: withBody(request, shape.text.slice(0, index) + again + shape.text.slice(index)) },
      ]);
    });
    case 'text': return [{ what: 'the body twice', request: withBody(request, shape.text + shape.text) }];
  }
}

function keysTwice(object: object): readonly { readonly what: string; readonly text: string }[] {
  const text = JSON.stringify(object).slice(0, -1);
  return Object.entries(object).flatMap(([name, value]) => [value, null, []].map((again) => ({
    what: `"${name}" twice, then ${JSON.stringify(again).slice(0, 40)}`, text: `${text},${JSON.stringify(name)}:${JSON.stringify(again)}}`,
  })));
}

function pairsTwice(text: string): readonly { readonly what: string; readonly text: string }[] {
  return text.split('&').flatMap((pair) => [pair, `${pair.split('=')[0]}=other`].flatMap((again) => [
    { what: `${pair.slice(0, 40)} twice, then ${again.slice(0, 40)}`, text: `${text}&${again}` },
    { what: `${pair.slice(0, 40)} twice, first ${again.slice(0, 40)}`, text: `${again}&${text}` },
  ]));
}

export function garbage(request: HttpRequest): readonly Mutation[] {
  const shape = shapeOf(request);
  const bodies: Readonly<Record<string, Uint8Array | string>> = {
    'zero bytes': Buffer.alloc(64),
    'every byte': Buffer.from(Array.from({ length: 256 }, (_, index) => index)),
    'bad UTF-8': Buffer.from([0xc3, 0x28, 0xff, 0xfe]),
    'a byte order mark': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), request.body]),
    // behind a form it is part of the last value, and that may well be another person's address
    ...shape.kind === 'form' ? {} : { 'the body and a brace': Buffer.concat([request.body, Buffer.from('}')]) },
    'the body after a NUL': Buffer.concat([Buffer.from([0]), request.body]),
    'a bad percent escape': '%zz=%',
    'deep nesting': '['.repeat(5000),
    ...garbageOf(shape),
  };
  return Object.entries(bodies).map(([what, body]) => ({ what, request: withBody(request, body) }));
}

function garbageOf(shape: ReturnType<typeof shapeOf>): Readonly<Record<string, string>> {
  switch (shape.kind) {
    case 'json': return { 'a JSON list': '[[[]]]', 'a JSON null': 'null', 'a list of null': '[null]', 'the body in a list': JSON.stringify([shape.value]) };
    case 'form': return {};
    case 'multipart': {
      const { delimiter, pieces } = shape;
      const parts = pieces.slice(1, -1);
      const body = pieces.join(delimiter);
      return {
        'no closing boundary': [pieces[0]!, ...parts].join(delimiter),
        'closed before its first part': `${delimiter}--\r\n${body}`,
        'closed before its last part': parts.length < 2 ? `${delimiter}--\r\n` : [pieces[0]!, ...parts.slice(0, -1), '--\r\n', parts.at(-1)!, '--\r\n'].join(delimiter),
        'more parts behind the end': `${body}\r\n${delimiter}${parts[0] ?? '\r\n\r\n'}${delimiter}--\r\n`,
        'a preamble': `hello\r\n${body}`,
        'bare line feeds': body.replaceAll('\r\n', '\n'),
        'one boundary a dash short': body.replace(delimiter, delimiter.slice(1)),
        'a boundary that goes on': body.replace(delimiter, `${delimiter}x`),
        'blanks behind the boundaries': pieces.join(`${delimiter} `),
        'parts without headers': [pieces[0]!, ...parts.map((part) => part.slice(part.indexOf('\r\n\r\n') + 2)), pieces.at(-1)!].join(delimiter),
        'parts in base64': body.replaceAll(/\r\n\r\n/g, '\r\nContent-Transfer-Encoding: base64\r\n\r\n'),
      };
    }
    case 'xml': return {
      'an entity of its own': shape.text.replace(/^(\s*<\?xml[^>]*\?>)?/, (declaration) => `${declaration}<!DOCTYPE a [<!ENTITY b "c">]>`),
      'a comment in every text': shape.text.replaceAll(/>([^<\s][^<]*)</g, (_all, text: string) => `>${text.slice(0, 1)}<!-- -->${text.slice(1)}<`),
      'every text as CDATA': shape.text.replaceAll(/>([^<\s][^<]*)</g, (_all, text: string) => `><![CDATA[${text}]]><`),
      'two roots': shape.text + shape.text.replace(/^\s*<\?xml[^>]*\?>/, ''),
      'not closed': shape.text.replace(/<\/[^>]*>\s*$/, ''),
      'another encoding said': shape.text.replace(/^(\s*<\?xml[^>]*\?>)?/, '<?xml version="1.0" encoding="utf-7"?>'),
    };
    case 'text': return { 'an empty line first': `\r\n\r\n${shape.text}` };
  }
}

/** form-data that one reader would cut or name otherwise than another: nobody can tell whom it reaches. */
export function cutInTwoWays(request: HttpRequest): readonly Mutation[] {
  const shape = shapeOf(request);
  if (shape.kind !== 'multipart' || shape.rooted) return [];
  const { delimiter, pieces } = shape;
  const parts = pieces.slice(1, -1);
  const body = pieces.join(delimiter);
  const other = (name: string): string => `\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nother@example.test\r\n`;
  const bodies = {
    'closed before its first part': `${delimiter}--\r\n${body}`,
    'more parts behind the end': `${body.trimEnd()}\r\n${delimiter}${other('to')}${delimiter}--\r\n`,
    'a part before the first boundary': `${other('to').trimStart()}${body}`,
    'no end': [pieces[0]!, ...parts].join(delimiter),
    'two dispositions': body.replace(/(content-disposition: form-data; name=")/i, 'Content-Disposition: form-data; name="other"\r\n$1'),
    'two names': body.replace(/(content-disposition: form-data;) /i, '$1 name="other"; '),
    'an encoded name': body.replace(/(content-disposition: form-data; name="[^"]*")/i, "$1; filename*=utf-8''other"),
    'a transfer encoding': body.replace(/(content-disposition: form-data; name=")/i, 'Content-Transfer-Encoding: base64\r\n$1'),
  };
  return Object.entries(bodies).map(([what, changed]) => ({ what, request: withBody(request, changed) }));
}

export function disguised(request: HttpRequest): readonly Mutation[] {
  const type = header(request.headers, 'content-type') ?? '';
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  const others = request.headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  const lists: readonly (readonly string[])[] = [
    [], ['text/plain'], ['application/octet-stream'], [`${type};charset=utf-7`], [`${type}; charset=ibm037`], [type, 'text/plain'], [type, type], [`${type}, text/plain`], [''], ['application/vnd.api+json'],
    ['application/json'], ['application/x-www-form-urlencoded'], ['application/xml'], ['multipart/form-data; boundary=other'], ['multipart/form-data'], ['message/rfc822'],
    ...boundary === undefined ? [] : [
      [`multipart/mixed; boundary=${boundary}`], [`multipart/form-data; boundary=${boundary}; boundary=other`], [`multipart/form-data; boundary=${boundary.slice(0, -1)}`], [`multipart/form-data; boundary*=utf-8''${boundary}`],
    ],
  ];
  return lists.map((types) => ({ what: JSON.stringify(types), request: { ...request, headers: [...others, ...types.map((each) => ['Content-Type', each] as const)] } }));
}

export function recoded(request: HttpRequest): readonly Mutation[] {
  const coded = (coding: string, body: Uint8Array): HttpRequest => withBody({ ...request, headers: [...request.headers, ['Content-Encoding', coding]] }, body);
  return [
    { what: 'gzip', request: coded('gzip', gzipSync(request.body)) },
    { what: 'deflate', request: coded('deflate', deflateSync(request.body)) },
    { what: 'br', request: coded('br', brotliCompressSync(request.body)) },
    { what: 'gzip twice', request: coded('gzip, gzip', gzipSync(gzipSync(request.body))) },
    { what: 'said gzip, is not', request: coded('gzip', request.body) },
    { what: 'gzip, unsaid', request: withBody(request, gzipSync(request.body)) },
    { what: 'gzip and more behind it', request: coded('gzip', Buffer.concat([gzipSync(request.body), gzipSync(Buffer.from('{}'))])) },
    { what: 'unknown coding', request: coded('zstd', request.body) },
  ];
}

/** `free`: the format says that order means nothing, so that the recipients are the same; else not reading it is right too. */
export function reordered(request: HttpRequest): readonly (Mutation & { readonly free: boolean })[] {
  return changing(request, orders(request));
}

function orders(request: HttpRequest): readonly (Mutation & { readonly free: boolean })[] {
  const shape = shapeOf(request);
  const mails = mailsInside(request).map((mail) => ({ ...reversedFields(mail), free: true }));
  switch (shape.kind) {
    case 'json': {
      if (!Array.isArray(shape.value)) return [{ what: 'keys reversed', request: withJson(request, keysReversed(shape.value)), free: true }, ...mails];
      return [{ what: 'elements reversed', request: withJson(request, shape.value.toReversed()), free: true }, { what: 'keys reversed', request: withJson(request, shape.value.map(keysReversed)), free: true }, ...mails];
    }
    case 'form': return [{ what: 'fields reversed', request: withBody(request, shape.text.split('&').toReversed().join('&')), free: true }, ...mails];
    case 'multipart': {
      const { pieces, delimiter, rooted } = shape;
      return [{ what: 'parts reversed', request: withBody(request, [pieces[0]!, ...pieces.slice(1, -1).toReversed(), pieces.at(-1)!].join(delimiter)), free: !rooted }, ...mails];
    }
    case 'xml': return [{ what: 'leaves reversed', request: withBody(request, leavesReversed(shape.text)), free: false }];
    case 'text': return mails;
  }
}

/** An object's own keys; a list and a scalar stay. */
function keysReversed(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value;
}

/** Runs of leaf elements side by side, each run backwards. */
function leavesReversed(text: string): string {
  return text.replaceAll(/(?:\s*<([\w:.-]+)(?:\s[^<>]*)?>[^<]*<\/\1>){2,}/g, (run) => [...run.matchAll(/<([\w:.-]+)(?:\s[^<>]*)?>[^<]*<\/\1>/g)].map(([leaf]) => leaf).toReversed().join(''));
}

const withQuery = (request: HttpRequest, query: string): HttpRequest => ({ ...request, query });

/** The query cut short: what is left is a true call of its own, so that only a harmless look would be wrong. */
export function queryTruncated(request: HttpRequest): readonly Mutation[] {
  const query = request.query ?? '';
  return lengthsBelow(query.length).map((length) => ({ what: `${length} of ${query.length} characters of the query`, request: withQuery(request, query.slice(0, length)) }));
}

export function queryDuplicated(request: HttpRequest): readonly Mutation[] {
  return pairsTwice(request.query ?? '').map(({ what, text }) => ({ what, request: withQuery(request, text) }));
}

export function queryGarbage(request: HttpRequest): readonly Mutation[] {
  const query = request.query ?? '';
  const texts = { 'a bad percent escape': `${query}%zz`, 'bad UTF-8': `${query}&%c3%28=%ff`, 'empty fields': `&&${query}&=&`, 'a NUL behind': `${query}&%00` };
  return Object.entries(texts).map(([what, text]) => ({ what, request: withQuery(request, text) }));
}

export function queryReordered(request: HttpRequest): readonly Mutation[] {
  return [{ what: 'reversed', request: withQuery(request, (request.query ?? '').split('&').toReversed().join('&')) }];
}

/** For a call that says everything in its line: a body that it did not have. */
export function withAnyBody(request: HttpRequest): readonly Mutation[] {
  const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain'];
  return types.flatMap((type) => ['{}', '{"to":"other@example.test"}', 'to=other%40example.test', '\0'].map((body) => ({
    what: `${type} ${body}`, request: withBody({ ...request, headers: [...request.headers.filter(([name]) => name.toLowerCase() !== 'content-type'), ['Content-Type', type]] }, body),
  })));
}

/** A method that a header asks to be taken instead: some vendors do, some do not. */
export function overridden(request: HttpRequest): readonly Mutation[] {
  return ['X-HTTP-Method-Override', 'x-http-method', 'X-Method-Override'].flatMap((name) => ['GET', 'POST', 'DELETE'].filter((method) => method !== request.method).map((method) => ({
    what: `${name}: ${method}`, request: { ...request, headers: [...request.headers, [name, method] as const] },
  })));
}

/** The same path as some servers and relays would read it, and others not. */
export function pathRespelled(request: HttpRequest): readonly Mutation[] {
  const { path } = request;
  const last = path.lastIndexOf('/');
  const spellings = {
    'a slash behind': `${path}/`, 'two slashes before': `/${path}`, 'two slashes at the end': `${path.slice(0, last)}/${path.slice(last)}`, 'a dot segment': `${path.slice(0, last)}/.${path.slice(last)}`,
    'a way up': `${path}/..`, 'a detour': `${path.slice(0, last)}/x/..${path.slice(last)}`, 'an escaped slash': `${path.slice(0, last)}%2f${path.slice(last + 1)}`,
    'an escaped letter': path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`), 'capitals': path.toUpperCase(), 'a parameter': `${path};a=b`, 'a NUL': `${path}%00`,
  };
  return Object.entries(spellings).map(([what, spelled]) => ({ what, request: { ...request, path: spelled } }));
}
