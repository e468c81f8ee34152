import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
export const provider = 'sns';
export default () => new SNSClient({ region: 'eu-west-1', credentials: { accessKeyId: `AKIA${'0'.repeat(16)}`, secretAccessKey: 'x'.repeat(40) } })
  .send(new PublishCommand({ PhoneNumber: '+15005550006', Message: 'Order A-1001 has shipped' }));
