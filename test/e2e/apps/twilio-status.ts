/** An SMS with the official library that asks for status callbacks to STATUS_URL. */
import twilio from 'twilio';

const client = twilio(`AC${'0'.repeat(32)}`, process.env['TWILIO_TOKEN'] ?? '');
const sender = process.env['BY_SERVICE'] === undefined ? { from: '+15005550001' } : { messagingServiceSid: `MG${'0'.repeat(32)}` };
const { sid, status } = await client.messages.create({ to: '+15005550006', ...sender, body: 'Order A-1001 has shipped', statusCallback: process.env['STATUS_URL'] ?? '' });
console.log(JSON.stringify({ sid, status }));
