import { EmailParams, MailerSend, Recipient, Sender } from 'mailersend';
export const provider = 'mailersend';
export default () => new MailerSend({ apiKey: `mlsn.${'0'.repeat(64)}` }).email.send(
  new EmailParams().setFrom(new Sender('shop@example.test', 'Shop')).setTo([new Recipient('ann@example.test', 'Ann')]).setSubject('Your order').setText('Thank you'));
