import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';

type Desk = ReturnType<typeof desk>;
const product = async (stripe: Desk, more = '') => (await stripe('POST', '/v1/products', `name=Book${more}`)).body.id;
const ids = (body: { readonly data: readonly { readonly id: string }[] }) => body.data.map(({ id }) => id);

describe('products', () => {
  it('are created, changed, read and deleted, and told', async () => {
    const stripe = desk();
    const made = await stripe('POST', '/v1/products', 'name=Book&images[]=https%3A%2F%2Fx.test%2Fa.png&marketing_features[0][name]=Hardcover&package_dimensions[height]=10&package_dimensions[length]=20.5&package_dimensions[weight]=300&package_dimensions[width]=15&metadata[a]=1');
    expect(made).toMatchObject({
      status: 200, events: ['product.created'],
      body: { object: 'product', id: expect.stringMatching(/^prod_[0-9A-Za-z]{14}$/), active: true, default_price: null, images: ['https://x.test/a.png'], marketing_features: [{ name: 'Hardcover' }], package_dimensions: { length: 20.5 }, type: 'service' },
    });
    const changed = await stripe('POST', `/v1/products/${made.body.id}`, 'name=Books&active=false&images=&description=Many');
    expect(changed).toMatchObject({ body: { name: 'Books', active: false, images: [], metadata: { a: '1' } }, events: ['product.updated'], webhooks: [{ data: { previous_attributes: { name: 'Book', active: true } } }] });
    expect((await stripe('GET', `/v1/products/${made.body.id}`)).body).toEqual(changed.body);
    expect(await stripe('DELETE', `/v1/products/${made.body.id}`)).toMatchObject({ body: { id: made.body.id, object: 'product', deleted: true }, events: ['product.deleted'] });
    expect(await stripe('GET', `/v1/products/${made.body.id}`)).toMatchObject({ status: 404, body: { error: { code: 'resource_missing', message: `No such product: '${made.body.id}'` } } });
    expect((await stripe('GET', '/v1/products')).body.data).toEqual([]);
  });

  it('take an id of the caller\'s own, once', async () => {
    const stripe = desk();
    expect((await stripe('POST', '/v1/products', 'id=gold&name=Gold')).body.id).toBe('gold');
    expect(await stripe('POST', '/v1/products', 'id=gold&name=Gold')).toMatchObject({ status: 400, body: { error: { code: 'resource_already_exists', param: 'id', message: 'Product already exists.' } } });
    await stripe('DELETE', '/v1/products/gold');
    expect((await stripe('POST', '/v1/products', 'id=gold&name=Gold+II')).body).toMatchObject({ id: 'gold', name: 'Gold II' });
    const price = await stripe('POST', '/v1/prices', 'product=gold&currency=usd&unit_amount=100&expand[]=product');
    expect(price.body['product']).toMatchObject({ id: 'gold', name: 'Gold II' });
  });

  it('come with a default price, which cannot be archived, nor the product deleted', async () => {
    const stripe = desk();
    const made = await stripe('POST', '/v1/products', 'name=Book&default_price_data[currency]=eur&default_price_data[unit_amount]=1999&expand[]=default_price');
    expect(made).toMatchObject({ body: { default_price: { object: 'price', product: made.body.id, unit_amount: 1999, currency: 'eur', type: 'one_time' } }, events: ['product.created', 'price.created', 'product.updated'] });
    const { id } = made.body['default_price'] as { readonly id: string };
    expect(await stripe('POST', `/v1/prices/${id}`, 'active=false')).toMatchObject({ status: 400, body: { error: { message: 'This price cannot be archived because it is the default price of its product.' } } });
    expect(await stripe('DELETE', `/v1/products/${made.body.id}`)).toMatchObject({ status: 400, body: { error: { message: 'This product cannot be deleted because it has one or more user-created prices.' } }, events: [] });
    await stripe('POST', `/v1/products/${made.body.id}`, 'default_price=');
    expect((await stripe('POST', `/v1/prices/${id}`, 'active=false')).body['active']).toBe(false);
  });

  it('are listed by what they are', async () => {
    const stripe = desk();
    const [a, b] = [await product(stripe, '&shippable=true'), await product(stripe, '&active=false&url=https%3A%2F%2Fx.test')];
    expect(ids((await stripe('GET', '/v1/products')).body)).toEqual([b, a]);
    expect(ids((await stripe('GET', '/v1/products?active=true')).body)).toEqual([a]);
    expect(ids((await stripe('GET', `/v1/products?ids[]=${b}`)).body)).toEqual([b]);
    expect(ids((await stripe('GET', '/v1/products?shippable=true')).body)).toEqual([a]);
    expect(ids((await stripe('GET', '/v1/products?url=https%3A%2F%2Fx.test')).body)).toEqual([b]);
  });
});

describe('prices', () => {
  it.each<[string, object]>([
    ['unit_amount=1999', { unit_amount: 1999, unit_amount_decimal: '1999', type: 'one_time', recurring: null, billing_scheme: 'per_unit', tax_behavior: 'unspecified', tiers_mode: null }],
    ['unit_amount=0', { unit_amount: 0, unit_amount_decimal: '0' }],
    ['unit_amount_decimal=0.012500', { unit_amount: null, unit_amount_decimal: '0.0125' }],
    ['unit_amount_decimal=12.000000000001', { unit_amount: null, unit_amount_decimal: '12.000000000001' }],
    ['unit_amount_decimal=1200.0', { unit_amount: 1200, unit_amount_decimal: '1200' }],
    ['custom_unit_amount[enabled]=true&custom_unit_amount[minimum]=500', { unit_amount: null, unit_amount_decimal: null, custom_unit_amount: { minimum: 500, maximum: null, preset: null } }],
    ['unit_amount=100&recurring[interval]=month', { type: 'recurring', recurring: { interval: 'month', interval_count: 1, meter: null, trial_period_days: null, usage_type: 'licensed' } }],
    ['unit_amount=100&transform_quantity[divide_by]=10&transform_quantity[round]=up', { transform_quantity: { divide_by: 10, round: 'up' } }],
    ['billing_scheme=tiered&tiers_mode=graduated&tiers[0][up_to]=10&tiers[0][unit_amount]=500&tiers[1][up_to]=inf&tiers[1][unit_amount_decimal]=2.5&tiers[1][flat_amount]=7&expand[]=tiers', {
      billing_scheme: 'tiered', tiers_mode: 'graduated', unit_amount: null, unit_amount_decimal: null, tiers: [
        { flat_amount: null, flat_amount_decimal: null, unit_amount: 500, unit_amount_decimal: '500', up_to: 10 }, { flat_amount: 7, flat_amount_decimal: '7', unit_amount: null, unit_amount_decimal: '2.5', up_to: null },
      ],
    }],
    ['unit_amount=100&currency_options[eur][unit_amount]=90&expand[]=currency_options', { currency_options: { usd: { unit_amount: 100 }, eur: { unit_amount: 90, unit_amount_decimal: '90', custom_unit_amount: null, tax_behavior: 'unspecified' } } }],
  ])('of %s', async (body, shown) => {
    const stripe = desk();
    const made = await stripe('POST', '/v1/prices', `currency=USD&product=${await product(stripe)}&${body}`);
    expect(made).toMatchObject({ status: 200, body: { object: 'price', currency: 'usd', active: true, ...shown }, events: ['price.created'] });
  });

  it('show tiers and currencies only when expanded, and then only where there are some', async () => {
    const stripe = desk();
    const { body } = await stripe('POST', '/v1/prices', `currency=usd&unit_amount=1&product=${await product(stripe)}`);
    expect(Object.keys(body)).not.toContain('currency_options');
    expect(Object.keys((await stripe('GET', `/v1/prices/${body.id}?expand[]=tiers`)).body)).not.toContain('tiers');
    await stripe('POST', `/v1/prices/${body.id}`, 'currency_options[eur][unit_amount]=2');
    expect((await stripe('GET', `/v1/prices/${body.id}?expand[]=currency_options`)).body).toMatchObject({ currency_options: { usd: { unit_amount: 1 }, eur: { unit_amount: 2 } } });
  });

  it('make their product with them', async () => {
    const stripe = desk();
    const made = await stripe('POST', '/v1/prices', 'currency=usd&unit_amount=100&product_data[name]=Book&product_data[metadata][a]=1&expand[]=product');
    expect(made).toMatchObject({ body: { product: { name: 'Book', metadata: { a: '1' } } }, events: ['product.created', 'price.created'] });
  });

  it('have a lookup key that no other price has, unless it is taken over', async () => {
    const stripe = desk();
    const of = await product(stripe);
    const first = await stripe('POST', '/v1/prices', `product=${of}&currency=usd&unit_amount=1&lookup_key=gold`);
    expect(await stripe('POST', '/v1/prices', `product=${of}&currency=usd&unit_amount=2&lookup_key=gold`)).toMatchObject({ status: 400, body: { error: { param: 'lookup_key', message: `A price (\`${first.body.id}\`) already uses that lookup key.` } }, events: [] });
    const second = await stripe('POST', '/v1/prices', `product=${of}&currency=usd&unit_amount=2&lookup_key=gold&transfer_lookup_key=true`);
    expect(second.events).toEqual(['price.updated', 'price.created']);
    expect(ids((await stripe('GET', '/v1/prices?lookup_keys[]=gold')).body)).toEqual([second.body.id]);
    expect((await stripe('GET', `/v1/prices/${first.body.id}`)).body['lookup_key']).toBeNull();
    expect((await stripe('POST', `/v1/prices/${second.body.id}`, 'lookup_key=gold&nickname=Best')).body).toMatchObject({ lookup_key: 'gold', nickname: 'Best' });
  });

  it('are listed by what they are', async () => {
    const stripe = desk();
    const [one, two] = [await product(stripe), await product(stripe)];
    const a = (await stripe('POST', '/v1/prices', `product=${one}&currency=usd&unit_amount=1`)).body.id;
    const b = (await stripe('POST', '/v1/prices', `product=${two}&currency=eur&unit_amount=1&recurring[interval]=month&active=false`)).body.id;
    for (const [query, found] of [['', [b, a]], [`product=${one}`, [a]], ['currency=eur', [b]], ['type=recurring', [b]], ['recurring[interval]=year', []], ['recurring[interval]=month', [b]], ['active=true', [a]]] as const) {
      expect([query, ids((await stripe('GET', `/v1/prices?${query}`)).body)]).toEqual([query, found]);
    }
  });
});

it.each([
  ['GET', '/v1/products/prod_1', '', 404, { code: 'resource_missing', param: 'id', message: "No such product: 'prod_1'" }],
  ['GET', '/v1/prices/price_1', '', 404, { code: 'resource_missing', param: 'price', message: "No such price: 'price_1'" }],
  ['DELETE', '/v1/products/prod_1', '', 404, { code: 'resource_missing' }],
  ['POST', '/v1/products', '', 400, { code: 'parameter_missing', param: 'name' }],
  ['POST', '/v1/products', 'name=a&marketing_features[0][title]=x', 400, { code: 'parameter_unknown', param: 'marketing_features[0][title]' }],
  ['POST', '/v1/products', 'name=a&package_dimensions[height]=1', 400, { code: 'parameter_missing', param: 'package_dimensions[length]' }],
  ['POST', '/v1/prices', 'unit_amount=1&product=prod_1', 400, { code: 'parameter_missing', param: 'currency' }],
  ['POST', '/v1/prices', 'currency=usd&unit_amount=1&product=prod_1', 400, { code: 'resource_missing', param: 'product', message: "No such product: 'prod_1'" }],
  ['POST', '/v1/prices', 'currency=usd&unit_amount=1', 400, { code: 'parameter_missing', param: 'product' }],
  ['POST', '/v1/prices', 'currency=usd&product_data[name]=a', 400, { code: 'parameter_missing', param: 'unit_amount' }],
  ['POST', '/v1/prices', 'currency=usd&product_data[name]=a&unit_amount=-1', 400, { code: 'parameter_invalid_integer', param: 'unit_amount' }],
  ['POST', '/v1/prices', 'currency=usd&product_data[name]=a&unit_amount_decimal=1.0000000000001', 400, { param: 'unit_amount_decimal' }],
  ['POST', '/v1/prices', 'currency=usd&product_data[name]=a&unit_amount=1&unit_amount_decimal=1', 400, { code: 'parameters_exclusive' }],
  ['POST', '/v1/prices', 'currency=usd&product_data[name]=a&unit_amount=1&recurring[interval]=hour', 400, { param: 'recurring[interval]' }],
  ['POST', '/v1/prices', 'currency=usd&product_data[name]=a&unit_amount=1&recurring[usage_type]=licensed', 400, { code: 'parameter_missing', param: 'recurring[interval]' }],
  ['POST', '/v1/prices', 'currency=usd&product_data[name]=a&billing_scheme=tiered', 400, { param: 'tiers' }],
  ['POST', '/v1/prices', 'currency=usd&product_data[name]=a&unit_amount=1&currency_options[xyz][unit_amount]=1', 400, { param: 'currency_options' }],
])('%s %s with %s is %i, and nothing is kept', async (method, path, body, status, error) => {
  const stripe = desk();
  expect(await stripe(method, path, body)).toMatchObject({ status, body: { error }, events: [] });
  expect((await stripe('GET', '/v1/products')).body.data).toEqual([]);
});
