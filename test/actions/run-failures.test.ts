import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProxyAgent, request } from 'undici';
import { startHouse, type RunningHouse } from './house.ts';

let house: RunningHouse;
beforeEach(async () => {
  house = await startHouse({ policy: 'version: 1\ndefault: reject\nrules: [{ id: all, when: { decoded: [effects, read] }, then: capture, because: staging sends nothing }]\n' });
});
afterEach(() => house.stop());

async function sms(run: string): Promise<number> {
  const agent = new ProxyAgent({ uri: `http://shop+${run}:token@127.0.0.1:${house.port('http')}`, proxyTunnel: false });
  try {
    const { statusCode, body } = await request('http://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json', {
      dispatcher: agent, method: 'POST', headers: { authorization: `Basic ${Buffer.from('AC00000000000000000000000000000000:x').toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ To: '+15005550006', From: '+15005550001', Body: 'hello' }).toString(),
    });
    await body.dump();
    return statusCode;
  } finally {
    await agent.close();
  }
}

const json = (method: string, body: unknown): RequestInit => ({ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const put = (run: string, failures: readonly unknown[]): ReturnType<RunningHouse['api']> => house.api(`/api/runs/${run}/failures`, json('PUT', { failures }));
// oxlint-disable-next-line unicorn/no-thenable -- the word in the file
const second = { id: 'second', when: { provider: 'twilio' }, nth: 2, then: { error: 500 } };

describe('failure rules of one run', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b']) await house.api('/api/runs', json('POST', { name }));
  });

  it('hold for its calls alone, are counted anew each time they are given, and end with an empty list', async () => {
    expect(await put('a', [second])).toMatchObject({ status: 200, body: { failures: [second] } });
    expect((await house.api('/api/runs/a/failures')).body).toEqual({ failures: [second] });
    expect((await house.api('/api/runs/b/failures')).body).toEqual({ failures: [] });
    expect([await sms('a'), await sms('a'), await sms('a'), await sms('b'), await sms('b')]).toEqual([201, 500, 201, 201, 201]);
    await put('a', [second]);
    expect([await sms('a'), await sms('a'), await sms('a')]).toEqual([201, 500, 201]);
    await put('a', []);
    expect([await sms('a'), await sms('a')]).toEqual([201, 201]);
  });

  it('say in the trace of the call why it failed', async () => {
    await put('a', [{ ...second, nth: 1 }]);
    await sms('a');
    expect(await house.capture()).toMatchObject({ run: 'a', outcome: 'captured', decision: { trace: expect.arrayContaining([{ rule: 'failure:second', matched: true, because: expect.stringContaining('answered with status 500') }]) } });
  });

  it('are all refused where one is not right, with every problem, and the old ones stay', async () => {
    await put('a', [second]);
    expect(await put('a', [{ ...second, when: { service: '${PATH}' } }])).toMatchObject({ status: 422, body: { problems: [expect.stringContaining('${PATH}, which is not set')] } });
    expect((await house.api('/api/runs/a/failures')).body).toEqual({ failures: [second] });
    expect(await put('a', [{ ...second, id: 'NO' }, { ...second, when: {} }])).toMatchObject({ status: 422, body: { problems: [expect.stringContaining('failures[0].id')] } });
  });

  it('are refused when there is too much of them, before they are read', async () => {
    const when = Object.fromEntries(Array.from({ length: 20_000 }, (_, nth) => [`k${nth}`, 1]));
    expect((await put('a', [{ ...second, when }])).status).toBe(413);
    const { status, body } = await put('a', [{ ...second, when: Object.fromEntries(Object.entries(when).slice(0, 500)) }]);
    expect([status, (body['problems'] as readonly string[]).length]).toEqual([422, 50]);
  });

  it('belong to a run that is there and open', async () => {
    expect((await put('nobody', [])).status).toBe(404);
    expect((await house.api('/api/runs/nobody/failures')).status).toBe(404);
    await house.api('/api/runs/a/close', { method: 'POST' });
    expect((await put('a', [second])).status).toBe(409);
  });

  it('decline nothing that takes no money', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- the word in the file
    await put('a', [{ id: 'no-money', when: { provider: 'twilio' }, then: { decline: true } }]);
    expect([await sms('a'), await sms('b')]).toEqual([201, 201]);
    expect(JSON.stringify((await house.capture()).decision.trace)).not.toContain('no-money');
  });
});
