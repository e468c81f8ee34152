import { Vonage } from '@vonage/server-sdk';
export const provider = 'vonage';
export const call = 'sms.send()';
export default () => new Vonage({ apiKey: '0'.repeat(8), apiSecret: 'x'.repeat(16) }).sms.send({ from: 'Shop', to: '15005550006', text: 'Order A-1001 has shipped' });
