/** An SMS with the official library. MODE=proxy uses HTTP_PROXY as the library does; MODE=reverse rewrites the address in a client of its own. */
import twilio from 'twilio';

class Reverse extends twilio.RequestClient {
  override request: twilio.RequestClient['request'] = (options) =>
    twilio.RequestClient.prototype.request.call(this, { ...options, uri: options.uri.replace('https://', `${process.env['BASE_URL']}/~/`) }) as never;
}

const account = `AC${'0'.repeat(32)}`;
const client = twilio(account, 'f'.repeat(32), process.env['MODE'] === 'reverse' ? { httpClient: new Reverse() } : {});
const failure = (error: { name: string; code?: number; status?: number; message: string; constructor: { name: string } }): unknown =>
  ({ type: error.constructor.name, code: error.code, status: error.status, message: error.message });

const sent = await client.messages.create({ to: '+15005550006', from: '+15005550001', body: 'Order A-1001 has shipped' });
const fetched = await client.messages(sent.sid).fetch();
const refused = await client.messages.create({ to: '+15005550009', from: '+15005550001', body: 'no' }).then((ok) => ({ resolved: ok.sid }), failure);
console.log(JSON.stringify({ sent: { sid: sent.sid, status: sent.status }, fetched: { sid: fetched.sid, body: fetched.body }, refused }));
