import { generateKeyPairSync } from 'node:crypto';
import { ApnsClient, Host, Notification } from 'apns2';
export const provider = 'apns';
export default () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  return new ApnsClient({ host: Host.development, team: 'y'.repeat(10), keyId: 'x'.repeat(10), signingKey: privateKey, defaultTopic: 'test.example.shop' }).send(new Notification('0'.repeat(64), { alert: 'Order A-1001' }));
};
