import type { HttpRequest } from '../model/exchange.ts';

/** Where a call goes, in undici's words: the exact path, the authority that was decided on. */
export function targetOf(request: HttpRequest): { readonly origin: string; readonly method: 'GET'; readonly path: string } {
  return {
    origin: `${request.scheme}://${shownHost(request)}:${request.authority.port}`,
    // undici knows a list of methods and takes every token
    method: request.method as 'GET',
    path: request.query === null ? request.path : `${request.path}?${request.query}`,
  };
}

/** Host and framing are ours: they are made from the value that was decided on. */
export function sentHeaders(request: HttpRequest): string[] {
  const plain = request.scheme === 'https' ? 443 : 80;
  const authority = request.authority.port === plain ? shownHost(request) : `${shownHost(request)}:${request.authority.port}`;
  const own = new Set(['host', 'content-length', 'expect']);
  return ['host', authority, ...request.headers.filter(([name]) => !own.has(name.toLowerCase())).flat()];
}

/** Raw names and values, one after the other, as pairs. */
export function pairs(raw: readonly (Buffer | string)[]): [string, string][] {
  const list: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    list.push([Buffer.from(raw[i] as Buffer).toString('latin1'), Buffer.from(raw[i + 1] as Buffer).toString('latin1')]);
  }
  return list;
}

function shownHost({ authority: { host } }: HttpRequest): string {
  return host.includes(':') ? `[${host}]` : host;
}
