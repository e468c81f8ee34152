import { Messages, SMS } from '@vonage/messages';
export const provider = 'vonage';
export default () => new Messages({ apiKey: '0'.repeat(8), apiSecret: 'x'.repeat(16) }).send(new SMS({ from: 'Shop', to: '15005550006', text: 'Order A-1001 has shipped' }));
