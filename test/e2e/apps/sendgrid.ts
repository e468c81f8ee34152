/** A confirmation mail with the official library. MODE=proxy goes through HTTPS_PROXY, MODE=reverse to BASE_URL. */
import sendgrid from '@sendgrid/mail';

interface ResponseError extends Error { readonly code: number; readonly response?: { readonly body: unknown } }
/** the property is there and documented, though its types leave it out */
const mail = sendgrid as typeof sendgrid & { readonly client: { setDefaultRequest(key: string, value: string): void } };
mail.setApiKey(['SG', 'x'.repeat(22), 'y'.repeat(43)].join('.'));
if (process.env['MODE'] === 'reverse') mail.client.setDefaultRequest('baseUrl', process.env['BASE_URL']!);

const send = (to: string): Promise<unknown> => mail.send({
  to, from: 'shop@example.test', subject: 'Your order A-1001', text: 'Thank you, Ann. Order A-1001 is on its way.', html: '<p>Thank you, <b>Ann</b>. Order A-1001 is on its way.</p>',
  customArgs: { order_id: 'A-1001' },
}).then(
  ([response]) => ({ status: response.statusCode, id: response.headers['x-message-id'], capture: response.headers['x-fourthwall-capture'] }),
  (error: ResponseError) => ({ type: error.constructor.name, code: error.code, body: error.response?.body }),
);

console.log(JSON.stringify({ sent: await send('ann@example.test'), refused: await send('blocked@example.test') }));
