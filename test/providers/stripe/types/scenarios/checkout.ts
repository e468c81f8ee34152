import type { CallOptions, Shown } from '../../desk.ts';
import type { Harvest } from '../harvest.ts';

/** Checkout Sessions in all modes, with every choice of the payer, and 3-D Secure of intents. */
export async function checkout({ call }: Harvest): Promise<void> {
  const made = async (target: string, body = '', options: CallOptions = {}): Promise<Shown> => (await call('POST', target, body, options)).body;
  const back = 'success_url=https%3A%2F%2Fshop.test%2Fdone%3Fid%3D%7BCHECKOUT_SESSION_ID%7D&cancel_url=https%3A%2F%2Fshop.test%2Fcart';
  const line = 'line_items[0][quantity]=2&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=1999&line_items[0][price_data][product_data][name]=Book';

  const rate = await made('/v1/shipping_rates', 'display_name=Post&fixed_amount[amount]=500&fixed_amount[currency]=eur&delivery_estimate[maximum][unit]=day&delivery_estimate[maximum][value]=3');
  await made(`/v1/shipping_rates/${rate.id}`, 'metadata[a]=1');
  for (const target of [`/v1/shipping_rates/${rate.id}`, '/v1/shipping_rates']) await call('GET', target);

  const coupon = await made('/v1/coupons', 'amount_off=500&currency=eur');
  const session = await made('/v1/checkout/sessions', `mode=payment&${back}&${line}&shipping_options[0][shipping_rate]=${rate.id}&discounts[0][coupon]=${coupon.id}&customer_creation=always&phone_number_collection[enabled]=true&shipping_address_collection[allowed_countries][]=US&custom_fields[0][key]=engraving&custom_fields[0][type]=text&custom_fields[0][label][type]=custom&custom_fields[0][label][custom]=Engraving&tax_id_collection[enabled]=true&locale=de&expand[]=line_items`);
  await made(`/v1/checkout/sessions/${session.id}`, 'metadata[a]=1');
  for (const choice of ['decline', 'fail-authentication', 'pay-authenticated'] as const) await call.choose('checkout.session', session.id, choice);
  for (const target of [`/v1/checkout/sessions/${session.id}?expand[]=line_items.data.price.product&expand[]=payment_intent.latest_charge&expand[]=customer&expand[]=shipping_cost.shipping_rate`, `/v1/checkout/sessions/${session.id}/line_items`, '/v1/checkout/sessions']) await call('GET', target);
  await made(`/v1/checkout/sessions/${(await made('/v1/checkout/sessions', `mode=payment&${back}&${line}`)).id}/expire`);

  const customer = await made('/v1/customers', 'email=bob%40x.test');
  const setup = await made('/v1/checkout/sessions', `mode=setup&${back}&currency=eur&customer=${customer.id}&setup_intent_data[metadata][a]=1`);
  for (const choice of ['decline', 'fail-authentication', 'pay-authenticated'] as const) await call.choose('checkout.session', setup.id, choice);

  const price = await made('/v1/prices', 'currency=eur&unit_amount=1000&recurring[interval]=month&product_data[name]=Gold');
  const subscribing = await made('/v1/checkout/sessions', `mode=subscription&${back}&line_items[0][price]=${price.id}&line_items[0][quantity]=1&subscription_data[metadata][a]=1&customer_email=bob%40x.test`);
  for (const choice of ['decline', 'pay'] as const) await call.choose('checkout.session', subscribing.id, choice);
  await call('GET', `/v1/checkout/sessions/${subscribing.id}?expand[]=subscription.latest_invoice&expand[]=invoice`);
  const trial = await made('/v1/checkout/sessions', `mode=subscription&${back}&line_items[0][price]=${price.id}&line_items[0][quantity]=1&subscription_data[trial_period_days]=7`);
  await call.choose('checkout.session', trial.id, 'pay');
  const embedded = await call('POST', '/v1/checkout/sessions', `mode=payment&ui_mode=embedded_page&return_url=https%3A%2F%2Fshop.test%2Fdone&${line}`);
  await call.happen('checkout.session.completed', embedded);
  await call.happen('checkout.session.expired', await call('POST', '/v1/checkout/sessions', `mode=payment&${back}&${line}`));

  const link = await made('/v1/payment_links', `${line}&after_completion[type]=redirect&after_completion[redirect][url]=https%3A%2F%2Fshop.test&metadata[a]=1&payment_intent_data[description]=x&expand[]=line_items`);
  await call.choose('payment_link', link.id, 'pay');
  await made('/v1/payment_links', `line_items[0][price]=${price.id}&line_items[0][quantity]=1&subscription_data[trial_period_days]=7`);
  await made(`/v1/payment_links/${link.id}`, 'active=false&inactive_message=Over');
  for (const target of [`/v1/payment_links/${link.id}`, '/v1/payment_links', `/v1/payment_links/${link.id}/line_items`]) await call('GET', target);

  for (const choice of ['pay-authenticated', 'fail-authentication'] as const) {
    const intent = await made('/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_threeDSecure2Required&confirm=true&return_url=https%3A%2F%2Fshop.test&expand[]=latest_charge');
    await call.choose('payment_intent', intent.id, choice);
    await call('GET', `/v1/payment_intents/${intent.id}?expand[]=latest_charge`);
    await call.choose('setup_intent', (await made('/v1/setup_intents', 'payment_method=pm_card_threeDSecure2Required&confirm=true')).id, choice);
  }
}
