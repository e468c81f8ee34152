import { createTransport } from 'nodemailer';
export const provider = 'smtp';
// An application that reads the SMTP_USER it is given is known by it; any other is known by its own user name.
export default () => createTransport({ host: 'smtp.example.com', port: 587, requireTLS: true, auth: { user: process.env.SMTP_USER ?? 'mailer', pass: 'any' } })
  .sendMail({ from: 'shop@example.test', to: 'ann@example.test', subject: 'Your order', text: 'Thank you' });
