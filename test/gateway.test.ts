import { expect, it } from 'vitest';
import type { House } from '../src/actions/call.ts';
import type { HttpProvider } from '../src/model/provider.ts';
import type { Decoded, Email } from '../src/model/side-effect.ts';
import { emptyReply } from '../src/providers/wire/reply.ts';
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

it('what is remembered lets nothing out: a forward is judged by what the call itself says', async () => {
  const loaded = loadPolicy(`version: 1
default: reject
safe: { emails: ["*@example.test"] }
rules: [{ id: leaves, when: { provider: acme }, then: { forward: {} }, because: somebody trusts it }]
`, { file: 'policy', env: {}, providers: [{ name: 'acme', channels: ['email'] }] });
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems));
  const mail = { channel: 'email', provider: 'acme', operation: 'drafts.send', liveness: 'test', keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null } as const;
  const to = (recipients: Email['recipients']): Decoded => ({ kind: 'effects', effects: [{ ...mail, recipients }] });
  const acme: HttpProvider = {
    name: 'acme', channels: ['email'], about: { operations: [], fidelity: '', verified: null }, hosts: [{ host: 'api.acme.test' }], account: () => null,
    decode: () => to([{ address: 'whom draft 42 names', kind: 'audience', role: 'to' }]),
    recalled: () => Promise.resolve(to([{ address: 'ann@example.test', kind: 'email', role: 'to' }])),
    simulate: () => Promise.reject(new Error('not captured')), reject: (_request, { rule, reason }) => ({ ...emptyReply(403), body: Buffer.from(`${rule}: ${reason}`) }),
  };
  let sent = 0;
  const gateway = createGateway({
    instance: 'i', key: Buffer.alloc(32), limits: defaultLimits, claims: createClaims([acme]), policy: () => loaded.policy, now: () => 0, lost: () => undefined,
    runs: { attribute: () => Promise.resolve(null) }, findingsOf: () => [], sameMessage: () => [], readContent: () => Promise.resolve([]), enrich: () => undefined,
    breaker: { count: () => Promise.resolve({ tripped: null, recipients: 0, tally: null }), confirm: (count: unknown) => Promise.resolve(count) },
    store: { record: () => Promise.resolve({ seq: 1 }), outcome: () => Promise.resolve() },
    network: { send: () => { sent += 1; return Promise.resolve(emptyReply(200)); } },
    logger: { warn: () => undefined, error: () => undefined },
  } as unknown as House);
  const answer = await gateway.http(http({ authority: { host: 'api.acme.test', port: 443 }, method: 'POST', path: '/drafts/42/send', body: Buffer.from('{}') }),
    { space: null, service: 'shop', run: null, trace: null, address: '127.0.0.1', via: 'proxy' });
  expect(Buffer.from(answer.reply.body).toString()).toContain('whom draft 42 names');
  expect(sent).toBe(0);
});
