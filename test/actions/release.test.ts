import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordingSmtp } from '../support/recording-smtp.ts';
import type { RecordingSmtp } from '../support/recording-smtp.ts';
import { startHouse } from './house.ts';
import type { RunningHouse } from './house.ts';

const policy = `version: 1
safe: { emails: ["*@example.test"] }
default: capture
rules:
  - { id: closed-mailbox, when: { recipients: { some: "closed@example.test" } }, then: reject, because: this mailbox is closed }
  - { id: all, when: { channel: [email, sms] }, then: capture, because: staging sends nothing }
`;
let relay: RecordingSmtp;
let house: RunningHouse;

beforeAll(async () => {
  relay = await recordingSmtp();
  house = await startHouse({ policy, relays: { out: { host: '127.0.0.1', port: relay.port, tls: 'none', user: null, password: null } } });
});
afterAll(async () => {
  await house.stop();
  await relay.close();
});
beforeEach(() => { relay.received.length = 0; });

const release = (id: string, body: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> =>
  house.api(`/api/captures/${id}/release`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

async function captured(lines: readonly string[], to = ['ann@gmail.com', 'bob@example.test']): Promise<string> {
  expect(await house.mail({ from: 'shop@shop.com', to, raw: ['From: Shop <shop@shop.com>', 'To: ann@gmail.com, bob@example.test', 'Subject: Hello', ...lines].join('\r\n') })).toMatch(/^250 2\.0\.0 captured/);
  return (await house.capture()).id;
}

describe('a captured mail, released by hand', () => {
  it('goes to the safe addresses named and to nobody else, and is a capture of its own', async () => {
    const id = await captured(['Bcc: eve@gmail.com', 'X-Fourthwall-Run: r1', '', 'hello']);
    const { status, body } = await release(id, { to: ['qa@example.test', 'lead@example.test'] });
    expect({ status, body }).toEqual({ status: 200, body: { capture: expect.stringMatching(/^cap_/), outcome: 'relayed' } });
    expect(relay.received).toMatchObject([{ to: ['qa@example.test', 'lead@example.test'], from: '' }]);
    expect(relay.received[0]!.message).not.toMatch(/gmail|shop\.com|bob@/);
    expect(relay.received[0]!.message).toContain('Subject: Hello');
    expect(await house.capture(String(body['capture']))).toMatchObject({
      parent: id, run: null, rule: 'gateway:release', action: 'forward', outcome: 'relayed',
      decision: { plan: { via: 'out', sent: { recipients: [{ address: 'qa@example.test', standing: 'safe' }, { address: 'lead@example.test' }] } } },
    });
    const verdict = await house.api('/api/assert?expect=no-real-sends&settle=0');
    expect(verdict.body['verdict']).not.toBe('fail');
  });

  it('is refused with every address that is not safe, and why; nothing is sent or recorded', async () => {
    const id = await captured(['', 'hello']);
    const { status, body } = await release(id, { to: ['qa@example.test', 'ann@gmail.com', 'qa@example.test>, <x@gmail.com'] });
    expect(status).toBe(422);
    expect(body).toMatchObject({ title: 'Not released', refused: [{ address: 'ann@gmail.com', why: expect.stringContaining('real') }, { address: 'qa@example.test>, <x@gmail.com', why: expect.stringContaining('invalid') }] });
    expect(relay.received).toEqual([]);
    expect((await house.capture()).id).toBe(id);
  });

  it('is refused where a reject rule matches what would leave', async () => {
    const { status, body } = await release(await captured(['', 'hello']), { to: ['closed@example.test'] });
    expect({ status, detail: body['detail'] }).toEqual({ status: 422, detail: expect.stringContaining('rule closed-mailbox rejects it') });
    expect(relay.received).toEqual([]);
  });

  it('is refused where the text names a customer, unless he is masked', async () => {
    const id = await captured(['', 'Dear ann@gmail.com']);
    expect(await release(id, { to: ['qa@example.test'] })).toMatchObject({ status: 422, body: { detail: expect.stringContaining('ann@gmail.com') } });
    expect(relay.received).toEqual([]);
    expect(await release(id, { to: ['qa@example.test'], body: 'mask' })).toMatchObject({ status: 200 });
    expect(relay.received[0]!.message).toContain('Dear [masked]');
  });

  it.each([
    ['nobody', { to: [] }, 400], ['a field we do not know', { to: ['qa@example.test'], cc: ['x@gmail.com'] }, 400], ['a relay nobody has named', { to: ['qa@example.test'], via: 'other' }, 422],
  ])('is refused for %s', async (_what, body, status) => {
    expect((await release(await captured(['', 'x']), body)).status).toBe(status);
    expect(relay.received).toEqual([]);
  });

  it('is not found where there is none, and is mail by SMTP only', async () => {
    expect((await release('cap_none', { to: ['qa@example.test'] })).status).toBe(404);
    await fetch(`http://127.0.0.1:${house.port('http')}/~/api.twilio.com/2010-04-01/Accounts/AC1/Messages.json`, { method: 'POST', body: new URLSearchParams({ To: '+14155552671', From: '+15005550006', Body: 'x' }) });
    expect(await release('latest', { to: ['qa@example.test'] })).toMatchObject({ status: 422, body: { detail: expect.stringContaining('SMTP') } });
  });
});
