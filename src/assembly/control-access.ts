import { randomBytes } from 'node:crypto';
import type { GatewayFile } from '../config/gateway-file.ts';
import type { Options } from '../config/options.ts';
import type { Auth } from '../control/auth.ts';

export const isLoopback = (host: string): boolean => host === '::1' || host === 'localhost' || host.startsWith('127.');

/** Who may use the control port. Off the machine there is always a token. */
export function authOf(options: Options, file: GatewayFile): { readonly auth: Auth; readonly made: string | null } {
  // every other role was refused at start (not-yet.ts)
  const tokens = file.tokens.filter(({ role }) => role === 'admin' || role === 'unmasker').map(({ token, role, expires }) => ({
    token, role: role === 'admin' ? 'admin' as const : 'unmasker' as const, expires: expires === null ? null : new Date(expires).toISOString(),
  }));
  const given = options.token === null ? tokens : [...tokens, { token: options.token, role: 'admin' as const, expires: null }];
  if (given.length > 0) return { auth: { kind: 'tokens', tokens: given }, made: null };
  if (isLoopback(options.controlHost)) return { auth: { kind: 'open' }, made: null };
  const made = randomBytes(24).toString('base64url');
  return { auth: { kind: 'tokens', tokens: [{ token: made, role: 'admin', expires: null }] }, made };
}

/** Where the page may be when it frames a mail. */
export function controlOrigins(options: Options, port: number | null): readonly string[] {
  if (options.publicUrl !== null) return [new URL(options.publicUrl).origin];
  return isLoopback(options.controlHost) ? [`http://127.0.0.1:${port}`, `http://localhost:${port}`, `http://[::1]:${port}`] : [`http://*:${port}`];
}
