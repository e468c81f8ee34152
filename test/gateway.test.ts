import { expect, it } from 'vitest';
import type { House } from '../src/actions/call.ts';
import { createGateway } from '../src/gateway.ts';
import { defaultLimits } from '../src/model/limits.ts';
import { loadPolicy } from '../src/policy/load.ts';
import { createClaims } from '../src/providers/claims.ts';
import { http } from './contract/store-drafts.ts';

it('a call that may have left is not handed on to be sent once more, whatever fails behind it', async () => {
  const loaded = loadPolicy(`version: 1
default: reject
internal: [{ hosts: [ours.test], cidrs: [127.0.0.0/8], ports: [80] }]
rules: [{ id: ours, when: { host: ours.test }, then: { forward: { internal: true } }, because: part of staging }]
`, { file: 'policy', env: {}, providers: [] });
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems));
  let sent = 0;
  const broken = (): never => { throw new Error('the log is full'); };
  const gateway = createGateway({
    instance: 'i', key: Buffer.alloc(32), limits: defaultLimits, claims: createClaims([]), policy: () => loaded.policy, now: () => 0, lost: () => undefined,
    runs: { attribute: () => Promise.resolve(null) },
    breaker: { count: () => Promise.resolve({ tripped: null }), confirm: (count: unknown) => Promise.resolve(count) },
    store: { record: () => Promise.resolve({ seq: 1 }), outcome: () => Promise.resolve() },
    network: { stream: () => { sent += 1; return Promise.reject(new Error('reset')); } },
    // the first thing that happens after the call has left
    logger: { warn: broken, error: () => undefined },
  } as unknown as House);
  const head = http({ scheme: 'http', authority: { host: 'ours.test', port: 80 }, path: '/x', headers: [], body: Buffer.alloc(0) });
  const passed = gateway.pass({ head, body: null, trailers: () => [], signal: new AbortController().signal },
    { space: null, service: 'shop', run: null, trace: null, address: '127.0.0.1', via: 'proxy' });
  await expect(passed).rejects.toThrow('the log is full');
  expect(sent).toBe(1);
});
