import type { Logger } from 'pino';
import type { Authority, Headers } from '../model/exchange.ts';
import type { Gateway } from '../model/gateway.ts';
import type { Limits } from '../model/limits.ts';
import type { Origin } from '../model/origin.ts';
import type { Budget } from './budget.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import type { Connection } from './connection.ts';
import { originOf } from './origin.ts';
import type { OriginRow } from './origin.ts';
import { proxyUser } from './proxy-credential.ts';

/** What the HTTP ingress is built with. */
export interface HttpRoom {
  readonly gateway: Gateway;
  readonly ca: CertificateAuthority;
  readonly limits: Limits;
  /** shared with every other way in */
  readonly budget: Budget;
  readonly origins: readonly OriginRow[];
  /** balancers that begin every connection with a PROXY v2 header, as address blocks */
  readonly proxies: readonly string[];
  readonly logger: Logger;
  /** every listener of this process, as people name it: never a target */
  readonly own: () => readonly Authority[];
}

/** Who makes this call. What a tunnel's CONNECT said holds for what is inside, unless that says otherwise. */
export function originOfCall(room: HttpRoom, { face, address }: Pick<Connection, 'face' | 'address'>, headers: Headers, via: Origin['via']): Origin {
  const outer = face.kind === 'tunnel' ? face : { user: null, headers: [] };
  return originOf({ user: proxyUser(headers) ?? outer.user, headers: [...headers, ...outer.headers], address, via, table: room.origins });
}
