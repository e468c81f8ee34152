import { BrevoClient } from '@getbrevo/brevo';
export const provider = 'brevo';
export default () => new BrevoClient({ apiKey: `xkeysib-${'0'.repeat(64)}` }).transactionalEmails.sendTransacEmail({
  sender: { email: 'shop@example.test' }, to: [{ email: 'ann@example.test' }], subject: 'Your order', textContent: 'Thank you',
});
