import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { cert, initializeApp } from 'firebase-admin/app';
import { getMessaging } from 'firebase-admin/messaging';

/** firebase-admin with a service account that is nobody's. */
export function messaging() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  return getMessaging(initializeApp({ credential: cert({ projectId: 'shop', clientEmail: 'shop@shop.iam.gserviceaccount.com', privateKey }) }, randomUUID()));
}
