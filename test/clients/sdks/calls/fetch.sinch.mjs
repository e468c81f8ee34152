import { posted } from '../by-fetch.mjs';
export const provider = 'sinch';
export const call = 'to Sinch';
export default () => posted(`https://us.sms.api.sinch.com/xms/v1/${'0'.repeat(32)}/batches`, { authorization: `Bearer ${'x'.repeat(32)}` }, { to: ['+15005550006'], from: '+15005550001', body: 'Order A-1001 has shipped' });
