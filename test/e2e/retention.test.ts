import { setTimeout as delay } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

let gateway: RunningGateway;
beforeAll(async () => { gateway = await startGateway({ gateway: 'durability: process\nretention: { captures: 3 }\n' }); });
afterAll(() => discard(gateway));

const send = (n: number): Promise<Response> => fetch(`http://127.0.0.1:${gateway.ports['http']}/~/api.twilio.com/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`, {
  method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `To=%2B15005550006&From=%2B15005550006&Body=message+${n}` });
const total = async (): Promise<number> => (await gateway.api<{ total: number }>('/api/captures?limit=1')).total;
const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  const late = Date.now() + 15_000;
  while (!await holds()) {
    if (Date.now() > late) throw new Error(`it did not come to that:\n${gateway.log()}`);
    await delay(100);
  }
};
const pin = (id: string, pinned: boolean): Promise<unknown> =>
  gateway.api(`/api/captures/${id}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ pinned }) });

it('evicts by itself soon after a burst, and says so in the log of events', async () => {
  for (let n = 0; n < 5; n += 1) expect((await send(n)).status).toBe(201);
  await until(async () => await total() === 3);
  expect((await gateway.api<{ items: { title: string }[] }>('/api/captures')).items.map(({ title }) => title)).toEqual(['message 4', 'message 3', 'message 2']);
  expect((await gateway.api<{ verdict: string; reasons: { expectation: string }[] }>('/api/assert?settle=0'))).toMatchObject({ verdict: 'inconclusive', reasons: [{ expectation: 'eviction' }] });
});

it('refuses new calls when pins have filled it, with the reason, says what to unpin, and takes them again when there is room', async () => {
  const ids: string[] = [];
  await gateway.api('/api/captures', { method: 'DELETE' });
  for (let n = 0; n < 6; n += 1) {
    const { headers } = await send(n);
    ids.push(headers.get('x-fourthwall-capture')!);
    await pin(ids[n]!, true);
  }
  const refused = await send(7);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  expect(await refused.json()).toMatchObject({ rule: 'gateway:store', reason: expect.stringMatching(/the store is full: it keeps 6 captures of at most 6.*unpin captures or close runs/) });
  const mail = createTransport({ host: '127.0.0.1', port: gateway.ports['smtp'], ignoreTLS: true }).sendMail({ from: 'a@example.test', to: 'ann@example.test', subject: 'x', text: 'x' });
  await expect(mail).rejects.toMatchObject({ responseCode: 451, response: expect.stringContaining('the store is full') });
  const ready = await fetch(`${gateway.control}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false, store: 'full' }]);
  expect(await (await fetch(`${gateway.control}/metrics`)).text()).toContain('\nfourthwall_store_full 1\n');
  await until(() => /the store is full: new calls are refused/.test(gateway.log()));
  expect(gateway.log()).toMatch(/"pinned":6/);
  expect(await total()).toBe(6);

  for (const id of ids.slice(0, 4)) await pin(id, false);
  await until(async () => await total() === 3);
  expect((await fetch(`${gateway.control}/readyz`)).status).toBe(200);
  expect((await send(8)).status).toBe(201);
  await until(() => /the store has room again/.test(gateway.log()));
  // the calls that were refused are not forgotten by verdicts
  expect((await gateway.api<{ reasons: { expectation: string }[] }>('/api/assert?settle=0')).reasons.map(({ expectation }) => expectation)).toContain('store-error');
  expect(await gateway.stop()).toBe(0);
});
