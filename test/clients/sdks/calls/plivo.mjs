import plivo from 'plivo';
export const provider = 'plivo';
export default () => new plivo.Client(`MA${'X'.repeat(18)}`, 'x'.repeat(40)).messages.create({ src: '+15005550001', dst: '+15005550006', text: 'Order A-1001 has shipped' });
