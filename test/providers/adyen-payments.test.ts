import { beforeEach, describe, expect, it } from 'vitest';
import type { PayerChoice } from '../../src/model/hosted-page.ts';
import { adyen } from '../../src/providers/adyen/index.ts';
import { teller } from '../support/teller.ts';

const eur = (value: number) => ({ value, currency: 'EUR' });
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(adyen, 'checkout-test.adyen.com', [['X-API-Key', 'adyen-test-api-key']]); });
const pay = (more: object = {}, headers: readonly (readonly [string, string])[] = []) => at.say('POST', '/v72/payments', {
  amount: eur(1000), merchantAccount: 'Shop', reference: 'o-42', returnUrl: 'https://shop.example.test/done?o=42', paymentMethod: { type: 'scheme', number: '4111111111111111', cvc: '737', holderName: 'Ann' }, ...more,
}, headers);
const modify = (psp: string, what: string, more: object = {}) => at.say('POST', `/v72/payments/${psp}/${what}`, { merchantAccount: 'Shop', reference: `${what}-1`, ...more });
const items = () => at.callbacks.map(({ body }) => JSON.parse(body).notificationItems[0].NotificationRequestItem);
const told = (): readonly string[] => items().map(({ eventCode, success }) => `${eventCode} ${success}`);

describe('a payment', () => {
  it('by card is authorised and told, and no number is kept or told', async () => {
    const { status, body } = await pay();
    expect([status, body]).toEqual([200, { pspReference: expect.stringMatching(/^[A-Z0-9]{16}$/), resultCode: 'Authorised', merchantReference: 'o-42', amount: eur(1000), paymentMethod: { brand: 'visa', type: 'scheme' } }]);
    expect(items()).toMatchObject([{ eventCode: 'AUTHORISATION', success: 'true', pspReference: body.pspReference, merchantAccountCode: 'Shop', merchantReference: 'o-42', amount: eur(1000) }]);
    expect(at.callbacks[0]!.body).not.toMatch(/4111111111111111|737/);
    expect(JSON.parse(at.callbacks[0]!.body).live).toBe('false');
  });

  it.each([
    ['DECLINED', 'Refused', '2'], ['ERROR', 'Error', '4'], ['CARD_EXPIRED', 'Refused', '6'], ['NOT_ENOUGH_BALANCE', 'Refused', '12'],
  ])('of the holder %s is not', async (holderName, resultCode, refusalReasonCode) => {
    expect((await pay({ paymentMethod: { type: 'scheme', holderName } })).body).toMatchObject({ resultCode, refusalReasonCode });
    expect((await pay({ additionalData: { RequestedTestAcquirerResponseCode: refusalReasonCode } })).body).toMatchObject({ resultCode, refusalReasonCode });
    expect((await pay({ additionalData: { RequestedTestAcquirerResponseCode: Number(refusalReasonCode) } })).body).toMatchObject({ resultCode });
    expect(told()).toEqual(['AUTHORISATION false', 'AUTHORISATION false', 'AUTHORISATION false']);
  });

  it('by another method sends the shopper to a page, and the details that come back say what came of it', async () => {
    const { body } = await pay({ paymentMethod: { type: 'ideal' }, shopperEmail: 'ada@example.test' });
    expect([body.resultCode, body.action.type, body.action.url, told()]).toEqual(['RedirectShopper', 'redirect', `http://127.0.0.1:8025/pay/payment/${body.pspReference}`, []]);
    expect(await at.visit(body.action.url)).toMatchObject({ amount: { minor: '1000', exponent: 2, currency: 'EUR' }, payer: 'ada@example.test', lines: [{ text: 'o-42' }], choices: ['pay', 'decline', 'cancel'] });
    const url = new URL((await at.choose(body.action.url, 'pay'))!.goTo!);
    expect([url.origin, url.searchParams.get('o')]).toEqual(['https://shop.example.test', '42']);
    const details = { details: { redirectResult: url.searchParams.get('redirectResult') } };
    expect((await at.say('POST', '/v72/payments/details', details)).body).toMatchObject({ resultCode: 'Authorised', pspReference: body.pspReference });
    expect((await at.say('POST', '/v72/payments/details', details)).body.resultCode).toBe('Authorised');
    expect(told()).toEqual(['AUTHORISATION true']);
    expect(await at.visit(body.action.url)).toMatchObject({ choices: [], status: 'This payment was authorised.' });
    expect((await at.say('POST', '/v72/payments/details', { details: { redirectResult: 'made up' } })).status).toBe(422);
  });

  it.each<[PayerChoice, string, string]>([['decline', 'Refused', '12'], ['cancel', 'Cancelled', '16']])('by another method is told when its shopper chooses %s', async (choice, resultCode, refusalReasonCode) => {
    const { body } = await pay({ paymentMethod: { type: 'ideal' } });
    const redirectResult = new URL((await at.choose(body.action.url, choice))!.goTo!).searchParams.get('redirectResult');
    expect((await at.say('POST', '/v72/payments/details', { details: { redirectResult } })).body).toMatchObject({ resultCode, refusalReasonCode });
    expect(told()).toEqual(['AUTHORISATION false']);
  });

  it.each<[string, object, PayerChoice, object]>([
    ['authenticationData', { authenticationData: { attemptAuthentication: 'always' } }, 'pay-authenticated', { resultCode: 'Authorised', paymentMethod: { brand: 'visa', type: 'scheme' } }],
    ['executeThreeD', { additionalData: { executeThreeD: 'true' } }, 'fail-authentication', { resultCode: 'Refused', refusalReason: '3D Not Authenticated', refusalReasonCode: '11' }],
  ])('by card is authenticated first where %s asks for it', async (_by, more, choice, result) => {
    const { body } = await pay(more);
    expect([body.resultCode, body.action.paymentMethodType, told()]).toEqual(['RedirectShopper', 'scheme', []]);
    expect((await at.visit(body.action.url))!.choices).toEqual(['pay-authenticated', 'fail-authentication']);
    const redirectResult = new URL((await at.choose(body.action.url, choice))!.goTo!).searchParams.get('redirectResult');
    expect((await at.say('POST', '/v72/payments/details', { details: { redirectResult } })).body).toMatchObject(result);
  });

  it('can be refused while the shopper is away', async () => {
    const made = await pay({ paymentMethod: { type: 'ideal' } });
    await at.happen('AUTHORISATION', made, { detail: 'DECLINED' });
    expect(await at.visit(made.body.action.url)).toMatchObject({ choices: [], status: 'This payment was refused.' });
    expect(told()).toEqual(['AUTHORISATION false']);
  });

  it.each<[string | null, object]>([['NOT_ENOUGH_BALANCE', { resultCode: 'Refused', refusalReasonCode: '12' }], ['6', { refusalReason: 'Expired Card' }], [null, { resultCode: 'Refused', refusalReasonCode: '2' }]])('that a rule lets the bank decline (%s) is refused and told', async (code, result) => {
    at.decline({ code });
    expect((await pay()).body).toMatchObject(result);
    expect(told()).toEqual(['AUTHORISATION false']);
  });

  it.each<[string, object, number, string]>([
    ['no merchant account', { merchantAccount: undefined }, 403, '901'], ['no amount', { amount: undefined }, 422, '100'], ['half a cent', { amount: eur(0.5) }, 422, '137'], ['less than nothing', { amount: eur(-1) }, 422, '137'],
    ['more than can be exact', { amount: eur(2 ** 53) }, 422, '137'], ['no currency', { amount: { value: 1 } }, 422, '138'], ['no reference', { reference: '' }, 422, '130'], ['nowhere to return to', { returnUrl: undefined, paymentMethod: { type: 'ideal' } }, 422, '14_030'],
  ])('is refused with %s', async (_, more, status, errorCode) => {
    expect((await pay(more)).body).toMatchObject({ status, errorCode });
    expect(told()).toEqual([]);
  });

  it('is made once for one Idempotency-Key, for a week', async () => {
    const key = [['Idempotency-Key', 'k-1']] as const;
    const [first, again] = [await pay({}, key), await pay({ amount: eur(2000) }, key)];
    expect(again.body).toEqual(first.body);
    expect(again.headers).toContainEqual(['Idempotency-Key', 'k-1']);
    at.pass(7 * 86_400_000);
    expect((await pay({}, key)).body.pspReference).not.toBe(first.body.pspReference);
  });

  it('is nobody\'s without a key', async () => {
    expect((await teller(adyen, 'checkout-test.adyen.com', []).say('POST', '/v72/paymentMethods', { merchantAccount: 'Shop' })).body).toMatchObject({ status: 401, errorCode: '000' });
  });
});

describe('a modification', () => {
  it('is received, and only its webhook tells whether it was possible', async () => {
    const { pspReference: psp } = (await pay()).body;
    const answer = await modify(psp, 'captures', { amount: eur(600) });
    expect([answer.status, answer.body]).toEqual([201, { merchantAccount: 'Shop', paymentPspReference: psp, pspReference: expect.any(String), reference: 'captures-1', status: 'received', amount: eur(600) }]);
    await modify(psp, 'captures', { amount: eur(401) });
    await modify(psp, 'refunds', { amount: eur(600) });
    await modify(psp, 'refunds', { amount: eur(1) });
    await modify(psp, 'cancels');
    expect(told()).toEqual(['AUTHORISATION true', 'CAPTURE true', 'CAPTURE false', 'REFUND true', 'REFUND false', 'CANCELLATION false']);
    expect(items()[1]).toMatchObject({ originalReference: psp, pspReference: answer.body.pspReference, merchantReference: 'captures-1', amount: eur(600) });
  });

  it('cancels what is not captured, and gives back what is', async () => {
    const [one, other, third] = [await pay(), await pay(), await pay()].map(({ body }) => body.pspReference as string);
    await modify(one!, 'cancels');
    await modify(one!, 'captures', { amount: eur(1) });
    await modify(other!, 'reversals');
    await modify(other!, 'refunds', { amount: eur(1) });
    await modify(third!, 'captures', { amount: eur(1000) });
    await modify(third!, 'reversals');
    await modify(third!, 'reversals');
    expect(told().slice(3)).toEqual(['CANCELLATION true', 'CAPTURE false', 'CANCEL_OR_REFUND true', 'REFUND false', 'CAPTURE true', 'CANCEL_OR_REFUND true', 'CANCEL_OR_REFUND false']);
  });

  it('needs a payment that is there, and its currency', async () => {
    expect((await modify('PPKFQ89R6QRXGN82', 'captures', { amount: eur(1) })).body).toMatchObject({ status: 422, errorCode: '167' });
    expect((await modify((await pay()).body.pspReference, 'captures', { amount: { value: 1, currency: 'USD' } })).body).toMatchObject({ errorCode: '138' });
  });

  it('can fail after all, and the payment can be charged back', async () => {
    const made = await pay();
    const capture = await modify(made.body.pspReference, 'captures', { amount: eur(1000) });
    await at.happen('CAPTURE_FAILED', capture);
    expect(await at.happen('REFUND_FAILED', capture)).toEqual([]);
    await modify(made.body.pspReference, 'captures', { amount: eur(1000) });
    const refund = await modify(made.body.pspReference, 'refunds', { amount: eur(1000) });
    expect(await at.happen('CAPTURE_FAILED', refund)).toEqual([]);
    expect(await at.happen('AUTHORISATION', made)).toEqual([]);
    await at.happen('REFUND_FAILED', refund);
    await at.happen('CHARGEBACK', made);
    expect(told()).toEqual(['AUTHORISATION true', 'CAPTURE true', 'CAPTURE_FAILED true', 'CAPTURE true', 'REFUND true', 'REFUND_FAILED true', 'CHARGEBACK true']);
  });
});

describe('a session', () => {
  it('is paid by its shopper, once', async () => {
    const made = await at.say('POST', '/v72/sessions', { amount: eur(500), merchantAccount: 'Shop', reference: 's-1', returnUrl: 'https://shop.example.test/' });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ id: expect.stringMatching(/^CS/), sessionData: expect.any(String), amount: eur(500) })]);
    expect((await at.say('GET', `/v72/sessions/${made.body.id}?sessionResult=x`)).body.status).toBe('active');
    await at.happen('AUTHORISATION', made);
    expect(await at.happen('AUTHORISATION', made)).toEqual([]);
    expect((await at.say('GET', `/v72/sessions/${made.body.id}`)).body.status).toBe('completed');
    expect(items()).toMatchObject([{ eventCode: 'AUTHORISATION', success: 'true', merchantReference: 's-1', amount: eur(500) }]);
    expect((await modify(items()[0].pspReference, 'captures', { amount: eur(500) })).status).toBe(201);
    expect((await at.say('GET', '/v72/sessions/CSnothing')).status).toBe(422);
  });
});

it('the live host has the same calls below /checkout, and says live', async () => {
  const live = teller(adyen, '1797a841fbb37ca7-shop-checkout-live.adyenpayments.com', [['X-API-Key', 'k']]);
  await live.say('POST', '/checkout/v72/payments', { amount: eur(1), merchantAccount: 'Shop', reference: 'r', paymentMethod: { type: 'scheme' } });
  expect(JSON.parse(live.callbacks[0]!.body).live).toBe('true');
});

describe('a hosted session', () => {
  const open = async (more: object = {}) => (await at.say('POST', '/v72/sessions', { amount: eur(1000), merchantAccount: 'Shop', reference: 's-1', returnUrl: 'https://shop.example.test/done', mode: 'hosted', shopperEmail: 'ada@example.test', ...more })).body;
  const stands = async (id: string) => (await at.say('GET', `/v72/sessions/${id}?sessionResult=x`)).body.status;

  it('is paid on its page, told, and comes back with sessionId and sessionResult', async () => {
    const { id, url } = await open();
    expect(await at.visit(url)).toMatchObject({ payer: 'ada@example.test', lines: [{ text: 's-1' }], choices: ['pay', 'decline', 'pay-authenticated', 'fail-authentication', 'cancel'] });
    expect(await at.choose(url, 'decline')).toMatchObject({ goTo: null, says: 'The payment was refused: Not enough balance. The shopper may try another card.' });
    expect(await stands(id)).toBe('active');
    const back = new URL((await at.choose(url, 'pay'))!.goTo!);
    expect([back.pathname, back.searchParams.get('sessionId'), back.searchParams.get('sessionResult')]).toEqual(['/done', id, expect.stringMatching(/^[A-Z0-9]{40}$/)]);
    expect(told()).toEqual(['AUTHORISATION false', 'AUTHORISATION true']);
    expect([await stands(id), (await at.visit(url))!.choices]).toEqual(['completed', []]);
  });

  it('is given up by its shopper, and an embedded one has no page', async () => {
    const { id, url } = await open();
    expect((await at.choose(url, 'cancel'))!.goTo).toContain(`sessionId=${id}`);
    expect([await stands(id), told()]).toEqual(['canceled', []]);
    expect(await open({ mode: undefined })).not.toHaveProperty('url');
  });
});

describe('a payment link', () => {
  const link = async (more: object = {}) => (await at.say('POST', '/v72/paymentLinks', { amount: eur(1000), merchantAccount: 'Shop', reference: 'l-1', shopperEmail: 'ada@example.test', ...more })).body;

  it('is paid once on its page, and told', async () => {
    const made = await link({ returnUrl: 'https://shop.example.test/done' });
    expect(made).toMatchObject({ id: expect.stringMatching(/^PL[A-Z0-9]{16}$/), status: 'active', reusable: false, expiresAt: '2026-11-22T09:00:00Z', url: `http://127.0.0.1:8025/pay/link/${made.id}` });
    expect(await at.choose(made.url, 'pay')).toMatchObject({ goTo: 'https://shop.example.test/done' });
    expect((await at.say('GET', `/v72/paymentLinks/${made.id}`)).body.status).toBe('completed');
    expect(await at.visit(made.url)).toMatchObject({ choices: [], status: 'This payment link was paid.' });
    expect(items()).toMatchObject([{ eventCode: 'AUTHORISATION', success: 'true', merchantReference: 'l-1' }]);
  });

  it.each([['2026-11-22T10:00:00+01:00', '2026-11-22T09:00:00Z'], ['2026-11-22T09:00:00.000Z', '2026-11-22T09:00:00Z'], [null, '2026-11-22T09:00:00Z']])('expires at %s', async (expiresAt, shown) => {
    expect((await link({ expiresAt })).expiresAt).toBe(shown);
  });

  it.each(['tomorrow', '', '1', '2026-11-22', '2026-11-22T09:00:00', '2026-13-01T09:00:00Z', '2026-02-31T09:00:00Z', 1_795_251_600, {}])('that expires at %j is refused: what is right is said', async (expiresAt) => {
    expect(await link({ expiresAt })).toMatchObject({ status: 422, errorType: 'validation', message: expect.stringMatching(/expiresAt .* 2020-12-18T10:15:30\+01:00/) });
  });

  it('is paid again and again where it is reusable, and not once it has expired', async () => {
    const made = await link({ reusable: true });
    expect(await at.choose(made.url, 'pay')).toMatchObject({ goTo: null, says: 'The link was paid. It names no returnUrl.' });
    expect((await at.visit(made.url))!.choices).toContain('pay');
    at.pass(86_400_000);
    expect(await at.visit(made.url)).toMatchObject({ choices: [], status: 'This payment link has expired.' });
    expect((await at.say('GET', `/v72/paymentLinks/${made.id}`)).body.status).toBe('expired');
    expect((await at.say('GET', '/v72/paymentLinks/PLnothing')).status).toBe(404);
  });
});

describe('seeds', () => {
  it('a payment of before is refunded, never beyond it', async () => {
    at.seed('payment', '993617895215577D', { amount: eur(1000), refunded: 400, reference: 'old' });
    await modify('993617895215577D', 'refunds', { amount: eur(601) });
    await modify('993617895215577D', 'refunds', { amount: eur(600) });
    expect(told()).toEqual(['REFUND false', 'REFUND true']);
  });

  it.each<[string, string, unknown, string]>([
    ['session', 'CS1', {}, "Adyen has no 'session' to be seeded; it has payment"], ['payment', 'a b', {}, "'a b' is no pspReference"], ['payment', 'A1', { amount: '10.00' }, 'such as { value: 1000, currency: EUR }'],
    ['payment', 'A1', { amount: eur(1), status: 'paid' }, 'status is one of authorised, refused, cancelled'], ['payment', 'A1', { amount: eur(1), refunded: 2 }, 'no more than its amount'],
  ])('a %s %s of %j is refused: it says what is right', (kind, id, value, why) => {
    expect(() => adyen.seed(kind, id, value)).toThrow(why);
  });
});
