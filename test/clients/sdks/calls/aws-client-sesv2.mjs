import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
export const provider = 'ses';
export default () => new SESv2Client({ region: 'eu-west-1', credentials: { accessKeyId: `AKIA${'0'.repeat(16)}`, secretAccessKey: 'x'.repeat(40) } }).send(new SendEmailCommand({
  FromEmailAddress: 'shop@example.test', Destination: { ToAddresses: ['ann@example.test'] }, Content: { Simple: { Subject: { Data: 'Your order' }, Body: { Text: { Data: 'Thank you' } } } },
}));
