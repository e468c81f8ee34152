import { generateKeyPairSync } from 'node:crypto';
import apn from '@parse/node-apn';
export const provider = 'apns';
export default async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const sender = new apn.Provider({ token: { key: Buffer.from(privateKey), keyId: 'x'.repeat(10), teamId: 'y'.repeat(10) }, production: false });
  const { sent, failed } = await sender.send(Object.assign(new apn.Notification(), { topic: 'test.example.shop', alert: 'Order A-1001' }), '0'.repeat(64));
  if (sent.length === 0) throw failed[0]?.error ?? new Error(JSON.stringify(failed));
  return sent;
};
