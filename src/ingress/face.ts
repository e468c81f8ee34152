import type { Authority, Headers } from '../model/exchange.ts';
import type { Origin } from '../model/origin.ts';

/** What a connection has already said about where its requests go. */
export type Face =
  /** the HTTP port: proxy requests, `/~/` routes, and plain HTTP that ended here by name */
  | { readonly kind: 'open' }
  /** inside a CONNECT that was allowed */
  | {
      readonly kind: 'tunnel'; readonly scheme: 'http' | 'https'; readonly authority: Authority;
      /** canonical server name of the TLS inside; null without TLS or without SNI */
      readonly serverName: string | null;
      /** proxy user and fields of the CONNECT itself: they attribute what is inside */
      readonly user: string | null; readonly headers: Headers;
    }
  /** the TLS port, after a server name that was allowed */
  | { readonly kind: 'named'; readonly host: string }
  /** a port that stands for one vendor's host */
  | { readonly kind: 'reverse'; readonly target: Authority };

/** How a call on this face came in, as far as the face tells; an absolute target or a `/~/` route says it more exactly. */
export function viaOf(face: Face): Origin['via'] {
  switch (face.kind) {
    case 'open': return 'proxy';
    case 'tunnel': return 'connect';
    case 'named': return 'transparent';
    case 'reverse': return 'reverse';
  }
}
