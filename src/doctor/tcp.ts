import { once } from 'node:events';
import { connect as connectPlain, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Finding, GatewayFacts } from './finding.ts';

export interface Endpoint { readonly host: string; readonly port: number }

const implicitTls: readonly number[] = [443, 465];
const egress = 'let the network drop what does not go to the gateway (docs/network.md: NetworkPolicy, security group, or a network without a default route)';

/**
 * Dials without proxy, as an SDK does that knows none. A connection alone proves nothing where DNS leads to the gateway:
 * whoever shows the gateway's certificate or greeting is the gateway, anybody else is outside.
 */
export async function tryTcp(endpoint: Endpoint, gateway: GatewayFacts, timeout: number): Promise<Finding> {
  const subject = `${endpoint.host}:${endpoint.port}`;
  const finding = (state: Finding['state'], what: string, remedy: string | null): Finding => ({ check: 'tcp', subject, state, what, remedy });
  const socket = connectPlain({ host: endpoint.host, port: endpoint.port });
  const deadline = AbortSignal.timeout(timeout);
  try {
    try {
      await once(socket, 'connect', { signal: deadline });
    } catch (error) {
      return finding('closed', `no direct connection (${nameOf(error)})`, null);
    }
    if (gateway.addresses.includes(socket.remoteAddress ?? '')) return finding('closed', 'leads to the address of the gateway', null);
    if (implicitTls.includes(endpoint.port)) {
      if (gateway.ca === null) return finding('unknown', `somebody answers at ${socket.remoteAddress}; without the gateway's certificate it cannot be told who`, 'give --ca FILE or FOURTHWALL_URL');
      return await showsOurs(socket, endpoint.host, gateway.ca, deadline)
        ? finding('closed', "answered under the gateway's certificate", null)
        : finding('open', `a direct TLS connection to ${socket.remoteAddress} reaches somebody who is not the gateway`, egress);
    }
    return await greeting(socket, deadline).then((text) => (/^220[ -]fourthwall[. ]/.test(text)
      ? finding('closed', 'the gateway greets', null)
      : finding('open', `a direct connection to ${socket.remoteAddress} reaches somebody who is not the gateway`, egress)));
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

async function showsOurs(socket: Socket, host: string, ca: string, signal: AbortSignal): Promise<boolean> {
  const secure = connectTls({ socket, ca, ...(isIP(host) === 0 ? { servername: host } : {}) });
  try {
    await once(secure, 'secureConnect', { signal });
    return true;
  } catch {
    return false; // the closed side: who does not prove to be the gateway is a way round
  } finally {
    secure.on('error', () => undefined).destroy();
  }
}

/** The first thing said; '' when the other side closes or says nothing in time. */
async function greeting(socket: Socket, signal: AbortSignal): Promise<string> {
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) return chunk.toString('latin1');
  } catch {
    // cut off: nothing was said
  }
  return '';
}

function nameOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'no answer';
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
