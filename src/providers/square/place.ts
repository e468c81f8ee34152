import { createHash } from 'node:crypto';
import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';

export const hosts = ['connect.squareup.com', 'connect.squareupsandbox.com'] as const;

/** Tokens of both places look alike: only the host tells. */
export function livenessOf({ authority }: Pick<HttpRequest, 'authority'>): Liveness {
  if (authority.host === 'connect.squareupsandbox.com') return 'test';
  return authority.host === 'connect.squareup.com' ? 'live' : 'unknown';
}

/** The seller whose token this is, as an id like Square's own. */
export function merchantOf(request: Pick<HttpRequest, 'headers'>): string {
  return `ML${upper(`merchant ${bearer(request.headers) ?? ''}`, 11)}`;
}

/** The one location a seller has who never said another. */
export function mainLocationOf(merchant: string): string {
  return `L${upper(`location ${merchant}`, 12)}`;
}

function upper(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').toUpperCase().slice(0, length);
}
