import { createTransport } from 'nodemailer';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, proxyEnv, runApp, startGateway, type RunningGateway } from '../support/gateway.ts';

/** The real libraries of the vendors against the real program, pointed at it the ways their options allow. */
let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startGateway({ gateway: 'reverse:\n  - { port: 0, host: api.stripe.com, tls: false }\n' });
});
afterAll(() => discard(gateway));

interface Summary { id: string; title: string; service: string; provider: string; operation: string; action: string; outcome: string; rule: string; recipients: { address: string; standing: string }[] }
const captures = async (query: string): Promise<Summary[]> => (await gateway.api<{ items: Summary[] }>(`/api/captures?${query}`)).items;

describe.each(['proxy', 'reverse'])('through %s', (mode) => {
  const env = (): Record<string, string> => ({
    MODE: mode,
    ...(mode === 'proxy' ? proxyEnv(gateway, `shop-${mode}`) : {
      BASE_URL: `http://127.0.0.1:${gateway.ports['http']}`,
      REVERSE_PORT: String(gateway.ports['reverse:api.stripe.com']),
    }),
  });

  it('a Stripe checkout is confirmed, fetched, refunded, replayed and declined as at Stripe', async () => {
    const shop = await runApp<{
      created: string; confirmed: string; replay: [string, string];
      fetched: { status: string; amount_received: number; latest_charge: { id: string; paid: boolean }; customer: { email: string } };
      refund: { amount: number; status: string };
      declined: { type: string; code: string; decline: string; status: number }; missing: { type: string; code: string };
    }>('stripe.ts', env());
    expect(shop.created).toBe('requires_payment_method');
    expect(shop.confirmed).toBe('succeeded');
    expect(shop.fetched).toMatchObject({ status: 'succeeded', amount_received: 4200, latest_charge: { paid: true }, customer: { email: 'ann@example.test' } });
    expect(shop.refund).toMatchObject({ amount: 1200, status: 'succeeded' });
    expect(shop.replay[0]).toBe(shop.replay[1]);
    expect(shop.declined).toMatchObject({ type: 'StripeCardError', code: 'card_declined', decline: 'insufficient_funds', status: 402 });
    expect(shop.missing).toMatchObject({ type: 'StripeInvalidRequestError', code: 'resource_missing' });
  });

  it('a live key at Stripe raises StripePermissionError with rule and reason, after one attempt', async () => {
    const before = (await captures('provider=stripe&action=reject')).length;
    const { refused } = await runApp<{ refused: { type: string; message: string; status: number } }>('stripe.ts', { ...env(), ONLY: 'charge', STRIPE_KEY: ['sk', 'live', 'a'.repeat(24)].join('_') });
    expect(refused).toMatchObject({ type: 'StripePermissionError', status: 403 });
    expect(refused.message).toContain('live-keys');
    expect(refused.message).toContain('a live key is never used');
    expect(await captures('provider=stripe&action=reject')).toHaveLength(before + 1);
  });

  it('a SendGrid mail resolves and is found; a refused one raises ResponseError with rule and reason', async () => {
    const base = env()['BASE_URL'];
    const mail = await runApp<{ sent: { status: number; id: string; capture: string }; refused: { type: string; code: number; body: { errors: { message: string }[] } } }>(
      'sendgrid.ts', { ...env(), ...(base === undefined ? {} : { BASE_URL: `${base}/~/api.sendgrid.com/` }) });
    expect(mail.sent.status).toBe(202);
    const capture = await gateway.api<Summary>(`/api/captures/${mail.sent.capture}`);
    expect(capture).toMatchObject({ provider: 'sendgrid', action: 'capture', outcome: 'captured', title: 'Your order A-1001' });
    expect(capture.recipients).toEqual([expect.objectContaining({ address: 'ann@example.test', standing: 'safe' })]);
    expect(mail.refused.type).toBe('ResponseError');
    expect(mail.refused.body.errors[0]!.message).toMatch(/no-blocked.*this mailbox is closed/);
  });

  it('a Twilio message resolves and can be read back; a refused one raises RestException with rule and reason', async () => {
    const sms = await runApp<{ sent: { sid: string; status: string }; fetched: { sid: string; body: string }; refused: { type: string; status: number; message: string } }>('twilio.ts', env());
    expect(sms.sent.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(sms.fetched).toEqual({ sid: sms.sent.sid, body: 'Order A-1001 has shipped' });
    expect(sms.refused).toMatchObject({ type: 'RestException', status: 400 });
    expect(sms.refused.message).toMatch(/no-blocked-phone.*this number is closed/);
  });
});

describe.each([['smtp', false], ['smtps', true]] as const)('over %s', (name, secure) => {
  const transport = (): ReturnType<typeof createTransport> => createTransport({
    host: '127.0.0.1', port: gateway.ports[name], secure, requireTLS: true, auth: { user: 'mailer', pass: 'any' },
    tls: { ca: readFileSync(gateway.caFile) },
  });

  it('a mail is accepted with the id of its capture and its bytes are kept as sent', async () => {
    const sent = await transport().sendMail({ from: 'shop@example.test', to: 'ann@example.test', subject: `Hello over ${name}`, text: '.dots\r\n..and lines\r\n' });
    const id = /captured (cap_\w+)/.exec(sent.response)?.[1];
    expect(id).toBeDefined();
    const capture = await gateway.api<Summary>(`/api/captures/${id}`);
    expect(capture).toMatchObject({ title: `Hello over ${name}`, service: 'mailer', provider: 'smtp', outcome: 'captured' });
    const raw = await (await fetch(`${gateway.control}/api/captures/${id}/raw`)).text();
    expect(raw).toContain('\r\n\r\n.dots\r\n..and lines\r\n');
  });

  it('a refused mail raises an error with code 550, rule and reason', async () => {
    await expect(transport().sendMail({ from: 'shop@example.test', to: 'blocked@example.test', subject: 'no', text: 'no' }))
      .rejects.toMatchObject({ responseCode: 550, response: expect.stringMatching(/5\.7\.1 no-blocked: this mailbox is closed/) });
  });
});
