import { ProxyAgent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHouse, type RunningHouse } from './house.ts';

let house: RunningHouse;

beforeAll(async () => {
  house = await startHouse({
    policy: `version: 1
default: reject
safe: { emails: ["*@example.test"] }
rules:
  - { id: no-blocked, when: { recipients: { some: blocked@example.test } }, then: reject, because: this mailbox is closed }
  - { id: mail, when: { channel: email }, then: capture, because: staging sends nothing }
`,
  });
});
afterAll(() => house.stop());

async function graph(path: string, body?: unknown): Promise<{ readonly status: number; readonly text: string }> {
  const agent = new ProxyAgent({ uri: `http://shop:token@127.0.0.1:${house.port('http')}`, proxyTunnel: false });
  const response = await request(`http://graph.microsoft.com/v1.0/me${path}`, {
    dispatcher: agent, method: 'POST', headers: { authorization: 'Bearer token-of-the-shop', 'content-type': 'application/json' }, body: body === undefined ? '' : JSON.stringify(body),
  });
  const text = await response.body.text();
  await agent.close();
  return { status: response.statusCode, text };
}

const drafted = async (address: string): Promise<string> => {
  const { text } = await graph('/messages', { subject: 'Order 42', toRecipients: [{ emailAddress: { address } }] });
  return (JSON.parse(text) as { id: string }).id;
};

it('a draft that is sent by its id is shown with whom it reaches, and judged by them', async () => {
  expect((await graph(`/messages/${await drafted('ann@example.test')}/send`)).status).toBe(202);
  expect((await house.capture()).decoded).toMatchObject({
    effects: [{ operation: 'messages.send', subject: 'Order 42', recipients: [{ address: 'ann@example.test', standing: 'safe' }] }],
  });
  expect((await graph(`/messages/${await drafted('blocked@example.test')}/send`)).text).toContain('this mailbox is closed');
});
