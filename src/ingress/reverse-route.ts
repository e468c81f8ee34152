import type { Authority } from '../model/exchange.ts';
import { parseAuthority, parseHost, shownTarget } from '../model/host.ts';

export const reversePrefix = '/~/';

export type ReverseRoute =
  | { readonly kind: 'route'; readonly authority: Authority; readonly rest: string }
  | { readonly kind: 'invalid'; readonly why: string };

/**
 * `/~/<host>[:port]/<rest>` means `https://<host>/<rest>` (interface.md, Ways in 2). The host is a lower-case name of two
 * labels or more and the rest is taken byte for byte, so nothing about it can be read in two ways.
 */
export function reverseRoute(target: string): ReverseRoute {
  const named = target.slice(reversePrefix.length).split('/', 1)[0] ?? '';
  const rest = target.slice(reversePrefix.length + named.length);
  const authority = parseAuthority(named, 443);
  if (authority.kind === 'invalid') return { kind: 'invalid', why: `the host ${shownTarget(named)} ${authority.why}` };
  const written = named.replace(/:[0-9]+$/, '');
  if (parseHost(written).kind !== 'name' || !written.includes('.')) return { kind: 'invalid', why: `the host ${JSON.stringify(written)} is an IP address or a single label` };
  if (written !== authority.host) return { kind: 'invalid', why: `the host must be written ${JSON.stringify(authority.host)}` };
  if (!rest.startsWith('/')) return { kind: 'invalid', why: 'there is no "/" after the host' };
  return { kind: 'route', authority: { host: authority.host, port: authority.port }, rest };
}
