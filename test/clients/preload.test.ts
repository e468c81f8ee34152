import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { ended, plainEnv, printed } from './fourthwall-run.ts';
import { nodeCalls } from './node-calls.ts';

const preload = fileURLToPath(new URL('../../src/clients/preload.cjs', import.meta.url));
const script = fileURLToPath(new URL('./apps/calls.mjs', import.meta.url));
let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => discard(gateway));

describe('on this Node', () => {
  nodeCalls(process.execPath, () => gateway);
});

describe('the preload by itself', () => {
  const node = async (name: string, env: Readonly<Record<string, string>>): ReturnType<typeof ended> => ended(process.execPath, ['--require', preload, script, name], plainEnv(env));

  it('starts no process that does not know its gateway', async () => {
    const { code, err } = await node('fetch', {});
    expect(code).not.toBe(0);
    expect(err).toContain('FOURTHWALL_PROXY is not set; start this process by "fourthwall run -- ..."');
  });

  it('starts no process with a list of own services that it cannot read', async () => {
    const { code, err } = await node('fetch', { FOURTHWALL_PROXY: gateway.proxy(), FOURTHWALL_BYPASS: 'db,http://db' });
    expect(code).not.toBe(0);
    expect(err).toContain('FOURTHWALL_BYPASS: expected names, *.suffixes, addresses and networks, found "http://db"');
  });

  it('refuses mail where the gateway takes none, instead of sending it elsewhere', async () => {
    const { error } = printed<{ error: string }>(await node('mail with TLS', { FOURTHWALL_PROXY: gateway.proxy(), FOURTHWALL_CA: gateway.caFile }));
    expect(error).toContain('the gateway has no SMTPS port open');
  });

  it('refuses when the gateway is gone', async () => {
    const { code } = printed<{ code: string }>(await node('https with an agent of its own', { FOURTHWALL_PROXY: 'http://shop:token@127.0.0.1:1', FOURTHWALL_CA: gateway.caFile }));
    expect(code).toBe('ECONNREFUSED');
  });

  it('does not trust a certificate that is not the gateway\'s', async () => {
    const { code } = printed<{ code: string }>(await node('https with an agent of its own', { FOURTHWALL_PROXY: gateway.proxy() }));
    expect(code).toBe('SELF_SIGNED_CERT_IN_CHAIN');
  });

  it('trusts the gateway where NODE_EXTRA_CA_CERTS names something else', async () => {
    const { status } = printed<{ status: number }>(await node('https with an agent of its own', { FOURTHWALL_PROXY: gateway.proxy(), FOURTHWALL_CA: gateway.caFile }));
    expect(status).toBe(200);
  });

  it('looks up no name that leaves: its address stands for it', async () => {
    const { address, localhost } = printed<{ address: string; localhost: string }>(await node('names', { FOURTHWALL_PROXY: gateway.proxy(), FOURTHWALL_CA: gateway.caFile }));
    expect([address, localhost]).toEqual(['198.18.0.0', '127.0.0.1']);
  });
});
