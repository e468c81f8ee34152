import { ServerClient } from 'postmark';
export const provider = 'postmark';
export default () => new ServerClient('00000000-0000-0000-0000-000000000000').sendEmail({ From: 'shop@example.test', To: 'ann@example.test', Subject: 'Your order', TextBody: 'Thank you' });
