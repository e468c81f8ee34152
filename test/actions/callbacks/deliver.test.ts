import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { expect, it } from 'vitest';
import { deliver } from '../../../src/actions/callbacks/deliver.ts';
import type { House } from '../../../src/actions/call.ts';
import type { CallbackResult, OutboxCallback } from '../../../src/model/callback.ts';
import type { Delivery, HttpProvider } from '../../../src/model/provider.ts';
import type { Recording } from '../../../src/model/store.ts';

const callback: OutboxCallback = {
  id: 'cbk_1', capture: 'cap_1', provider: 'acme', target: 'acme', object: 'o', cut: false, state: 'leased', attempt: 1, notBeforeMs: 0, method: 'POST', headers: [], body: 'x', contentType: 'text/plain',
};

/** A delivery whose signature a provider makes; nothing may be dialled. Resolves with what came of it. */
async function signedWith(sign: (delivery: Delivery, secret: string) => Delivery): Promise<CallbackResult> {
  const settled: CallbackResult[] = [];
  const house = {
    instance: 'one', now: () => 1, store: { capture: async () => ({ id: 'cap_1' }), settleCallback: async (result: CallbackResult) => { settled.push(result); return true; } },
  } as unknown as House;
  const agent = new Agent({ connect: () => { throw new Error('dialled'); } });
  await deliver({ house, agent, webhooks: { acme: { url: 'http://shop.test/x', secret: 'hunter2hunter2' } }, provider: () => ({ sign }) as unknown as HttpProvider }, callback);
  await agent.close();
  return settled[0]!;
}

it('a provider that names the secret in its fault does not make it known', async () => {
  expect(await signedWith((_, secret) => { throw new Error(`${secret} is no key of Acme`); })).toMatchObject({ state: 'failed', error: 'it could not be signed: *** is no key of Acme', delivery: null });
});

it('a signature cannot send a callback elsewhere', async () => {
  for (const url of ['http://evil.test/x', 'https://shop.test/x', 'http://shop.test:81/x']) {
    expect(await signedWith((delivery) => ({ ...delivery, url }))).toMatchObject({ state: 'failed', error: 'the signature of acme would change where it goes' });
  }
});

it("a callback to the place of another vendor's webhook is not signed with that vendor's secret", async () => {
  const asked: string[] = [];
  const provider = (name: string): HttpProvider | null => name === 'shop' ? null
    : { sign: (_: Delivery, secret: string) => { asked.push(secret); throw new Error('asked'); } } as unknown as HttpProvider;
  const house = {
    instance: 'one', now: () => 1, key: new Uint8Array(32), policy: () => ({ sha256: '' }), callbacks: { due: () => undefined },
    store: { capture: async () => ({ id: 'cap_1', channels: [], keys: [] }), settleCallback: async () => true, record: async () => undefined },
  } as unknown as House;
  const agent = new Agent({ connect: () => { throw new Error('dialled'); } });
  for (const name of ['stripe', 'shop', 'acme']) {
    await deliver({ house, agent, webhooks: { [name]: { url: 'http://shop.test/x', secret: `of ${name}` } }, provider }, { ...callback, target: 'http://shop.test/y' });
  }
  await agent.close();
  expect(asked).toEqual(['of shop', 'of acme']);
});

it('an application that only turns http into https does not make the secret of its own address known', async () => {
  const app = createServer((request, response) => response.writeHead(301, { location: `https://shop.test${request.url}` }).end());
  await new Promise<void>((resolve) => { app.listen(0, '127.0.0.1', resolve); });
  const recorded: Recording[] = [];
  const house = {
    instance: 'one', now: () => 1, key: new Uint8Array(32), policy: () => ({ sha256: '' }), callbacks: { due: () => undefined },
    store: { capture: async () => ({ id: 'cap_1', space: null, service: 'shop', run: null, trace: null, channels: [], keys: [] }), record: async (each: Recording) => { recorded.push(each); } },
  } as unknown as House;
  const agent = new Agent();
  const webhooks = { acme: { url: `http://127.0.0.1:${(app.address() as AddressInfo).port}/x?token=hunter2`, secret: null } };
  await deliver({ house, agent, webhooks, provider: () => null }, callback);
  await agent.close();
  app.close();
  expect(recorded[0]?.settles).toMatchObject({ state: 'pending', error: 'it answered 301 to https://shop.test/x; a redirect is never followed' });
  expect(JSON.stringify(recorded)).not.toContain('hunter2');
});
