import { randomBytes } from 'node:crypto';
import type { GatewayFile } from '../config/gateway-file.ts';
import type { Options } from '../config/options.ts';
import type { Auth } from '../control/access/caller.ts';

export const isLoopback = (host: string): boolean => host === '::1' || host === 'localhost' || host.startsWith('127.');

/** Who may use the control port. Off the machine there are always users or a token. */
export function authOf(options: Options, file: GatewayFile): { readonly auth: Auth; readonly made: string | null } {
  const tokens = file.tokens.map(({ name, token, role, spaces, services, expires }) => ({ name, token, role, spaces, services, expires: expires === null ? null : new Date(expires).toISOString() }));
  const given = options.token === null ? tokens : [...tokens, { name: 'FOURTHWALL_TOKEN', token: options.token, role: 'admin' as const, expires: null }];
  if (given.length > 0 || file.users.length > 0) return { auth: { kind: 'tokens', tokens: given, users: file.users }, made: null };
  if (isLoopback(options.controlHost)) return { auth: { kind: 'open' }, made: null };
  const made = randomBytes(24).toString('base64url');
  return { auth: { kind: 'tokens', tokens: [{ name: 'made at start', token: made, role: 'admin', expires: null }] }, made };
}

/** Where the page may be when it frames a mail. */
export function controlOrigins(options: Options, port: number | null): readonly string[] {
  if (options.publicUrl !== null) return [new URL(options.publicUrl).origin];
  return isLoopback(options.controlHost) ? [`http://127.0.0.1:${port}`, `http://localhost:${port}`, `http://[::1]:${port}`] : [`http://*:${port}`];
}
