import FormData from 'form-data';
import Mailgun from 'mailgun.js';
export const provider = 'mailgun';
export default () => new Mailgun(FormData).client({ username: 'api', key: `key-${'0'.repeat(32)}` })
  .messages.create('mg.example.test', { from: 'shop@example.test', to: 'ann@example.test', subject: 'Your order', text: 'Thank you' });
