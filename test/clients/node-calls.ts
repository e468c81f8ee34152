import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RunningGateway } from '../support/gateway.ts';
import { fourthwallRun, printed } from './fourthwall-run.ts';

interface Call { readonly status?: number; readonly capture?: string; readonly error?: string; readonly code?: string; readonly texts?: readonly string[]; readonly text?: string }
interface Summary { readonly service: string; readonly run: string | null; readonly provider: string; readonly action: string; readonly operation: string | null }

const script = fileURLToPath(new URL('./apps/calls.mjs', import.meta.url));

/** Every way in which Node dials, on one Node, through `fourthwall run`. */
export function nodeCalls(node: string, gateway: () => RunningGateway, { undici = true }: { /** the undici of this project needs Node 22.19 */ readonly undici?: boolean } = {}): void {
  const call = async <T = Call>(name: string, more: Parameters<typeof fourthwallRun>[2] & { readonly argument?: string } = {}): Promise<T> => printed<T>(await fourthwallRun(gateway(),
    [node, script, name, ...more.argument === undefined ? [] : [more.argument]], { ...more, options: ['--service', 'shop', '--run', 'node-calls', ...more.options ?? []] }));

  describe('reaches the gateway as its service and run', () => {
    it.each([
      'https with an agent of its own', 'https with a kept connection', 'https that posts a large body', 'https with a list of roots of its own',
      'https with a secure context of its own', 'plain http', 'fetch', 'a body that nobody reads', ...undici ? ['undici'] : [], 'http2', 'a worker thread', 'a connection that TLS takes over while it dials', 'names',
    ])('%s', async (name) => {
      const { status, capture, error } = await call(name);
      expect([status, error]).toEqual([200, undefined]);
      expect(await gateway().api<Summary>(`/api/captures/${capture}`)).toMatchObject({ service: 'shop', run: 'node-calls', provider: 'stripe', action: 'capture' });
    });

    it.each(['mail with STARTTLS', 'mail with TLS'])('%s, whatever its server is called', async (name) => {
      const { capture, error } = await call(name);
      expect(error).toBeUndefined();
      expect(await gateway().api<Summary>(`/api/captures/${capture}`)).toMatchObject({ service: 'shop', run: 'mail-run', provider: 'smtp', action: 'capture' });
    });

    it('a kept connection is used again', async () => {
      expect(await call<{ first: number; sockets: number }>('https with a kept connection')).toMatchObject({ first: 200, sockets: 1 });
    });
  });

  describe('is refused, and told by whom', () => {
    it.each([
      ['an unknown host', 'tracker.example:443'], ['an unknown host by fetch', 'tracker.example:443'], ['an address', '203.0.113.7:443'], ['a database', 'db.example:5432'],
    ])('%s', async (name, authority) => {
      const { error, code } = await call(name);
      expect(code).toBe('ERR_FOURTHWALL_REFUSED');
      const [, said, capture] = /^fourthwall: the gateway refused the connection to (\S+): default: .* \((cap_\w+)\)$/.exec(error ?? '') ?? [];
      expect(said).toBe(authority);
      expect(await gateway().api<Summary>(`/api/captures/${capture}`)).toMatchObject({ service: 'shop', run: 'node-calls', action: 'reject' });
    });

    it.each([
      ['a socket that reads into a buffer of its own', 'a socket with `onread` cannot be tunnelled'],
      ['a request target for a host', 'this is no host and port'],
      ['TLS that dials by itself', 'TLS was dialled past tls.connect'],
    ])('%s, by the process itself', async (name, why) => {
      const { error, code } = await call(name);
      expect(code).toBe('ERR_FOURTHWALL_REFUSED');
      expect(error).toContain(why);
    });
  });

  describe('is left alone', () => {
    it('a server of this machine', async () => {
      expect(await call('a server of this machine')).toEqual({ texts: ['here', 'here'] });
    });

    it('a unix socket', async () => {
      const directory = await mkdtemp(join(tmpdir(), 'fw-'));
      expect(await call('a unix socket', { argument: directory })).toEqual({ text: 'here' });
      await rm(directory, { recursive: true });
    });

    it('a host that --bypass names, and no other', async () => {
      expect(await call('a host of our own', { options: ['--bypass', 'db.internal.test'] })).toEqual({ text: 'here' });
      expect(await call('a host of our own', { options: ['--bypass', '*.internal.test'] })).toEqual({ text: 'here' });
      expect(await call('a host of our own', { options: ['--bypass', 'internal.test'] })).toMatchObject({ code: 'ERR_FOURTHWALL_REFUSED' });
    });
  });
}
