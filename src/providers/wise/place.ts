import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';

/** Those of the company's former name still answer. */
export const liveHosts = ['api.wise.com', 'api.transferwise.com'] as const;
export const sandboxHosts = ['api.wise-sandbox.com', 'api.sandbox.transferwise.tech'] as const;

export function isSandbox({ authority }: HttpRequest): boolean {
  return sandboxHosts.some((host) => host === authority.host);
}

/** The host says it; a token does not. */
export function livenessOf(request: HttpRequest): Liveness {
  return isSandbox(request) ? 'test' : 'live';
}

export function accountOf(request: HttpRequest): string | null {
  const token = bearer(request.headers);
  return token === null ? null : `${livenessOf(request)}/${token}`;
}
