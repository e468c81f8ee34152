import Telnyx from 'telnyx';
export const provider = 'telnyx';
export default () => new Telnyx({ apiKey: `KEY${'0'.repeat(40)}` }).messages.send({ from: '+15005550001', to: '+15005550006', text: 'Order A-1001 has shipped' });
