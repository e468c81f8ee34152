import { createTransport } from 'nodemailer';
export default () => createTransport({ host: 'smtp.example.com', port: 587, requireTLS: true, auth: { user: 'mailer', pass: 'any' } })
  .sendMail({ from: 'shop@example.test', to: 'ann@example.test', subject: 'Your order', text: 'Thank you' });
