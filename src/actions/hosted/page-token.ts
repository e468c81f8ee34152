import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PageSubject } from '../../model/hosted-page.ts';
import type { Scope } from '../../model/store.ts';

/** What the URL of one of our pages says: whose object, which, and the call that made it. */
export interface PageTicket {
  readonly scope: Scope;
  readonly capture: string;
  readonly subject: PageSubject;
}

/** The ticket as one path segment, signed: whoever has the link may pay, and nobody can make one up. It holds on all gateways with this key. */
export function pageToken(key: Uint8Array, { scope, capture, subject }: PageTicket): string {
  const said = Buffer.from(JSON.stringify([scope.provider, scope.account, scope.run, capture, subject.kind, subject.id])).toString('base64url');
  return `${said}.${signature(key, said)}`;
}

/** Null for everything that we did not sign ourselves. */
export function pageTicket(key: Uint8Array, token: string): PageTicket | null {
  const [said = '', signed = '', ...rest] = token.split('.');
  // as text: a reader of base64 skips what it does not know, and one link must not have many spellings
  const given = Buffer.from(signed);
  const wanted = Buffer.from(signature(key, said));
  if (rest.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  const [provider, account, run, capture, kind, id] = JSON.parse(Buffer.from(said, 'base64url').toString('utf8')) as readonly [string, string, string, string, string, string];
  return { scope: { provider, account, run }, capture, subject: { kind, id } };
}

function signature(key: Uint8Array, said: string): string {
  // a key of its own: whoever can have other things hashed with the common one cannot have a page signed
  const own = createHmac('sha256', key).update('fourthwall-page').digest();
  return createHmac('sha256', own).update(said).digest().subarray(0, 16).toString('base64url');
}
