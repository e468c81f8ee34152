import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fourthwallRun, printed } from '../clients/fourthwall-run.ts';
import { discard, startGateway } from '../support/gateway.ts';
import type { RunningGateway } from '../support/gateway.ts';

/** Apple speaks HTTP/2 only, and so do its clients: they are shown the real gateway, by `fourthwall run`. */
const policy = `version: 1
default: reject
limits: { burst: off }
rules:
  - { id: nobody-from-here, when: { service: refused, decoded: effects }, then: reject, because: this service may reach nobody }
  - { id: everything-we-understand, when: { decoded: effects }, then: capture, because: staging sends nothing }
`;

interface Sent { readonly sent: readonly object[]; readonly failed: readonly { readonly status: number; readonly response: { readonly reason: string } }[] }
interface Answers {
  readonly standard: Sent; readonly other: Sent; readonly sandbox: Sent;
  readonly apns2: object; readonly apns2Sandbox: object;
}
interface Summary { readonly provider: string; readonly operation: string; readonly action: string; readonly rule: string; readonly id: string; readonly recipients: readonly { readonly address: string; readonly kind: string }[] }

let gateway: RunningGateway;
let kept: Answers;
let refused: Answers;
beforeAll(async () => {
  gateway = await startGateway({ policy });
  const as = async (service: string): Promise<Answers> => printed(await fourthwallRun(gateway, [process.execPath, 'test/e2e/apps/apns.ts'], { options: ['--service', service] }));
  [kept, refused] = await Promise.all([as('kept'), as('refused')]);
}, 60_000);
afterAll(() => discard(gateway));

const arrived = async (service: string): Promise<readonly Summary[]> => (await gateway.api<{ items: Summary[] }>(`/api/captures?service=${service}&limit=100`)).items;

describe('@parse/node-apn', () => {
  it.each(['standard', 'other', 'sandbox'] as const)('has its notifications sent (%s), with the id it gave them', (which) => {
    expect(kept[which].failed).toEqual([]);
    expect(kept[which].sent).toMatchObject([{ device: expect.stringMatching(/a1$/), 'apns-id': '7B8F1A50-0000-4000-8000-000000000001' }, { device: expect.stringMatching(/a2$/) }]);
  });

  it('is told of a unique id by the sandbox alone', () => {
    expect(kept.sandbox.sent[0]).toHaveProperty('apns-unique-id');
    expect(kept.standard.sent[0]).not.toHaveProperty('apns-unique-id');
  });

  it.each(['standard', 'other', 'sandbox'] as const)('has them failed with rule and reason when they are refused (%s), in words that cost no token', (which) => {
    expect(refused[which].sent).toEqual([]);
    expect(refused[which].failed).toHaveLength(2);
    for (const { status, response } of refused[which].failed) {
      expect(status).toBe(403);
      expect(response.reason).toContain('nobody-from-here: this service may reach nobody');
    }
  });
});

describe('apns2', () => {
  it.each(['apns2', 'apns2Sandbox'] as const)('has its notification sent (%s)', (which) => {
    expect(kept[which]).toEqual({ sent: true, deleted: [] });
  });

  it.each(['apns2', 'apns2Sandbox'] as const)('raises its ApnsError with rule and reason when it is refused (%s), and none of the events on which a token is deleted', (which) => {
    expect(refused[which]).toEqual({ type: 'ApnsError', status: 403, reason: expect.stringContaining('nobody-from-here: this service may reach nobody'), deleted: [] });
  });
});

describe.each([['kept', 'capture'], ['refused', 'reject']])('%s', (service, action) => {
  it('arrived once each, over HTTP/2, at the host and port and for the device it was for', async () => {
    const all = await arrived(service);
    const wire = await Promise.all(all.map(async ({ id, recipients }) => {
      const { request } = await gateway.api<{ request: { url: string; version: string } }>(`/api/captures/${id}`);
      return `HTTP/${request.version} ${request.url.replace(/\/3\/device\/0+/, ' ')} reaches ${recipients.map(({ kind, address }) => `${kind} ${address.slice(-2)}`).join()}`;
    }));
    const [live, sandbox] = ['HTTP/2 https://api.push.apple.com', 'HTTP/2 https://api.sandbox.push.apple.com'];
    expect(wire.toSorted()).toEqual([
      `${live} a1 reaches device a1`, `${live} a2 reaches device a2`, `${live} b1 reaches device b1`, `${live}:2197 a1 reaches device a1`, `${live}:2197 a2 reaches device a2`,
      `${sandbox} b1 reaches device b1`, `${sandbox}:2197 a1 reaches device a1`, `${sandbox}:2197 a2 reaches device a2`,
    ]);
    expect(new Set(all.map((each) => `${each.provider} ${each.operation} ${each.action}`))).toEqual(new Set([`apns device.send ${action}`]));
  });
});
