import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

const secrets = { READER: 'token-of-the-reader', ADMIN: 'token-of-the-admin', PIN: '4711', SANDBOX: 'key-of-the-sandbox' };
const policy = `version: 1
default: reject
rules:
  - { id: sandbox, when: { provider: stripe }, then: { forward: { rewrite: { host: sandbox.example.test, credential: "\${SANDBOX}" } } }, because: payments go to the sandbox }
`;
const drafted = (then: string, when = '{ host: a.example.test }'): string => `version: 1\ndefault: reject\nrules:\n  - { id: mine, when: ${when}, then: ${then}, because: I want to know }\n`;

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({
    policy, env: secrets,
    gateway: 'tokens:\n  - { name: reader, token: "${READER}", role: reader }\n  - { name: admin, token: "${ADMIN}", role: admin }\n',
  });
}, 30_000);
afterAll(async () => { await discard(gateway); });

const ask = async (who: 'READER' | 'ADMIN', path: string, body?: object): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await fetch(`${gateway.control}${path}`, {
    method: body === undefined ? 'GET' : 'POST', headers: { authorization: `Bearer ${secrets[who]}`, 'content-type': 'application/json' }, ...body === undefined ? {} : { body: JSON.stringify(body) },
  });
  return { status: response.status, text: await response.text() };
};

describe('a draft of a policy', () => {
  it.each([
    ['the reply of a rule', drafted('{ capture: { reply: { status: 200, body: "${ADMIN}" } } }')],
    ['a header of a reply', drafted('{ capture: { reply: { status: 200, headers: { x: "${ADMIN}" } } } }')],
    ['the name of a relay', drafted('{ forward: { via: "${ADMIN}" } }')],
    ['a number that can be halved in on', drafted('reject', '{ port: "${PIN}" }')],
  ])('is told nothing of the environment by %s', async (_where, text) => {
    const call = { url: 'https://a.example.test:4711/' };
    const explained = await ask('READER', '/api/policy/explain', { call, policy: text });
    expect(explained.status).toBe(400);
    expect(explained.text).not.toMatch(/token-of-the-admin|matches/);
    expect((await ask('READER', '/api/policy/check', { text })).text).toContain('"valid":false');
  });

  it('may name what the policy in force names', async () => {
    expect((await ask('READER', '/api/policy/check', { text: policy })).text).toContain('"valid":true');
  });
});

it('the credential of a rule is in no explanation', async () => {
  const call = { url: 'https://api.stripe.com/v1/customers', method: 'GET', headers: [['Authorization', 'Bearer mine']] };
  for (const more of [{}, { policy }]) {
    const explained = await ask('ADMIN', '/api/policy/explain', { call, ...more });
    expect(explained.text).toContain('"rule":"sandbox"');
    expect(explained.text).not.toContain(secrets.SANDBOX);
  }
});

it('the metrics tell the room that is left on the disk', async () => {
  expect((await ask('READER', '/metrics')).text).toMatch(/^fourthwall_disk_free_bytes [1-9]\d+$/m);
});
