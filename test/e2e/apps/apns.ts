/**
 * Both libraries for Apple's push, as they come, with the hosts and ports Apple has. Run by `fourthwall run`. Prints what each thinks of its call.
 * usage: node apns.ts
 */
import { generateKeyPairSync } from 'node:crypto';
import apn from '@parse/node-apn';
import { ApnsClient, Host, Notification } from 'apns2';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const key = { keyId: 'x'.repeat(10), team: 'y'.repeat(10) };
const device = (end: string): string => end.padStart(64, '0');
const id = '7B8F1A50-0000-4000-8000-000000000001';

/** What its send() resolves with: failures are not thrown. */
async function byNodeApn(port: number, production: boolean): Promise<unknown> {
  const provider = new apn.Provider({ token: { key: Buffer.from(privateKey), keyId: key.keyId, teamId: key.team }, production, port });
  const note = Object.assign(new apn.Notification(), { topic: 'test.example.shop', alert: { title: 'Order', body: `From port ${port}` }, payload: { order_id: 'o-42' }, id });
  const { sent, failed } = await provider.send(note, [device('a1'), device('a2')]);
  const answer = { sent, failed: failed.map((each) => ({ device: each.device, status: each.status, response: each.response, error: each.error?.message })) };
  await provider.shutdown();
  return answer;
}

async function byApns2(host: typeof Host[keyof typeof Host]): Promise<unknown> {
  const client = new ApnsClient({ host, team: key.team, keyId: key.keyId, signingKey: privateKey, defaultTopic: 'test.example.shop' });
  const deleted: string[] = [];
  for (const name of ['Unregistered', 'BadDeviceToken', 'DeviceTokenNotForTopic']) client.on(name, () => deleted.push(name));
  const answer = await client.send(new Notification(device('b1'), { alert: { title: 'Order', body: 'By apns2' } })).then(() => ({ sent: true }), (error: { readonly name?: string; readonly statusCode?: number; readonly reason?: string }) => ({ type: error.constructor.name, status: error.statusCode, reason: error.reason }));
  await client.close();
  return { ...answer, deleted };
}

console.log(JSON.stringify({
  standard: await byNodeApn(443, true), other: await byNodeApn(2197, true), sandbox: await byNodeApn(2197, false),
  apns2: await byApns2(Host.production), apns2Sandbox: await byApns2(Host.development),
}));
