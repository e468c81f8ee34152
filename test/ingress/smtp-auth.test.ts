import { randomBytes, randomUUID } from 'node:crypto';
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

const uuid = randomUUID();
const hex = randomBytes(16).toString('hex');
const base64 = randomBytes(24).toString('base64url').replace(/^.{3}/, 'A1b');

it.each([
  ['a UUID as user and password', uuid, uuid], ['a UUID', uuid, 'pw'], ['32 hex digits', hex, 'pw'], ['base64', base64, 'pw'], ['the password', 'shop', 'shop'],
])('a user name that is a key (%s) names no service and is kept by no part of it', async (_what, user, password) => {
  const seen = front.mails.length;
  await mailAs(user, password);
  const { transaction, origin } = front.mails[seen]!;
  expect([transaction.authUser, origin.service, origin.space, origin.run]).toEqual(['****', 'unattributed', null, null]);
  expect(JSON.stringify([transaction, origin])).not.toContain(user.slice(0, 4) + user.slice(4, 12));
});

it.each([
  ['shop', 'shop', null], ['qa/checkout-service-eu-west-1-v2', 'checkout-service-eu-west-1-v2', null], [`shop+${uuid}`, 'shop', uuid], [`qa/shop+${hex}`, 'shop', hex],
])('%s names a service, however random its run', async (user, service, run) => {
  const seen = front.mails.length;
  await mailAs(user, 'pw');
  expect([front.mails[seen]!.transaction.authUser, front.mails[seen]!.origin.service, front.mails[seen]!.origin.run]).toEqual([user, service, run]);
});

async function mailAs(user: string, password: string): Promise<void> {
  const client = await talk(front.port);
  client.send('EHLO a.test\r\n');
  await client.reply(250);
  client.send(`AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}\r\n`);
  await client.reply(235);
  client.send('MAIL FROM:<a@example.test>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n');
  await client.reply(354);
  client.send('Subject: x\r\n\r\nx\r\n.\r\nQUIT\r\n');
  await client.ended();
}
