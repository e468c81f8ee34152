/**
 * The services of the three stories, each with the libraries a real one would use. STORY=mailshot sends the same letter to
 * CUSTOMERS by SMTP, one transaction each; STORY=statement sends one statement by SendGrid; STORY=checkout charges with STRIPE_KEY.
 */
import sendgrid from '@sendgrid/mail';
import { createTransport } from 'nodemailer';
import Stripe from 'stripe';

const story = process.env['STORY'];

async function mailshot(): Promise<unknown> {
  const transport = createTransport({
    host: '127.0.0.1', port: Number(process.env['SMTP_PORT']), ignoreTLS: true, pool: true, maxConnections: 1, auth: { user: 'newsletter', pass: 'any' },
  });
  const rows = (process.env['CUSTOMERS'] ?? '').split(',').map((address) => ({ address, name: null as string | null }));
  const sent: { readonly to: string; readonly response?: string; readonly code?: number }[] = [];
  for (const { address, name } of rows) {
    const text = `Dear ${name},\n\nwelcome to our private banking. Your adviser will call you.\n\nTo leave this list: https://bank.example/unsubscribe\n`;
    sent.push(await transport.sendMail({ from: 'bank@example.test', to: address, subject: 'Welcome to private banking', text }).then(
      ({ response }) => ({ to: address, response }),
      (error: { readonly responseCode?: number; readonly response?: string }) => ({ to: address, code: error.responseCode ?? 0, response: error.response ?? '' }),
    ));
  }
  transport.close();
  return { sent };
}

async function statement(): Promise<unknown> {
  sendgrid.setApiKey(`SG.${'a'.repeat(22)}.${'b'.repeat(43)}`);
  const [{ statusCode, headers }] = await sendgrid.send({
    to: 'ann.miller@bank-customer.com', from: 'bank@example.test', subject: 'Your statement of November',
    text: 'Dear stingy old bastard,\n\nyour balance is EUR 12.00.\n', html: '<p>Dear stingy old bastard,</p><p>your balance is EUR 12.00.</p>',
  });
  return { status: statusCode, capture: (headers as Record<string, string>)['x-fourthwall-capture'] };
}

async function checkout(): Promise<unknown> {
  const stripe = new Stripe(process.env['STRIPE_KEY'] ?? '', { maxNetworkRetries: 3, httpClient: Stripe.createFetchHttpClient() });
  return stripe.paymentIntents.create({ amount: 4_200, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' }).then(
    ({ id }) => ({ resolved: id }),
    (error: { readonly type: string; readonly message: string; readonly statusCode: number }) => ({ type: error.type, message: error.message, status: error.statusCode }),
  );
}

console.log(JSON.stringify(await (story === 'mailshot' ? mailshot() : story === 'statement' ? statement() : checkout())));
