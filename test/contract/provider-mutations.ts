import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Headers, HttpRequest } from '../../src/model/exchange.ts';
import { header } from '../../src/model/exchange.ts';

export interface Mutation { readonly what: string; readonly request: HttpRequest }

/** Every length class: nothing, a byte or two, quarters, all but a byte or two; with the true old length and with a fitting one. */
export function truncated(request: HttpRequest): readonly (Mutation & { readonly declared: boolean })[] {
  const size = request.body.length;
  const lengths = [...new Set([0, 1, 2, ...[0.1, 0.25, 0.5, 0.75, 0.9].map((part) => Math.floor(size * part)), size - 2, size - 1])].filter((length) => length >= 0 && length < size);
  return lengths.flatMap((length) => {
    const cut = { ...request, body: request.body.subarray(0, length) };
    return [
      { what: `${length} of ${size} bytes, length as declared`, request: cut, declared: true },
      { what: `${length} of ${size} bytes, length made to fit`, request: withBody(request, cut.body), declared: false },
    ];
  });
}

/** Each field once more: with its own value, and with another one. */
export function duplicated(request: HttpRequest): readonly Mutation[] {
  const text = Buffer.from(request.body).toString('utf8');
  if (isJson(request)) {
    const body = JSON.parse(text) as Record<string, unknown>;
    return Object.entries(body).flatMap(([name, value]) => [value, null, []].map((again) => ({
      what: `"${name}" twice, then ${JSON.stringify(again).slice(0, 40)}`,
      request: withBody(request, Buffer.from(`${text.trimEnd().slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(again)}}`)),
    })));
  }
  return text.split('&').flatMap((pair) => [pair, `${pair.split('=')[0]}=other`].map((again) => ({
    what: `${pair.slice(0, 40)} twice, then ${again.slice(0, 40)}`, request: withBody(request, Buffer.from(`${text}&${again}`)),
  })));
}

export function garbage(request: HttpRequest): readonly Mutation[] {
  const bodies = {
    'zero bytes': Buffer.alloc(64),
    'every byte': Buffer.from(Array.from({ length: 256 }, (_, index) => index)),
    'bad UTF-8': Buffer.from([0xc3, 0x28, 0xff, 0xfe]),
    ...(isJson(request) ? { 'a JSON list': Buffer.from('[[[]]]'), 'a JSON null': Buffer.from('null') } : {}),
    'a byte order mark': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), request.body]),
    'the body and a brace': Buffer.concat([request.body, Buffer.from('}')]),
    'the body after a NUL': Buffer.concat([Buffer.from([0]), request.body]),
    'a bad percent escape': Buffer.from('%zz=%'),
    'deep nesting': Buffer.from('['.repeat(5000)),
  };
  return Object.entries(bodies).map(([what, body]) => ({ what, request: withBody(request, body) }));
}

export function disguised(request: HttpRequest): readonly Mutation[] {
  const type = header(request.headers, 'content-type') ?? '';
  const others = request.headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  return [[], ['text/plain'], ['application/octet-stream'], [`${type};charset=utf-7`], [`${type}; charset=ibm037`], [type, 'text/plain'], [type, type], [`${type}, text/plain`], [''], ['application/vnd.api+json']]
    .map((types) => ({ what: JSON.stringify(types), request: { ...request, headers: [...others, ...types.map((each) => ['Content-Type', each] as const)] } }));
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

export function reordered(request: HttpRequest): readonly Mutation[] {
  const text = Buffer.from(request.body).toString('utf8');
  const body = isJson(request) ? JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed())) : text.split('&').toReversed().join('&');
  return [{ what: 'reversed', request: withBody(request, Buffer.from(body)) }];
}

function isJson(request: HttpRequest): boolean {
  return (header(request.headers, 'content-type') ?? '').includes('json');
}

function withBody(request: HttpRequest, body: Uint8Array): HttpRequest {
  const headers: Headers = request.headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  return { ...request, headers: [...headers, ['Content-Length', String(body.length)]], body };
}
