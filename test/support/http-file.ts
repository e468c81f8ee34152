import { readdirSync, readFileSync } from 'node:fs';
import type { Header, HttpRequest } from '../../src/model/exchange.ts';
import { header } from '../../src/model/exchange.ts';

export interface HttpFixture {
  /** the file's name without '.http' */
  readonly name: string;
  readonly request: HttpRequest;
  /** what the neighbouring .decoded.json says; undefined where there is none */
  readonly decoded: unknown;
}

/** Every NAME.http of test/fixtures/FOLDER with its NAME.decoded.json, by name. */
export function httpFixtures(folder: string): readonly HttpFixture[] {
  const base = new URL(`../fixtures/${folder}/`, import.meta.url);
  const files = readdirSync(base);
  return files.filter((file) => file.endsWith('.http')).sort().map((file) => {
    const name = file.slice(0, -'.http'.length);
    const expected = `${name}.decoded.json`;
    return {
      name,
      request: parseHttpFile(readFileSync(new URL(file, base))),
      decoded: files.includes(expected) ? JSON.parse(readFileSync(new URL(expected, base), 'utf8')) as unknown : undefined,
    };
  });
}

/**
 * A request as text: request line, header lines, an empty line, the body. CRLF or LF; one line end behind the body is the
 * editor's, not the body's. The authority is the Host header's, port 443; Content-Length is made to fit.
 */
export function parseHttpFile(file: Buffer): HttpRequest {
  const text = file.toString('latin1');
  const blank = /\r?\n\r?\n/.exec(text);
  const head = text.slice(0, blank?.index ?? text.length).split(/\r?\n/);
  const body = Buffer.from(text.slice(blank === null ? text.length : blank.index + blank[0].length).replace(/\r?\n$/, ''), 'latin1');
  const [method = '', target = ''] = (head[0] ?? '').split(' ');
  const fields = head.slice(1).filter((line) => line !== '').map((line): Header => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const [path = '', query] = target.split('?', 2);
  const others = fields.filter(([name]) => !['content-length', 'connection', 'host'].includes(name.toLowerCase()));
  const host = header(fields, 'host') ?? 'localhost';
  return {
    kind: 'http', method, scheme: 'https', authority: { host: host.replace(/:\d+$/, '').toLowerCase(), port: 443 },
    path, query: query ?? null, version: '1.1',
    headers: [...others, ['Host', host], ...(body.length === 0 ? [] : [['Content-Length', String(body.length)] as const])],
    trailers: [], body,
  };
}

/** A decoded call as plain JSON a person can read: bytes become base64 text. */
export function readable(decoded: unknown): unknown {
  return JSON.parse(JSON.stringify(decoded, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    const buffer = value as { type?: unknown; data?: unknown } | null;
    return typeof buffer === 'object' && buffer?.type === 'Buffer' && Array.isArray(buffer.data) ? Buffer.from(buffer.data as number[]).toString('base64') : value;
  })) as unknown;
}
