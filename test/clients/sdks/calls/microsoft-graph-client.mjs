import { Client } from '@microsoft/microsoft-graph-client';
export const provider = 'msgraph';
export default () => Client.init({ authProvider: (done) => done(null, 'x'.repeat(60)) }).api('/me/sendMail')
  .post({ message: { subject: 'Your order', body: { contentType: 'Text', content: 'Thank you' }, toRecipients: [{ emailAddress: { address: 'ann@example.test' } }] } });
