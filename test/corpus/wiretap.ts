import { subscribe } from 'node:diagnostics_channel';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';

/**
 * Every client socket that any code of this process opens, whatever library it uses: a second witness beside the
 * recording dialer. `allowed` are ports on the loopback address.
 */
export function tapWire(allowed: ReadonlySet<number>): { readonly seen: readonly string[] } {
  const seen: string[] = [];
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { readonly socket: Socket };
    socket.on('lookup', (_fault: unknown, _address: unknown, _family: unknown, host: string) => {
      if (isIP(host) === 0) seen.push(`dns ${host}`);
    });
    socket.on('connectionAttempt', (address: string, port: number) => {
      if (address !== '127.0.0.1' || !allowed.has(port)) seen.push(`tcp ${address}:${port}`);
    });
  });
  subscribe('udp.socket', () => seen.push('udp'));
  return { seen };
}
