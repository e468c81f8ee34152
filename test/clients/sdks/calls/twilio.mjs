import twilio from 'twilio';
export const provider = 'twilio';
export default () => twilio(`AC${'0'.repeat(32)}`, 'f'.repeat(32)).messages.create({ to: '+15005550006', from: '+15005550001', body: 'Order A-1001 has shipped' });
