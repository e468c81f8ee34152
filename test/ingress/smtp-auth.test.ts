import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFront, talk } from './smtp-harness.ts';
import type { Front } from './smtp-harness.ts';

let front: Front;
beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.dispose());

it.each([
  ['two different identities', 'ann\0shop\0pw', 535],
  ['the same identity twice', 'shop\0shop\0pw', 235],
  ['one identity', '\0shop\0pw', 235],
])('AUTH PLAIN with %s is answered as it must be', async (_what, token, code) => {
  const client = await talk(front.port);
  client.send(`EHLO a.test\r\n`);
  await client.reply(250);
  client.send(`AUTH PLAIN ${Buffer.from(token).toString('base64')}\r\n`);
  expect(await client.reply(code)).toMatch(new RegExp(`^${code} `, 'm'));
  client.socket.destroy();
});
