import { messaging } from '../firebase.mjs';
export default () => messaging().send({ token: 'x'.repeat(140), notification: { title: 'Order A-1001' } });
