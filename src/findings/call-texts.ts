import type { Headers, Request } from '../model/exchange.ts';

/** In larger bodies only what stands there plainly is looked for. */
const unescapedUpTo = 256 * 1024;

/** Every text of a call as it was sent, by where it stands: header fields, target, body. Nothing is decoded for it but what hides letters. */
export function* placesOf(request: Request): Generator<readonly [where: string, texts: Iterable<string>]> {
  switch (request.kind) {
    case 'http':
      yield* fields(request.headers);
      yield ['target', readings(`${request.path}?${request.query ?? ''}`)];
      yield* fields(request.trailers);
      return yield ['body', bytes(request.body)];
    case 'connect': return yield* fields(request.headers);
    case 'mail': return yield ['body', bytes(request.message)];
    case 'unreadable': return yield ['body', bytes(request.received)];
  }
}

function* fields(headers: Headers): Generator<readonly [string, Iterable<string>]> {
  for (const [name, value] of headers) yield [`header ${name}`, [...readings(`${name}: ${value}`), ...tokens(value)]];
}

function bytes(body: Uint8Array): readonly string[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  return body.length <= unescapedUpTo ? readings(text) : [text];
}

/** As it stands, and with percent and JSON escapes undone once and twice: 'sk%5Flive', 'sk%255Flive'. */
function readings(text: string): readonly string[] {
  const once = unescaped(text);
  return once === text ? [text] : [text, once, unescaped(once)];
}

function unescaped(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})|\\u00([0-9a-f]{2})/gi, (_, percent?: string, json?: string) => String.fromCharCode(Number.parseInt(percent ?? json ?? '', 16)));
}

/** What looks like base64, decoded: Basic credentials, and those in cookies. */
function tokens(value: string): readonly string[] {
  return [...value.matchAll(/[0-9A-Za-z+/_-]{12,}/g)].map(([token]) => Buffer.from(token, 'base64').toString('latin1'));
}
