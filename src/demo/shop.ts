/**
 * A small shop in staging, played through the gateway with the vendors' own libraries: one order that touches three
 * channels, one customer whose address looks real, one key that is live. Run by `fourthwall start --demo`, which sets
 * the same variables a service would have (HTTPS_PROXY, NODE_EXTRA_CA_CERTS ...).
 */
import { randomBytes } from 'node:crypto';
import { Agent } from 'node:https';
import sendgrid from '@sendgrid/mail';
import { createTransport } from 'nodemailer';
import Stripe from 'stripe';
import twilio from 'twilio';

const mail = createTransport({ host: '127.0.0.1', port: Number(process.env['DEMO_SMTP_PORT']), auth: { user: 'shop', pass: 'demo' }, tls: { rejectUnauthorized: true } });
const sms = twilio(`AC${randomBytes(16).toString('hex')}`, randomBytes(16).toString('hex'));
const throughProxy = new Agent({ keepAlive: true, proxyEnv: process.env });
const stripe = new Stripe(['sk', 'test', randomBytes(24).toString('hex')].join('_'), { httpAgent: throughProxy, maxNetworkRetries: 0 });
sendgrid.setApiKey(['SG', randomBytes(11).toString('hex'), randomBytes(22).toString('hex').slice(0, 43)].join('.'));

const say = (line: string): void => { process.stderr.write(`${line}\n`); };

async function order(): Promise<void> {
  const metadata = { order_id: 'A-1001' };
  const customer = await stripe.customers.create({ email: 'ann.lee@example.test', name: 'Ann Lee', phone: '+15005550006', metadata });
  const payment = await stripe.paymentIntents.create({
    amount: 4200, currency: 'eur', customer: customer.id, payment_method: 'pm_card_visa',
    confirm: true, receipt_email: 'ann.lee@example.test', description: 'Order A-1001: one stage lamp', metadata,
  });
  say(`order A-1001: ${payment.id} ${payment.status}`);
  await sendgrid.send({
    to: { email: 'ann.lee@example.test', name: 'Ann Lee' }, from: { email: 'shop@example.test', name: 'The Shop' },
    subject: 'Your order A-1001 is confirmed', customArgs: metadata,
    text: 'Dear Ann,\n\nthank you for order A-1001: one stage lamp, EUR 42.00.\nTrack it: https://shop.example.test/orders/A-1001\n',
    html: '<h1 style="font-family:Georgia,serif">Thank you, Ann</h1><p>Order <b>A-1001</b>: one stage lamp, <b>EUR 42.00</b>.</p><p><a href="https://shop.example.test/orders/A-1001">Track your order</a></p>',
  });
  const text = await sms.messages.create({ to: '+15005550006', from: '+15005550001', body: 'The Shop: order A-1001 has shipped. Your pick-up code is 482913.' });
  say(`order A-1001: mail and ${text.sid} sent, as far as the shop can tell`);
  await stripe.refunds.create({ payment_intent: payment.id, amount: 1200, metadata });
}

async function decline(): Promise<void> {
  await stripe.paymentIntents.create({
    amount: 9900, currency: 'eur', payment_method: 'pm_card_visa_chargeDeclined', confirm: true,
    metadata: { order_id: 'A-1002' },
  }).then((payment) => say(`order A-1002: ${payment.status}`), (error: unknown) => say(`order A-1002: ${text(error)}`));
}

/** The story this tool exists for: live data in staging, and a NULL where the name belongs. */
async function mailshot(): Promise<void> {
  await mail.sendMail({
    from: 'The Shop <shop@example.test>', to: ['margaret', 'whitcombe'].join('.') + '@' + ['btinternet', 'com'].join('.'),
    subject: 'A private invitation, {{first_name}}',
    text: 'Dear null,\n\nas one of our most valued customers you are invited ...\n',
    html: '<p>Dear null,</p><p>as one of our most valued customers you are invited ...</p>',
  });
  say('mailshot: accepted by the gateway, delivered to nobody');
}

async function liveKey(): Promise<void> {
  const live = new Stripe(['sk', 'live', randomBytes(24).toString('hex')].join('_'), { httpAgent: throughProxy, maxNetworkRetries: 0 });
  await live.paymentIntents.create({ amount: 4200, currency: 'eur', payment_method: 'pm_card_visa', confirm: true, metadata: { order_id: 'A-1003' } })
    .then((payment) => say(`order A-1003: ${payment.status}`), (error: unknown) => say(`order A-1003: ${text(error)}`));
}

async function unknownHost(): Promise<void> {
  const { request } = await import('node:https');
  await new Promise<void>((resolve) => {
    request('https://metrics.tracker-of-last-year.example/collect', { agent: throughProxy }, (response) => {
      say(`analytics: ${response.statusCode}`);
      response.resume().on('end', resolve);
    }).on('error', (error) => { say(`analytics: ${error.message}`); resolve(); }).end();
  });
}

const text = (error: unknown): string => error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error);

for (const scene of [order, decline, mailshot, liveKey, unknownHost]) {
  await scene().catch((error: unknown) => say(`${scene.name}: ${text(error)}`));
}
say('the demo has played; open the page to see what would have happened');
process.exit(0);
