import type { Authority, Headers } from '../model/exchange.ts';
import type { GatewayFault } from '../model/gateway.ts';

/** A call that ingress refuses by itself, as far as it could be read. */
export interface Fault extends GatewayFault {
  readonly kind: 'fault';
  readonly check: 'unreadable' | 'mismatch' | 'misdirected' | 'own-address' | 'websocket' | 'certificate';
  readonly authority: Authority | null;
}

/** Not readable as a request: malformed, over a limit, cut off, too slow. */
export function unreadable(status: number, reason: string, authority: Authority | null = null): Fault {
  return { kind: 'fault', check: 'unreadable', status, reason, authority };
}

/** What is kept of something unreadable: model/exchange.ts, Unreadable. */
export const receivedLimit = 64 * 1024;

/** A request head as text again, for the record of a request that was refused after its head was read. */
export function headBytes(head: { readonly method: string; readonly target: string; readonly version: string; readonly headers: Headers }): Buffer {
  const fields = head.headers.filter(([name]) => !name.toLowerCase().startsWith('proxy-')).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${head.method} ${head.target} HTTP/${head.version}\r\n${fields.join('')}\r\n`, 'latin1').subarray(0, receivedLimit);
}
