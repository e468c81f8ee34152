import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';
import type { Desk, Shown } from '../desk.ts';

interface Made { readonly stripe: Desk; readonly ids: Readonly<Record<string, string>> }

/** Two customers, a card each, and prices of every kind. */
async function shop(): Promise<Made> {
  const stripe = desk();
  const id = async (target: string, body: string): Promise<string> => (await stripe('POST', target, body)).body.id;
  const ann = await id('/v1/customers', 'name=Ann');
  const bob = await id('/v1/customers', 'name=Bob');
  const price = (more: string): Promise<string> => id('/v1/prices', `currency=eur&product_data[name]=x&${more}`);
  const annInvoice = await id('/v1/invoices', `customer=${ann}&currency=eur`);
  const rate = await id('/v1/shipping_rates', 'display_name=Post&fixed_amount[amount]=500&fixed_amount[currency]=eur');
  await stripe('POST', `/v1/shipping_rates/${rate}`, 'active=false');
  const archived = await price('unit_amount=1000');
  await stripe('POST', `/v1/prices/${archived}`, 'active=false');
  const coupon = await id('/v1/coupons', 'percent_off=10');
  const code = (more: string): Promise<string> => id('/v1/promotion_codes', `promotion[type]=coupon&promotion[coupon]=${coupon}${more}`);
  await stripe('POST', '/v1/payment_intents', `amount=1000&currency=eur&customer=${ann}&payment_method=pm_card_visa&confirm=true`);
  return {
    stripe,
    ids: {
      ann, bob, annInvoice, rate, archived, once: await price('unit_amount=1000'), monthly: await price('unit_amount=1000&recurring[interval]=month'), custom: await price('custom_unit_amount[enabled]=true'),
      metered: await price('unit_amount=1000&recurring[interval]=month&recurring[usage_type]=metered'), card: await id('/v1/payment_methods/pm_card_visa/attach', `customer=${ann}`), loose: await id('/v1/payment_methods', 'type=card&card[token]=tok_visa'),
      bobs: await code(`&customer=${bob}`), first: await code('&restrictions[first_time_transaction]=true'), least: await code('&restrictions[minimum_amount]=5000&restrictions[minimum_amount_currency]=eur'), idle: await code('&active=false'),
    },
  };
}

const session = '/v1/checkout/sessions mode=payment&success_url=https%3A%2F%2Fx.test';
const bought = `${session}&line_items[0][quantity]=1&line_items[0][price]={once}`;

describe('what Stripe would refuse is refused, and changes nothing', () => {
  it.each([
    [`${bought}&customer={ann}&customer_email=a%40x.test`, 'parameters_exclusive', /customer, customer_email/],
    [`${bought}&customer={ann}&customer_creation=always`, 'parameters_exclusive', /customer_creation/],
    [`${bought}&setup_intent_data[description]=x`, undefined, /can not pass `setup_intent_data` in `payment` mode/],
    [`${bought}&expires_at=1999999999`, undefined, /less than 24 hours/],
    [`${bought}&allow_promotion_codes=true&discounts[0][promotion_code]={least}`, 'parameters_exclusive', /allow_promotion_codes/],
    [`${bought}&discounts[0][promotion_code]={least}`, undefined, /at least €50\.00/],
    [`${bought}&discounts[0][promotion_code]={bobs}`, undefined, /belongs to another customer/],
    [`${bought}&discounts[0][promotion_code]={idle}`, 'coupon_expired', /not active/],
    [`${bought}&customer={ann}&discounts[0][promotion_code]={first}`, undefined, /prior transactions/],
    [`${bought}&discounts[0][coupon]=a&discounts[0][promotion_code]={least}`, undefined, /exactly one/],
    [`${bought}&shipping_options[0][shipping_rate]={rate}`, undefined, /not active/],
    [`${bought}&line_items[0][tax_rates][]=txr_1`, 'fourthwall_not_simulated', /tax rates/],
    [`${bought}&invoice_creation[enabled]=true`, 'fourthwall_not_simulated', /invoice_creation/],
    [`${session}&line_items[0][quantity]=1&line_items[0][price]={archived}`, undefined, /inactive/],
    [`${session}&line_items[0][quantity]=1&line_items[0][price]={custom}`, 'fourthwall_not_simulated', /the customer chooses/],
    [`${session}&line_items[0][price]={once}`, 'parameter_missing', /Quantity is required/],
    [`${bought}&currency=usd`, undefined, /doesn't match the expected currency/],
    [`${bought}&ui_mode=embedded_page`, undefined, /success_url/],
    ...['javascript://x', 'data://x', 'file:///etc', '/done', 'https://x.test/a b'].map((url) => [bought.replace('https%3A%2F%2Fx.test', encodeURIComponent(url)), 'url_invalid', /explicit scheme/] as const),
    ['/v1/subscriptions customer={ann}&items[0][price]={once}', undefined, /type=one_time/],
    ['/v1/subscriptions customer={ann}&items[0][price]={metered}', 'fourthwall_not_simulated', /metered/],
    ['/v1/subscriptions customer={bob}&items[0][price]={monthly}&default_payment_method={card}', 'resource_missing', /must be attached to the customer/],
    // where nothing is charged yet, too
    ['/v1/subscriptions customer={bob}&items[0][price]={monthly}&trial_period_days=7&default_payment_method={card}', 'resource_missing', /must be attached to the customer/],
    ['/v1/subscriptions customer={bob}&items[0][price]={monthly}&default_payment_method={loose}', 'resource_missing', /must be attached to the customer/],
    ['/v1/subscriptions customer={ann}&items[0][price]={monthly}&add_invoice_items[0][price]={monthly}', undefined, /type=recurring/],
    ['/v1/subscriptions customer={ann}&items[0][price]={monthly}&trial_end=1999999999&trial_period_days=1', 'parameters_exclusive', /trial_end/],
    ['/v1/invoiceitems customer={ann}&pricing[price]={monthly}', undefined, /type=recurring/],
    ['/v1/invoiceitems customer={ann}', 'parameter_missing', /currency/],
    ['/v1/invoiceitems customer={ann}&currency=eur', 'parameter_missing', /amount/],
    ['/v1/invoiceitems customer={bob}&invoice={annInvoice}&amount=1&currency=eur', undefined, /another customer/],
    ['/v1/invoiceitems customer={ann}&invoice={annInvoice}&amount=1&currency=usd', undefined, /does not match that of the invoice/],
    ['/v1/invoiceitems customer={ann}&amount=1&currency=eur&quantity_decimal=1.5', 'fourthwall_not_simulated', /fractional/],
    ['/v1/payment_links line_items[0][quantity]=1', undefined, /either price or price_data/],
  ] as const)('%s', async (text, code, message) => {
    const { stripe, ids } = await shop();
    const [target = '', body = ''] = text.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? name).split(' ');
    const answer = await stripe('POST', target, body);
    expect({ status: answer.status, code: answer.body.error['code'], events: answer.events }).toEqual({ status: 400, code, events: [] });
    expect(answer.body.error.message).toMatch(message);
    expect((await stripe('GET', '/v1/subscriptions?status=all')).body.data).toEqual([]);
    expect((await stripe('GET', '/v1/checkout/sessions')).body.data).toEqual([]);
    expect((await stripe('GET', '/v1/invoiceitems')).body.data).toEqual([]);
  });
});

describe('what is over', () => {
  it('a dispute that was lost takes no more evidence', async () => {
    const stripe = desk();
    const charge = await stripe('POST', '/v1/charges', 'amount=1000&currency=usd&source=tok_visa');
    await stripe.happen('charge.dispute.created', charge);
    const [dispute] = (await stripe('GET', '/v1/disputes')).body.data;
    expect((await stripe('POST', `/v1/disputes/${dispute!.id}`, 'evidence[colour]=red')).body.error['code']).toBe('parameter_unknown');
    expect((await stripe('POST', `/v1/disputes/${dispute!.id}/close`)).body).toMatchObject({ status: 'lost' });
    expect((await stripe('POST', `/v1/disputes/${dispute!.id}`, 'evidence[customer_name]=Ann')).status).toBe(400);
    expect((await stripe('POST', `/v1/disputes/${dispute!.id}/close`)).status).toBe(400);
  });

  it('a subscription that was to end with its period ends instead of renewing, and tells no older names of it', async () => {
    const { stripe, ids } = await shop();
    const made = await stripe('POST', '/v1/subscriptions', `customer=${ids['ann']!}&items[0][price]=${ids['monthly']!}&default_payment_method=${ids['card']!}`);
    const renewed = await stripe.happen('invoice.paid', made);
    const { previous_attributes: previous } = renewed.webhooks[0]!.data as unknown as { readonly previous_attributes: Shown };
    expect(Object.keys(previous)).toEqual(['items']);
    await stripe('POST', `/v1/subscriptions/${made.body.id}`, 'cancel_at_period_end=true');
    expect((await stripe.happen('invoice.paid', made)).events).toEqual(['customer.subscription.deleted']);
  });
});
