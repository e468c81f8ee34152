import { generateKeyPairSync } from 'node:crypto';
import { Vonage } from '@vonage/server-sdk';
export const provider = 'vonage';
export const call = 'verify2.newRequest()';
export default () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  return new Vonage({ applicationId: '00000000-0000-0000-0000-000000000000', privateKey }).verify2.newRequest({ brand: 'Shop', workflow: [{ channel: 'sms', to: '15005550006' }] });
};
