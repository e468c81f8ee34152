import { basic, posted } from '../by-fetch.mjs';
export const provider = 'clicksend';
export const call = 'to ClickSend';
export default () => posted('https://rest.clicksend.com/v3/sms/send', basic('shop', 'x'.repeat(36)), { messages: [{ source: 'shop', to: '+15005550006', body: 'Order A-1001 has shipped' }] });
