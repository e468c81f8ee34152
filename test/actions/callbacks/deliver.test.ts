import { Agent } from 'undici';
import { expect, it } from 'vitest';
import { deliver } from '../../../src/actions/callbacks/deliver.ts';
import type { House } from '../../../src/actions/call.ts';
import type { CallbackResult, OutboxCallback } from '../../../src/model/callback.ts';
import type { Delivery, HttpProvider } from '../../../src/model/provider.ts';

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
