import Mailjet from 'node-mailjet';
export const provider = 'mailjet';
export default () => new Mailjet({ apiKey: 'x'.repeat(32), apiSecret: 'y'.repeat(32) }).post('send', { version: 'v3.1' })
  .request({ Messages: [{ From: { Email: 'shop@example.test' }, To: [{ Email: 'ann@example.test' }], Subject: 'Your order', TextPart: 'Thank you' }] });
