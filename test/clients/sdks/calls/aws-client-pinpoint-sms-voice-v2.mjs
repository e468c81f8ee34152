import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
export const provider = 'aws-sms';
export default () => new PinpointSMSVoiceV2Client({ region: 'eu-west-1', credentials: { accessKeyId: `AKIA${'0'.repeat(16)}`, secretAccessKey: 'x'.repeat(40) } })
  .send(new SendTextMessageCommand({ DestinationPhoneNumber: '+15005550006', OriginationIdentity: 'Shop', MessageBody: 'Order A-1001 has shipped' }));
