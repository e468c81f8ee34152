import { messaging } from '../firebase.mjs';
export const provider = 'fcm';
export const call = 'send()';
export default () => messaging().send({ token: 'x'.repeat(140), notification: { title: 'Order A-1001' } });
