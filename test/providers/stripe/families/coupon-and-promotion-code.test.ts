import { describe, expect, it } from 'vitest';
import { fixedNow } from '../../../support/simulation-context.ts';
import { desk } from '../desk.ts';

const now = Math.floor(fixedNow / 1000);
const ids = (body: { readonly data: readonly { readonly id: string }[] }) => body.data.map(({ id }) => id);

describe('coupons', () => {
  it.each<[string, object]>([
    ['percent_off=25', { percent_off: 25, amount_off: null, currency: null, duration: 'once', duration_in_months: null, valid: true, times_redeemed: 0 }],
    ['percent_off=33.33&duration=forever', { percent_off: 33.33, duration: 'forever' }],
    ['amount_off=500&currency=EUR', { amount_off: 500, currency: 'eur', percent_off: null }],
    ['percent_off=10&duration=repeating&duration_in_months=3', { duration: 'repeating', duration_in_months: 3 }],
    ['id=SUMMER&percent_off=10&name=Summer&metadata[a]=1', { id: 'SUMMER', name: 'Summer', metadata: { a: '1' } }],
    ['amount_off=500&currency=usd&currency_options[eur][amount_off]=450&expand[]=currency_options', { currency_options: { usd: { amount_off: 500 }, eur: { amount_off: 450 } } }],
  ])('of %s', async (body, shown) => {
    expect(await desk()('POST', '/v1/coupons', body)).toMatchObject({ status: 200, body: { object: 'coupon', ...shown }, events: ['coupon.created'] });
  });

  it('are renamed, deleted and made again under the same id', async () => {
    const stripe = desk();
    const { body } = await stripe('POST', '/v1/coupons', 'id=SUMMER&percent_off=10');
    expect(await stripe('POST', '/v1/coupons', 'id=SUMMER&percent_off=10')).toMatchObject({ status: 400, body: { error: { code: 'resource_already_exists', message: 'Coupon already exists.' } } });
    expect(await stripe('POST', '/v1/coupons/SUMMER', 'name=Sun')).toMatchObject({ body: { name: 'Sun' }, events: ['coupon.updated'], webhooks: [{ data: { previous_attributes: { name: null } } }] });
    expect(ids((await stripe('GET', '/v1/coupons')).body)).toEqual([body.id]);
    expect(await stripe('DELETE', '/v1/coupons/SUMMER')).toMatchObject({ body: { id: 'SUMMER', deleted: true }, events: ['coupon.deleted'] });
    expect(await stripe('GET', '/v1/coupons/SUMMER')).toMatchObject({ status: 404, body: { error: { message: "No such coupon: 'SUMMER'", param: 'coupon' } } });
    expect(ids((await stripe('GET', '/v1/coupons')).body)).toEqual([]);
    expect((await stripe('POST', '/v1/coupons', 'id=SUMMER&amount_off=1&currency=usd')).body).toMatchObject({ amount_off: 1 });
  });

  it('are valid until the time they are to be redeemed by', async () => {
    const stripe = desk();
    const { body } = await stripe('POST', '/v1/coupons', `percent_off=10&redeem_by=${now + 60}`);
    expect((await stripe('GET', `/v1/coupons/${body.id}`)).body['valid']).toBe(true);
    const later = { later: 61_000 };
    expect((await stripe('GET', `/v1/coupons/${body.id}`, '', later)).body['valid']).toBe(false);
    expect((await stripe('GET', '/v1/coupons', '', later)).body.data[0]!['valid']).toBe(false);
    expect(await stripe('POST', '/v1/promotion_codes', `promotion[type]=coupon&promotion[coupon]=${body.id}`, later)).toMatchObject({ status: 400, body: { error: { code: 'coupon_expired' } } });
  });

  it('apply to products that there are', async () => {
    const stripe = desk();
    const { body: { id } } = await stripe('POST', '/v1/products', 'name=Book');
    const { body } = await stripe('POST', '/v1/coupons', `percent_off=10&applies_to[products][]=${id}`);
    expect(Object.keys(body)).not.toContain('applies_to');
    expect((await stripe('GET', `/v1/coupons/${body.id}?expand[]=applies_to`)).body).toMatchObject({ applies_to: { products: [id] } });
  });
});

const code = 'promotion[type]=coupon&promotion[coupon]=SUMMER';

describe('promotion codes', () => {
  it('are made of a coupon, switched off, listed and expanded', async () => {
    const stripe = desk();
    await stripe('POST', '/v1/coupons', 'id=SUMMER&percent_off=10');
    const { body: ann } = await stripe('POST', '/v1/customers', 'name=Ann');
    const made = await stripe('POST', '/v1/promotion_codes', `${code}&code=Sun10&customer=${ann.id}&restrictions[minimum_amount]=1000&restrictions[minimum_amount_currency]=eur&max_redemptions=3`);
    expect(made).toMatchObject({
      status: 200, events: ['promotion_code.created'],
      body: { object: 'promotion_code', active: true, code: 'Sun10', customer: ann.id, promotion: { type: 'coupon', coupon: 'SUMMER' }, restrictions: { first_time_transaction: false, minimum_amount: 1000, minimum_amount_currency: 'eur' }, max_redemptions: 3 },
    });
    const other = await stripe('POST', '/v1/promotion_codes', code);
    expect(other.body['code']).toMatch(/^[0-9A-Z]{8}$/);
    expect(ids((await stripe('GET', '/v1/promotion_codes?code=SUN10')).body)).toEqual([made.body.id]);
    expect(ids((await stripe('GET', `/v1/promotion_codes?coupon=SUMMER&customer=${ann.id}`)).body)).toEqual([made.body.id]);
    expect((await stripe('GET', '/v1/promotion_codes?expand[]=data.promotion.coupon')).body.data[0]).toMatchObject({ promotion: { coupon: { percent_off: 10 } } });
    expect(await stripe('POST', `/v1/promotion_codes/${made.body.id}`, 'active=false')).toMatchObject({ body: { active: false }, events: ['promotion_code.updated'] });
    expect(ids((await stripe('GET', '/v1/promotion_codes?active=true')).body)).toEqual([other.body.id]);
  });

  it('are active once at a time, whatever their case', async () => {
    const stripe = desk();
    await stripe('POST', '/v1/coupons', 'id=SUMMER&percent_off=10');
    const { body } = await stripe('POST', '/v1/promotion_codes', `${code}&code=SUN&expires_at=${now + 60}`);
    expect(await stripe('POST', '/v1/promotion_codes', `${code}&code=sun`)).toMatchObject({ status: 400, body: { error: { message: 'An active promotion code with `code: sun` already exists.' } }, events: [] });
    // expired
    expect((await stripe('POST', '/v1/promotion_codes', `${code}&code=sun`, { later: 61_000 })).status).toBe(200);
    expect((await stripe('GET', `/v1/promotion_codes/${body.id}`, '', { later: 61_000 })).body['active']).toBe(false);
    expect((await stripe('POST', `/v1/promotion_codes/${body.id}`, 'metadata[a]=1', { later: 61_000 })).body).toMatchObject({ active: false, metadata: { a: '1' } });
  });

  it('have the coupon itself in versions before 2025-09-30', async () => {
    const stripe = desk();
    await stripe('POST', '/v1/coupons', 'id=SUMMER&percent_off=10');
    const older = { headers: [['Stripe-Version', '2025-08-27.basil']] as const };
    const { body } = await stripe('POST', '/v1/promotion_codes', 'coupon=SUMMER&code=SUN', older);
    expect(body).toMatchObject({ coupon: { id: 'SUMMER', percent_off: 10 } });
    expect(Object.keys(body)).not.toContain('promotion');
    expect((await stripe('GET', '/v1/promotion_codes', '', older)).body.data[0]).toMatchObject({ coupon: { id: 'SUMMER' } });
    expect((await stripe('GET', `/v1/promotion_codes/${body.id}`)).body).toMatchObject({ promotion: { coupon: 'SUMMER' } });
  });
});

it.each([
  ['GET', '/v1/coupons/none', '', 404, { code: 'resource_missing', message: "No such coupon: 'none'" }],
  ['DELETE', '/v1/coupons/none', '', 404, { code: 'resource_missing' }],
  ['GET', '/v1/promotion_codes/promo_1', '', 404, { code: 'resource_missing', message: "No such promotion code: 'promo_1'" }],
  ['POST', '/v1/coupons', '', 400, { param: 'percent_off' }],
  ['POST', '/v1/coupons', 'percent_off=10&amount_off=5&currency=usd', 400, { code: 'parameters_exclusive' }],
  ['POST', '/v1/coupons', 'percent_off=0', 400, { param: 'percent_off' }],
  ['POST', '/v1/coupons', 'percent_off=100.5', 400, { param: 'percent_off' }],
  ['POST', '/v1/coupons', 'percent_off=1e1', 400, { param: 'percent_off' }],
  ['POST', '/v1/coupons', 'amount_off=5', 400, { code: 'parameter_missing', param: 'currency' }],
  ['POST', '/v1/coupons', 'percent_off=5&duration=repeating', 400, { param: 'duration_in_months' }],
  ['POST', '/v1/coupons', 'percent_off=5&duration_in_months=2', 400, { param: 'duration_in_months' }],
  ['POST', '/v1/coupons', `percent_off=5&redeem_by=${now}`, 400, { param: 'redeem_by' }],
  ['POST', '/v1/coupons', `percent_off=5&name=${'x'.repeat(41)}`, 400, { param: 'name' }],
  ['POST', '/v1/coupons', 'percent_off=5&applies_to[products][]=prod_1', 400, { code: 'resource_missing' }],
  ['POST', '/v1/promotion_codes', '', 400, { code: 'parameter_missing', param: 'promotion[coupon]' }],
  ['POST', '/v1/promotion_codes', code, 400, { code: 'resource_missing', param: 'promotion[coupon]', message: "No such coupon: 'SUMMER'" }],
  ['POST', '/v1/promotion_codes', 'coupon=SUMMER', 400, { code: 'parameter_unknown', param: 'coupon' }],
])('%s %s with %s is %i', async (method, path, body, status, error) => {
  expect(await desk()(method, path, body)).toMatchObject({ status, body: { error }, events: [] });
});
