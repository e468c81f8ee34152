import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { passPolicy, startUpstream, type Upstream } from '../support/upstream.ts';

const MiB = 1024 * 1024;
let upstream: Upstream;
let gateway: RunningGateway;
beforeAll(async () => {
  upstream = await startUpstream((_arrived, response) => void response.end('ok'));
  gateway = await startGateway({ policy: passPolicy(upstream.port) });
});
afterAll(async () => {
  await discard(gateway);
  await upstream.close();
});

const memory = async (): Promise<number> => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${gateway.process.pid}/status`, 'utf8'))?.[1]) * 1024;

async function upload(blocks: number): Promise<{ readonly sha256: string; readonly response: IncomingMessage }> {
  const call = request({
    host: '127.0.0.1', port: gateway.ports['http'], method: 'PUT', path: `http://localhost:${upstream.port}/bucket/object`,
    headers: { host: `localhost:${upstream.port}`, 'content-length': String(blocks * MiB) }, agent: false,
  });
  const hash = createHash('sha256');
  const block = randomBytes(MiB);
  for (let n = 0; n < blocks; n += 1) {
    block.writeUInt32BE(n, 0);
    hash.update(block);
    if (!call.write(Buffer.from(block))) await once(call, 'drain');
  }
  call.end();
  const [response] = await once(call, 'response') as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return { sha256: hash.digest('hex'), response };
}

it('1 GiB up to an allowed host keeps memory flat, and its hash is on record', async () => {
  await upload(128);
  const before = await memory();
  let most = 0;
  const watch = setInterval(() => void memory().then((now) => { most = Math.max(most, now); }), 50);
  const { sha256, response } = await upload(1_024);
  clearInterval(watch);
  expect(upstream.arrived.at(-1)).toMatchObject({ size: 1_024 * MiB, sha256, whole: true });
  expect(await gateway.api(`/api/captures/${String(response.headers['x-fourthwall-capture'])}`)).toMatchObject({
    outcome: 'forwarded', size: 1_024 * MiB, request: { body: { size: 1_024 * MiB, truncated: true, streamed: { sha256, whole: true } } },
  });
  expect(most - before).toBeLessThan(128 * MiB);
});
