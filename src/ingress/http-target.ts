import { headerAll } from '../model/exchange.ts';
import type { Authority } from '../model/exchange.ts';
import { parseAuthority, shownTarget } from '../model/host.ts';
import type { Origin } from '../model/origin.ts';
import { viaOf } from './face.ts';
import type { Face } from './face.ts';
import { unreadable } from './fault.ts';
import type { Fault } from './fault.ts';
import type { HttpHead } from './http-head.ts';
import { reversePrefix, reverseRoute } from './reverse-route.ts';

/** Where a request goes: read once, here, from everything that names it. */
export interface HttpTarget {
  readonly kind: 'target';
  readonly scheme: 'http' | 'https';
  readonly authority: Authority;
  readonly path: string;
  readonly query: string | null;
  readonly via: Origin['via'];
  /** the client's Host named us, not the target: the record shows the target's own */
  readonly hostIsOurs: boolean;
}

const defaultPorts = { http: 80, https: 443 } as const;

/** CONNECT authority, SNI, Host, :authority and an absolute target must all name one host; `isOwn` are our own listeners. */
export function targetOf(head: HttpHead, face: Face, isOwn: (authority: Authority) => boolean): HttpTarget | Fault {
  if (!/^[\x21-\x7e]+$/.test(head.target) || head.target.includes('#')) return unreadable(400, 'the request target holds a character that no URL has: encode it');
  const absolute = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?]*)(.*)$/.exec(head.target);
  if (absolute === null && !head.target.startsWith('/')) return unreadable(400, `the request target ${shownTarget(head.target)} is neither a path nor an http(s) URL`);
  const target = absolute === null ? fromPath(head, face) : fromUrl(head, face, absolute);
  if (target.kind === 'fault') return target;
  if (!isOwn(target.authority)) return target;
  const named = `${text(target.authority)} is the gateway itself`;
  return target.via === 'transparent'
    ? { kind: 'fault', check: 'misdirected', status: 421, authority: target.authority, reason: `${named}: send a proxy request, or ${reversePrefix}<host>/<path>` }
    : { kind: 'fault', check: 'own-address', status: 403, authority: target.authority, reason: `${named}: nothing reaches it through itself` };
}

/** The target of a CONNECT: `host:port`, both required, and a Host that agrees where there is one. */
export function connectTargetOf(head: HttpHead, face: Face, isOwn: (authority: Authority) => boolean): Authority | Fault {
  if (face.kind !== 'open') return unreadable(400, 'CONNECT is for the proxy port: a tunnel inside another is not opened');
  const parsed = parseAuthority(head.target, 0);
  if (parsed.kind === 'invalid') return unreadable(400, `CONNECT needs host:port, ${shownTarget(head.target)} ${parsed.why}`);
  if (parsed.port === 0) return unreadable(400, `CONNECT needs host:port, ${shownTarget(head.target)} has no port`);
  const authority = { host: parsed.host, port: parsed.port };
  if (headerAll(head.headers, 'transfer-encoding').length > 0 || headerAll(head.headers, 'content-length').some((length) => length !== '0')) {
    return unreadable(400, 'CONNECT has no body', authority);
  }
  const hosts = namedHosts(head, authority.port);
  if ('kind' in hosts) return hosts;
  const other = hosts.find((host) => !same(host, authority));
  if (other !== undefined) return mismatch(other, authority, 'Host', 'CONNECT');
  if (!isOwn(authority)) return authority;
  return { kind: 'fault', check: 'own-address', status: 403, authority, reason: `${text(authority)} is the gateway itself: nothing reaches it through itself` };
}

function fromUrl(head: HttpHead, face: Face, [, givenScheme = '', named = '', rest = '']: RegExpExecArray): HttpTarget | Fault {
  const scheme = givenScheme.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') return unreadable(400, `the scheme ${JSON.stringify(givenScheme)} is not http or https`);
  const authority = parseAuthority(named, defaultPorts[scheme]);
  if (authority.kind === 'invalid') return unreadable(400, `the host ${shownTarget(rest.includes('@') ? named + rest : named)} ${authority.why}`);
  if (face.kind === 'reverse') return unreadable(400, 'a whole URL as request target is for the proxy port');
  if (face.kind === 'named') {
    // Braintree's library writes one to the vendor itself (RFC 9112 section 3.2.2 has servers take it); HTTP/2 has a path of its own
    if (head.pseudo !== null || scheme !== 'https') return unreadable(400, 'a whole URL as request target is for the proxy port');
    if (authority.host !== face.host) return mismatch({ host: authority.host, port: authority.port }, { host: face.host, port: 443 }, 'the request target', 'the TLS server name');
    return agreed(head, face, make(scheme, authority, rest.startsWith('/') ? rest : `/${rest}`, 'transparent'));
  }
  const target = make(scheme, authority, rest.startsWith('/') ? rest : `/${rest}`, face.kind === 'open' ? 'proxy' : 'connect');
  if (face.kind === 'tunnel' && (face.scheme !== scheme || !same(face.authority, target.authority))) return mismatch(target.authority, face.authority, 'the request target', 'CONNECT');
  return agreed(head, face, target);
}

function fromPath(head: HttpHead, face: Face): HttpTarget | Fault {
  switch (face.kind) {
    case 'tunnel': return agreed(head, face, make(face.scheme, face.authority, head.target, viaOf(face)));
    case 'reverse': return ours(head, make('https', face.target, head.target, viaOf(face)));
    case 'named': return fromHost(head, face, 'https');
    case 'open': {
      if (!head.target.startsWith(reversePrefix)) return fromHost(head, face, 'http');
      const route = reverseRoute(head.target);
      return route.kind === 'invalid' ? unreadable(400, route.why) : ours(head, make('https', route.authority, route.rest, 'reverse'));
    }
  }
}

/** Transparent: Host says the target, and where there was a server name it must be that one. */
function fromHost(head: HttpHead, face: Extract<Face, { readonly kind: 'open' | 'named' }>, scheme: 'http' | 'https'): HttpTarget | Fault {
  const hosts = namedHosts(head, defaultPorts[scheme]);
  if ('kind' in hosts) return hosts;
  const [authority] = hosts;
  if (authority === undefined) return unreadable(400, 'there is no Host: nothing says where this request goes');
  if (face.kind === 'named' && authority.host !== face.host) return mismatch(authority, { host: face.host, port: 443 }, 'Host', 'the TLS server name');
  return agreed(head, face, make(scheme, authority, head.target, 'transparent'));
}

/** Every name the head gives agrees with the target. A name without a port says nothing about the port. */
function agreed(head: HttpHead, face: Face, target: HttpTarget): HttpTarget | Fault {
  if (face.kind === 'tunnel' && face.serverName !== null && face.serverName !== face.authority.host) {
    return mismatch({ host: face.serverName, port: face.authority.port }, face.authority, 'the TLS server name', 'CONNECT');
  }
  if (head.pseudo !== null && head.pseudo.scheme !== target.scheme) return unreadable(400, `:scheme says ${head.pseudo.scheme}, the connection is ${target.scheme}`);
  const hosts = namedHosts(head, target.authority.port);
  if ('kind' in hosts) return hosts;
  if (hosts.length === 0 && head.version === '1.1') return unreadable(400, 'there is no Host, which HTTP/1.1 requires', target.authority);
  const other = hosts.find((host) => !same(host, target.authority));
  return other === undefined ? target : mismatch(other, target.authority, 'Host', 'the target');
}

/** A reverse route or port: Host names us, under whatever name the client knows us by; it must be readable and single. */
function ours(head: HttpHead, target: HttpTarget): HttpTarget | Fault {
  const hosts = namedHosts(head, 80);
  return 'kind' in hosts ? hosts : { ...target, hostIsOurs: true };
}

function namedHosts(head: HttpHead, defaultPort: number): readonly Authority[] | Fault {
  const given = headerAll(head.headers, 'host');
  if (given.length > 1) return unreadable(400, 'Host is given twice');
  const authorities: Authority[] = [];
  for (const value of [...(head.pseudo?.authority === null || head.pseudo === null ? [] : [head.pseudo.authority]), ...given]) {
    const parsed = parseAuthority(value, defaultPort);
    if (parsed.kind === 'invalid') return unreadable(400, `the host ${shownTarget(value)} ${parsed.why}`);
    authorities.push({ host: parsed.host, port: parsed.port });
  }
  return authorities;
}

function make(scheme: 'http' | 'https', { host, port }: Authority, target: string, via: Origin['via']): HttpTarget {
  const [path = '', ...query] = target.split('?');
  return { kind: 'target', scheme, authority: { host, port }, path, query: query.length === 0 ? null : query.join('?'), via, hostIsOurs: false };
}

function mismatch(named: Authority, expected: Authority, where: string, against: string): Fault {
  return { kind: 'fault', check: 'mismatch', status: 421, authority: expected, reason: `${where} names ${text(named)}, ${against} names ${text(expected)}: they must be one` };
}

function same(one: Authority, other: Authority): boolean {
  return one.host === other.host && one.port === other.port;
}

export function text({ host, port }: Authority): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
