import { auth, gmail } from '@googleapis/gmail';
export const provider = 'gmail';
export default () => {
  const client = new auth.OAuth2();
  client.setCredentials({ access_token: `ya29.${'x'.repeat(60)}` });
  return gmail({ version: 'v1', auth: client }).users.messages.send({ userId: 'me', requestBody: { raw: Buffer.from('To: ann@example.test\r\nSubject: Your order\r\n\r\nThank you').toString('base64url') } });
};
