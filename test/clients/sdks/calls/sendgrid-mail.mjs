import mail from '@sendgrid/mail';
export const provider = 'sendgrid';
export default () => {
  mail.setApiKey(['SG', 'x'.repeat(22), 'y'.repeat(43)].join('.'));
  return mail.send({ to: 'ann@example.test', from: 'shop@example.test', subject: 'Your order', text: 'Thank you' });
};
