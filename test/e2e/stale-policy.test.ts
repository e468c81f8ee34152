import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { createClient, type Client } from '../../src/testing/client.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

const first = `version: 1
default: reject
rules:
  - { id: first-edition, when: { channel: email }, then: capture, because: staging sends nothing }
`;
const broken = 'version: 1\ndefault: allow\nrules: [{ id: first-edition }]\n';
const second = first.replace('first-edition', 'second-edition');
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

let gateway: RunningGateway;
let client: Client;
beforeAll(async () => {
  gateway = await startGateway({ policy: first });
  client = createClient({ url: gateway.control });
});
afterAll(() => discard(gateway));

/** As an editor saves: a new file, then renamed into place. */
async function edit(text: string): Promise<void> {
  const file = join(gateway.directory, 'config', 'policy.yaml');
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** The next change of the policy that the event log tells of. */
async function policyEvent(after: number, state: string): Promise<Event> {
  for await (const event of client.events({ after, signal: AbortSignal.timeout(20_000) })) if (event.kind === 'policy' && event.data['state'] === state) return event;
  throw new Error(`no event told that the policy is ${state}`);
}

async function decided(): Promise<{ readonly rule: string; readonly sha256: string }> {
  const transport = createTransport({ host: '127.0.0.1', port: gateway.ports['smtp'], ignoreTLS: true });
  const { response } = await transport.sendMail({ from: 'a@example.test', to: 'b@example.test', subject: 'x', text: 'y' });
  const { decision } = await client.capture(/cap_\w+/.exec(response)![0]);
  return { rule: decision.rule, sha256: decision.policy.sha256 };
}

describe('an edit of the policy that does not load', () => {
  it('keeps the old one in force, said by readiness, metric, event and verdict; a good edit takes over without a restart', async () => {
    expect(await decided()).toEqual({ rule: 'first-edition', sha256: sha(first) });

    const before = (await client.list({ limit: 1 })).items[0]!.seq;
    await edit(broken);
    const stale = await policyEvent(before, 'stale');
    expect(stale.data).toMatchObject({ state: 'stale', sha256: sha(first), problems: expect.arrayContaining([expect.stringMatching(/policy\.yaml:2:.*allow/)]) });
    const ready = await fetch(`${gateway.control}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { ready: true, policy: 'stale' }]);
    expect(await (await fetch(`${gateway.control}/metrics`)).text()).toContain('fourthwall_policy_current 0');
    expect(await client.policy()).toMatchObject({ state: 'stale', sha256: sha(first), text: first });
    expect(await decided()).toEqual({ rule: 'first-edition', sha256: sha(first) });
    expect((await client.assert()).policyCurrent).toBe(false);
    expect(gateway.log()).toContain('the old policy stays in force');

    await edit(second);
    expect((await policyEvent(stale.seq, 'current')).data).toMatchObject({ sha256: sha(second), problems: [] });
    expect(await (await fetch(`${gateway.control}/readyz`)).json()).toMatchObject({ policy: 'current' });
    expect(await (await fetch(`${gateway.control}/metrics`)).text()).toContain('fourthwall_policy_current 1');
    expect(await decided()).toEqual({ rule: 'second-edition', sha256: sha(second) });
    // a decision of the past can still be read by the policy that made it
    expect(await client.pastPolicy(sha(first))).toEqual({ sha256: sha(first), text: first });
    expect(await client.pastPolicy(sha(second))).toEqual({ sha256: sha(second), text: second });
  }, 60_000);
});
