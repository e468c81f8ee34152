import { posted } from '../by-fetch.mjs';
export const provider = 'whatsapp';
export const call = 'to WhatsApp';
export default () => posted('https://graph.facebook.com/v21.0/100000000000001/messages', { authorization: `Bearer EAA${'x'.repeat(60)}` }, {
  messaging_product: 'whatsapp', recipient_type: 'individual', to: '+15005550006', type: 'text', text: { body: 'Order A-1001 has shipped' },
});
