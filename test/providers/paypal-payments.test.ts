import { beforeEach, describe, expect, it } from 'vitest';
import { paypal } from '../../src/providers/paypal/index.ts';
import { fixedNow } from '../support/simulation-context.ts';
import { teller } from '../support/teller.ts';

const usd = (value: string) => ({ currency_code: 'USD', value });
const order = (more: object = {}, unit: object = {}) => ({ intent: 'CAPTURE', purchase_units: [{ amount: usd('100.10'), ...unit }], ...more });
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(paypal, 'api-m.sandbox.paypal.com', [['Authorization', 'Bearer A21AAtest']]); });
const told = (): readonly unknown[] => at.callbacks.map(({ event }) => event);

describe('an order', () => {
  it('is captured once its payer has approved, and no sooner', async () => {
    const made = await at.say('POST', '/v2/checkout/orders', order());
    expect([made.status, made.body.status]).toEqual([201, 'CREATED']);
    expect(made.body.links.find(({ rel }: { rel: string }) => rel === 'approve').href).toBe(`http://127.0.0.1:8025/pay/order/${made.body.id}`);
    const path = `/v2/checkout/orders/${made.body.id}`;
    expect((await at.say('POST', `${path}/capture`)).body.details[0].issue).toBe('ORDER_NOT_APPROVED');
    await at.happen('CHECKOUT.ORDER.APPROVED', made);
    expect((await at.say('GET', path)).body).toMatchObject({ status: 'APPROVED', payer: { email_address: 'buyer@example.com' } });
    const captured = await at.say('POST', `${path}/capture`);
    expect([captured.status, captured.body.status, captured.body.purchase_units[0].payments.captures[0].amount]).toEqual([201, 'COMPLETED', usd('100.10')]);
    expect((await at.say('POST', `${path}/capture`)).body.details[0].issue).toBe('ORDER_ALREADY_CAPTURED');
    expect(told()).toEqual(['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.COMPLETED']);
    expect(await at.happen('CHECKOUT.ORDER.APPROVED', made)).toEqual([]);
  });

  it('pays at once by card, and never keeps the number', async () => {
    const made = await at.say('POST', '/v2/checkout/orders', order({ payment_source: { card: { number: '4111111111111111', security_code: '987' } } }));
    expect(made.body).toMatchObject({ status: 'COMPLETED', payment_source: { card: { last_digits: '1111', brand: 'VISA' } } });
    const whole = await at.say('GET', `/v2/checkout/orders/${made.body.id}`);
    expect(JSON.stringify([whole.body, at.callbacks])).not.toMatch(/4111111111111111|987/);
  });

  it('is completed by the approval where the caller said so', async () => {
    const made = await at.say('POST', '/v2/checkout/orders', order({ payment_source: { ideal: { country_code: 'NL', name: 'Ann' } }, processing_instruction: 'ORDER_COMPLETE_ON_PAYMENT_APPROVAL' }));
    expect([made.status, made.body.status]).toEqual([200, 'PAYER_ACTION_REQUIRED']);
    await at.happen('CHECKOUT.ORDER.APPROVED', made);
    expect((await at.say('GET', `/v2/checkout/orders/${made.body.id}`)).body.status).toBe('COMPLETED');
  });

  it('is patched until it is completed', async () => {
    const made = await at.say('POST', '/v2/checkout/orders', order());
    const path = `/v2/checkout/orders/${made.body.id}`;
    const patch = (value: string) => [{ op: 'replace', path: "/purchase_units/@reference_id=='default'/amount", value: usd(value) }];
    expect((await at.say('PATCH', path, patch('90.00'))).status).toBe(204);
    expect((await at.say('GET', path)).body.purchase_units[0].amount).toEqual(usd('90.00'));
    expect((await at.say('PATCH', path, [{ op: 'replace', path: '/status', value: 'COMPLETED' }])).body.details[0].issue).toBe('NOT_PATCHABLE');
    expect((await at.say('PATCH', path, patch('0.00'))).body.details[0].issue).toBe('CANNOT_BE_ZERO_OR_NEGATIVE');
    await at.happen('CHECKOUT.ORDER.APPROVED', made);
    await at.say('POST', `${path}/capture`);
    expect((await at.say('PATCH', path, patch('80.00'))).body.details[0].issue).toBe('ORDER_ALREADY_COMPLETED');
  });

  it.each<[string, object, string]>([
    ['no intent', { purchase_units: [{ amount: usd('1.00') }] }, 'MISSING_REQUIRED_PARAMETER'],
    ['another intent', order({ intent: 'capture' }), 'INVALID_PARAMETER_VALUE'],
    ['no units', { intent: 'CAPTURE', purchase_units: [] }, 'MISSING_REQUIRED_PARAMETER'],
    ['three decimals', order({}, { amount: usd('1.001') }), 'DECIMAL_PRECISION'],
    ['decimals of yen', order({}, { amount: { currency_code: 'JPY', value: '1.00' } }), 'DECIMALS_NOT_SUPPORTED'],
    ['nothing', order({}, { amount: usd('0.00') }), 'CANNOT_BE_ZERO_OR_NEGATIVE'],
    ['an amount as a number', order({}, { amount: { currency_code: 'USD', value: 1.5 } }), 'MISSING_REQUIRED_PARAMETER'],
    ['parts that are not the whole', order({}, { amount: { ...usd('0.30'), breakdown: { item_total: usd('0.10'), shipping: usd('0.10') } } }), 'AMOUNT_MISMATCH'],
    ['two units of one name', { intent: 'CAPTURE', purchase_units: [{ reference_id: 'a', amount: usd('1.00') }, { reference_id: 'a', amount: usd('1.00') }] }, 'DUPLICATE_REFERENCE_ID'],
  ])('is refused with %s', async (_, body, issue) => {
    const status = /^(?:MISSING|INVALID)_/.test(issue) ? 400 : 422;
    expect(await at.say('POST', '/v2/checkout/orders', body)).toMatchObject({ status, body: { name: status === 400 ? 'INVALID_REQUEST' : 'UNPROCESSABLE_ENTITY', details: [{ issue }] } });
  });

  it('adds its parts exactly', async () => {
    expect((await at.say('POST', '/v2/checkout/orders', order({}, { amount: { ...usd('0.30'), breakdown: { item_total: usd('0.10'), tax_total: usd('0.30'), discount: usd('0.10') } } }))).status).toBe(201);
  });

  it('is made once for one PayPal-Request-Id, and declined where the sandbox is told to', async () => {
    const key = [['PayPal-Request-Id', 'order-1']] as const;
    const [first, again] = [await at.say('POST', '/v2/checkout/orders', order(), key), await at.say('POST', '/v2/checkout/orders', order(), key)];
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    at.pass(6 * 3600 * 1000);
    expect((await at.say('POST', '/v2/checkout/orders', order(), key)).body.id).not.toBe(first.body.id);
    const mock = [['PayPal-Mock-Response', '{"mock_application_codes":"INSTRUMENT_DECLINED"}']] as const;
    expect((await at.say('POST', '/v2/checkout/orders', order(), mock)).body.details[0].issue).toBe('INSTRUMENT_DECLINED');
    const live = teller(paypal, 'api-m.paypal.com', [['Authorization', 'Bearer A21AAtest']]);
    expect((await live.say('POST', '/v2/checkout/orders', order(), mock)).status).toBe(201);
  });
});

describe('money', () => {
  const paid = async (intent: string) => {
    const made = await at.say('POST', '/v2/checkout/orders', order({ intent, payment_source: { token: { id: 't', type: 'BILLING_AGREEMENT' } } }));
    return { made, parts: made.body.purchase_units[0].payments };
  };

  it('goes back in parts, and not more than there is', async () => {
    const { made, parts } = await paid('CAPTURE');
    const path = `/v2/payments/captures/${parts.captures[0].id}`;
    const one = await at.say('POST', `${path}/refund`, { amount: usd('0.10') });
    expect((await at.say('GET', path)).body).toMatchObject({ status: 'PARTIALLY_REFUNDED', supplementary_data: { related_ids: { order_id: made.body.id } } });
    expect((await at.say('GET', `/v2/payments/refunds/${one.body.id}`)).body).toMatchObject({ status: 'COMPLETED', amount: usd('0.10') });
    expect((await at.say('POST', `${path}/refund`, { amount: usd('100.01') })).body.details[0].issue).toBe('REFUND_AMOUNT_EXCEEDED');
    expect((await at.say('POST', `${path}/refund`, { amount: { currency_code: 'EUR', value: '1.00' } })).body.details[0].issue).toBe('REFUND_CAPTURE_CURRENCY_MISMATCH');
    const rest = await at.say('POST', `${path}/refund`, {}, [['Prefer', 'return=representation']]);
    expect(rest.body).toMatchObject({ amount: usd('100.00'), seller_payable_breakdown: { total_refunded_amount: usd('100.10') } });
    expect((await at.say('POST', `${path}/refund`)).body.details[0].issue).toBe('CAPTURE_FULLY_REFUNDED');
    expect((await at.say('GET', `/v2/checkout/orders/${made.body.id}`)).body.purchase_units[0].payments.refunds).toHaveLength(2);
    expect(told()).toEqual(['PAYMENT.CAPTURE.COMPLETED', 'PAYMENT.CAPTURE.REFUNDED', 'PAYMENT.CAPTURE.REFUNDED']);
  });

  it('is held, captured in parts up to 115 %, and then no longer released', async () => {
    const { made, parts } = await paid('AUTHORIZE');
    const path = `/v2/payments/authorizations/${parts.authorizations[0].id}`;
    expect((await at.say('POST', `/v2/checkout/orders/${made.body.id}/capture`)).body.details[0].issue).toBe('ACTION_DOES_NOT_MATCH_INTENT');
    expect((await at.say('POST', `${path}/capture`, { amount: usd('10.10') })).body.status).toBe('COMPLETED');
    expect((await at.say('GET', path)).body.status).toBe('PARTIALLY_CAPTURED');
    expect((await at.say('POST', `${path}/void`)).body.details[0].issue).toBe('PREVIOUSLY_CAPTURED');
    expect((await at.say('POST', `${path}/capture`, { amount: usd('105.02') })).body.details[0].issue).toBe('MAX_CAPTURE_AMOUNT_EXCEEDED');
    expect((await at.say('POST', `${path}/capture`, { amount: usd('105.01') })).status).toBe(201);
    expect((await at.say('POST', `${path}/capture`)).body.details[0].issue).toBe('AUTHORIZATION_ALREADY_CAPTURED');
  });

  it('is released by a void, at once or later', async () => {
    const first = await paid('AUTHORIZE');
    const path = `/v2/payments/authorizations/${first.parts.authorizations[0].id}`;
    expect((await at.say('POST', `${path}/void`)).status).toBe(204);
    expect((await at.say('POST', `${path}/capture`)).body.details[0].issue).toBe('AUTHORIZATION_VOIDED');
    const second = await paid('AUTHORIZE');
    expect((await at.happen('PAYMENT.AUTHORIZATION.VOIDED', second.made)).map(({ event }) => event)).toEqual(['PAYMENT.AUTHORIZATION.VOIDED']);
    expect((await at.say('GET', `/v2/payments/authorizations/${second.parts.authorizations[0].id}`)).body.status).toBe('VOIDED');
  });

  it('is taken back by a chargeback, once', async () => {
    const { made } = await paid('CAPTURE');
    expect(await at.happen('PAYMENT.CAPTURE.REVERSED', made)).toHaveLength(1);
    expect(await at.happen('PAYMENT.CAPTURE.REFUNDED', made)).toEqual([]);
  });
});

describe('a call that says no more than an id', () => {
  const unit = { custom_id: 'A-1001', payee: { email_address: 'seller@merchant.example' } };
  const seen = { keys: [{ name: 'custom_id', value: 'A-1001' }], recipients: expect.arrayContaining([{ address: 'seller@merchant.example', kind: 'email', role: 'payee' }, { address: 'ann@customer.example', kind: 'email', role: 'payer' }]), customer: 'ann@customer.example' };

  it('is told with the amount, the keys and the people of its order', async () => {
    const made = await at.say('POST', '/v2/checkout/orders', order({ payer: { email_address: 'ann@customer.example' } }, unit));
    await at.happen('CHECKOUT.ORDER.APPROVED', made);
    const captured = await at.say('POST', `/v2/checkout/orders/${made.body.id}/capture`);
    expect(await at.recalled(captured.request)).toMatchObject({ effects: [{ ...seen, operation: 'orders.capture', amount: { minor: '10010', currency: 'USD' } }] });
    const path = `/v2/payments/captures/${captured.body.purchase_units[0].payments.captures[0].id}/refund`;
    const part = await at.say('POST', path, { amount: usd('0.10') });
    expect(await at.recalled(part.request)).toMatchObject({ effects: [{ ...seen, amount: { minor: '10' } }] });
    expect(await at.recalled({ ...part.request, body: Buffer.from('{}') })).toMatchObject({ effects: [{ ...seen, amount: { minor: '10000' } }] });
  });

  it('of an order from elsewhere stays as it was', async () => {
    const unknown = await at.say('POST', '/v2/checkout/orders/NOBODY/capture');
    expect([unknown.status, await at.recalled(unknown.request)]).toEqual([404, paypal.decode(unknown.request)]);
  });
});

describe('a payout', () => {
  const batch = { sender_batch_header: { sender_batch_id: 'b-1', recipient_type: 'EMAIL' }, items: [{ receiver: 'ann@customer.example', amount: { currency: 'USD', value: '0.10' } }, { receiver: 'bob@customer.example', amount: { currency: 'USD', value: '0.20' } }] };

  it('is paid after two seconds, item for item, and one batch id serves once', async () => {
    const made = await at.say('POST', '/v1/payments/payouts', batch);
    expect([made.status, made.body.batch_header.batch_status]).toEqual([201, 'PENDING']);
    const path = `/v1/payments/payouts/${made.body.batch_header.payout_batch_id}`;
    expect((await at.say('GET', path)).body.items[0].transaction_status).toBe('PENDING');
    at.pass(2_000);
    const paid = (await at.say('GET', `${path}?page_size=1&total_required=true`)).body;
    expect(paid).toMatchObject({ batch_header: { batch_status: 'SUCCESS', amount: { currency: 'USD', value: '0.30' } }, total_items: 2, total_pages: 2, items: [{ transaction_status: 'SUCCESS' }] });
    expect((await at.say('GET', `/v1/payments/payouts-item/${paid.items[0].payout_item_id}`)).body.payout_item.receiver).toBe('ann@customer.example');
    expect((await at.say('POST', '/v1/payments/payouts', batch)).body.details[0].issue).toContain('already exists');
    expect(at.callbacks.map(({ event, notBeforeMs }) => [event, notBeforeMs - fixedNow])).toEqual([['PAYMENT.PAYOUTSBATCH.SUCCESS', 2_000], ['PAYMENT.PAYOUTS-ITEM.SUCCEEDED', 2_000], ['PAYMENT.PAYOUTS-ITEM.SUCCEEDED', 2_000]]);
  });

  it('is not claimed by one of its receivers', async () => {
    const made = await at.say('POST', '/v1/payments/payouts', batch);
    expect(await at.happen('PAYMENT.PAYOUTS-ITEM.UNCLAIMED', made, { recipient: 'bob@customer.example' })).toHaveLength(1);
    const items = (await at.say('GET', `/v1/payments/payouts/${made.body.batch_header.payout_batch_id}`)).body.items as { transaction_status: string }[];
    expect(items.map((item) => item.transaction_status)).toEqual(['PENDING', 'UNCLAIMED']);
  });

  it('is refused in two currencies', async () => {
    const [first, second] = batch.items;
    const mixed = { ...batch, items: [first, { ...second, amount: { currency: 'EUR', value: '1.00' } }] };
    expect((await at.say('POST', '/v1/payments/payouts', mixed)).body.name).toBe('VALIDATION_ERROR');
  });
});

describe('a delivery', () => {
  const webhookId = '1JE4291016473214C';
  const asked = async (change: (facts: Record<string, unknown>) => Record<string, unknown> = (facts) => facts) => {
    await at.say('POST', '/v2/checkout/orders', order({ payment_source: { card: { number: '4111111111111111' } } }));
    const { target: _target, ...draft } = at.callbacks[0]!;
    const { headers, body } = paypal.sign({ ...draft, url: 'https://shop.example.test/paypal' }, webhookId, fixedNow);
    const of = (name: string) => headers.find(([each]) => each.toLowerCase() === `paypal-${name}`)![1];
    const facts = { auth_algo: of('auth-algo'), cert_url: of('cert-url'), transmission_id: of('transmission-id'), transmission_sig: of('transmission-sig'), transmission_time: of('transmission-time'), webhook_id: webhookId, webhook_event: JSON.parse(body) as Record<string, unknown> };
    return (await at.say('POST', '/v1/notifications/verify-webhook-signature', change(facts))).body.verification_status as string;
  };

  it.each<[string, string, (facts: Record<string, unknown>) => Record<string, unknown>]>([
    ['SUCCESS', 'as it came', (facts) => facts],
    ['FAILURE', 'for another webhook', (facts) => ({ ...facts, webhook_id: '9ZZ4291016473214C' })],
    ['FAILURE', 'at another time', (facts) => ({ ...facts, transmission_time: '2026-11-21T10:00:00Z' })],
    ['FAILURE', 'with another event', (facts) => ({ ...facts, webhook_event: { ...(facts['webhook_event'] as object), event_type: 'PAYMENT.CAPTURE.DENIED' } })],
    ['FAILURE', 'with an event from elsewhere', (facts) => ({ ...facts, webhook_event: { id: 'WH-ELSEWHERE-1' } })],
  ])('is %s to verify-webhook-signature %s', async (verdict, _, change) => {
    expect(await asked(change)).toBe(verdict);
  });

  it('is read back as an event', async () => {
    await at.say('POST', '/v2/checkout/orders', order({ payment_source: { card: { number: '4111111111111111' } } }));
    const event = JSON.parse(at.callbacks[0]!.body) as { id: string };
    expect((await at.say('GET', `/v1/notifications/webhooks-events/${event.id}`)).body).toEqual(event);
  });
});

describe('a caller', () => {
  it('finds what it made with an older token, and not in production', async () => {
    const client = teller(paypal, 'api-m.sandbox.paypal.com', [['Authorization', `Basic ${Buffer.from('client:secret').toString('base64')}`]]);
    const minted = async () => (await client.say('POST', '/v1/oauth2/token', 'grant_type=client_credentials')).body.access_token as string;
    const tokens = [await minted(), await minted()];
    expect(tokens[0]).not.toBe(tokens[1]);
    const account = (host: string, token: string) => paypal.account({ kind: 'http', method: 'GET', scheme: 'https', authority: { host, port: 443 }, path: '/', query: null, version: '1.1', headers: [['Authorization', `Bearer ${token}`]], trailers: [], body: new Uint8Array() });
    expect(account('api-m.sandbox.paypal.com', tokens[0]!)).toBe(account('api.sandbox.paypal.com', tokens[1]!));
    expect(account('api-m.paypal.com', tokens[0]!)).not.toBe(account('api-m.sandbox.paypal.com', tokens[0]!));
    expect(account('api-m.paypal.com', tokens[0]!)).not.toContain('client');
  });

  it('without credentials is told so', async () => {
    const nobody = teller(paypal, 'api-m.paypal.com', []);
    expect((await nobody.say('POST', '/v1/oauth2/token', 'grant_type=client_credentials')).body.error).toBe('invalid_client');
    expect((await nobody.say('GET', '/v2/checkout/orders/X')).status).toBe(401);
  });

  it.each(['/v2/checkout/orders/NOBODY', '/v2/payments/captures/NOBODY', '/v2/payments/authorizations/NOBODY', '/v2/payments/refunds/NOBODY', '/v1/payments/payouts/NOBODY', '/v1/payments/payouts-item/NOBODY', '/v1/notifications/webhooks-events/WH-A-B'])('gets PayPal\'s 404 for %s', async (path) => {
    expect((await at.say('GET', path))).toMatchObject({ status: 404, body: { name: 'RESOURCE_NOT_FOUND' } });
  });
});
