/** A shop as it is in production: official libraries with their defaults. It knows nothing of any gateway. */
import sendgrid from '@sendgrid/mail';
import { createTransport } from 'nodemailer';
import Stripe from 'stripe';
import twilio from 'twilio';

const captureOf = (headers: unknown): unknown => (headers as Record<string, unknown>)['x-fourthwall-capture'];

const stripe = new Stripe(`sk_${'test'}_${'0'.repeat(24)}`);
const paid = await stripe.paymentIntents.create({ amount: 4200, currency: 'eur', confirm: true, payment_method: 'pm_card_visa', automatic_payment_methods: { enabled: true, allow_redirects: 'never' } });

sendgrid.setApiKey(['SG', 'x'.repeat(22), 'y'.repeat(43)].join('.'));
const [mailed] = await sendgrid.send({ to: 'ann@example.test', from: 'shop@example.test', subject: 'Your order', text: 'On its way.' });

const texted = await twilio(`AC${'0'.repeat(32)}`, 'token').messages.create({ to: '+15005550006', from: '+15005550001', body: 'On its way' });

const relayed = await createTransport({ host: 'mail.provider.example', port: 25, requireTLS: true })
  .sendMail({ from: 'shop@example.test', to: 'ann@example.test', subject: 'By SMTP', text: 'Hello' });
const submitted = await createTransport({ host: 'mail.provider.example', port: 465, secure: true })
  .sendMail({ from: 'shop@example.test', to: 'ann@example.test', subject: 'By SMTPS', text: 'Hello' });

const plain = await fetch('http://tracking.example/pixel').then(({ status, headers }) => ({ status, capture: headers.get('x-fourthwall-capture') }));
const unknown = await fetch('https://unknown-vendor.example/').then(({ status }) => `answered ${status}`, (error: Error) => (error.cause as NodeJS.ErrnoException).code ?? 'failed');

process.stdout.write(JSON.stringify({
  paid: { status: paid.status, capture: captureOf(paid.lastResponse.headers) },
  mailed: { status: mailed.statusCode, capture: captureOf(mailed.headers) },
  texted: texted.sid.slice(0, 2),
  relayed: relayed.response, submitted: submitted.response, plain, unknown,
}));
