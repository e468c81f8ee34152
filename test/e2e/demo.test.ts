import { createInterface } from 'node:readline';
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

interface Shown { id: string; provider: string; channel: string; action: string; rule: string; title: string; liveness: string; recipients: { address: string; standing: string }[]; findings: { id: string }[]; keys: { name: string; value: string }[] }

let gateway: RunningGateway;
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-'));
  await mkdir(join(directory, 'config', 'examples'), { recursive: true });
  await copyFile(fileURLToPath(new URL('../../config/examples/demo-policy.yaml', import.meta.url)), join(directory, 'config', 'examples', 'demo-policy.yaml'));
  gateway = await startGateway({ directory, args: ['--demo'] });
  for await (const line of createInterface({ input: gateway.process.stderr! })) if (line.includes('the demo has played')) break;
}, 60_000);
afterAll(() => discard(gateway));

const items = async (query: string): Promise<Shown[]> => (await gateway.api<{ items: Shown[] }>(`/api/captures?limit=100&${query}`)).items;

describe('the demo', () => {
  it('shows the journey of one order over mail, SMS and payment', async () => {
    // what a message says of its order is read after the acknowledgement
    await gateway.api('/api/captures/wait?key=A-1001&channel=sms&timeout=20');
    const { items: journey } = await gateway.api<{ items: Shown[] }>('/api/journeys/A-1001');
    expect(new Set(journey.map(({ channel }) => channel))).toEqual(new Set(['email', 'sms', 'payment']));
  });

  it('shows a live key refused by a named rule', async () => {
    const refused = await items('provider=stripe&action=reject');
    expect(refused).toEqual([expect.objectContaining({ liveness: 'live', rule: 'live-keys-are-refused' })]);
    expect(refused[0]!.findings.map(({ id }) => id)).toContain('live-credential');
  });

  it('shows a real-looking customer who was not reached, as a finding', async () => {
    const [mailshot] = await items('provider=smtp');
    expect(mailshot!.recipients[0]).toMatchObject({ standing: 'real' });
    expect(mailshot!.findings.map(({ id }) => id)).toContain('real-recipient');
  });

  it('shows an unknown host refused', async () => {
    expect(await items('provider=unknown&action=reject')).toHaveLength(1);
  });
});
