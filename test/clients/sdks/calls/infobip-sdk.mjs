import { AuthType, Infobip } from '@infobip-api/sdk';
export const provider = 'infobip';
export default async () => {
  const answer = await new Infobip({ baseUrl: 'https://xxxxx.api.infobip.com', apiKey: 'x'.repeat(40), authType: AuthType.ApiKey }).channels.sms.send({ messages: [{ from: 'Shop', destinations: [{ to: '15005550006' }], text: 'Order A-1001' }] });
  // It resolves with its errors.
  if (answer instanceof Error) throw answer;
  return answer;
};
