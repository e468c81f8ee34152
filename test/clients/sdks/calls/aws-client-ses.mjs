import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
export const provider = 'ses';
export default () => new SESClient({ region: 'eu-west-1', credentials: { accessKeyId: `AKIA${'0'.repeat(16)}`, secretAccessKey: 'x'.repeat(40) } }).send(new SendEmailCommand({
  Source: 'shop@example.test', Destination: { ToAddresses: ['ann@example.test'] }, Message: { Subject: { Data: 'Your order' }, Body: { Text: { Data: 'Thank you' } } },
}));
