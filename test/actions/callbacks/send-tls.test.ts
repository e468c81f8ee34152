import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requestOf, send } from '../../../src/actions/callbacks/send.ts';
import { targetAgent } from '../../../src/actions/dialer.ts';
import { failureOf } from '../../../src/actions/forward-failure.ts';
import { openCertificateAuthority } from '../../../src/ingress/certificate-authority.ts';

const trusted = tls.getCACertificates('default');
let directory: string;
let ca: string;
let server: Server;
let heard: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-'));
  const authority = await openCertificateAuthority({ directory, now: Date.now });
  ca = authority.certificatePem;
  server = createServer(await authority.leaf('shop.internal.test'), (request, response) => {
    heard.push(`${request.method} ${request.headers.host} ${request.url}`);
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => { heard = []; });
afterAll(async () => {
  tls.setDefaultCACertificates(trusted);
  server.close();
  await rm(directory, { recursive: true, force: true });
});

async function told(host: string): Promise<number | string> {
  const { port } = server.address() as AddressInfo;
  const target = { host, port };
  const agent = targetAgent({ internal: () => [], isOwn: () => false, targets: [target], resolve: () => Promise.resolve(['127.0.0.1']) });
  try {
    return (await send(agent, requestOf({ method: 'POST', url: `https://${host}:${port}/x?a=1`, headers: [], contentType: 'text/plain', body: 'x' }))).status;
  } catch (error) {
    return failureOf(target, error).reason;
  } finally {
    await agent.close();
  }
}

describe('a callback over TLS', () => {
  it('is not sent to whom nobody vouches for', async () => {
    tls.setDefaultCACertificates(trusted);
    expect(await told('shop.internal.test')).toMatch(/certificate is not to be trusted/);
    expect(heard).toEqual([]);
  });

  it('is not sent to another name than the certificate has', async () => {
    tls.setDefaultCACertificates([...trusted, ca]);
    expect(await told('other.internal.test')).toMatch(/certificate is for another name/);
    expect(heard).toEqual([]);
  });

  it('is sent to who it says, by an authority this process trusts (NODE_EXTRA_CA_CERTS)', async () => {
    tls.setDefaultCACertificates([...trusted, ca]);
    expect(await told('shop.internal.test')).toBe(200);
    expect(heard).toEqual([expect.stringMatching(/^POST shop\.internal\.test:\d+ \/x\?a=1$/)]);
  });
});
