import type { CallOptions, Shown } from '../desk.ts';
import type { Harvest } from './harvest.ts';
import { billing } from './scenarios/billing.ts';
import { checkout } from './scenarios/checkout.ts';

const connected: CallOptions = { headers: [['Stripe-Account', 'acct_1']] };
const upload = ['--b', 'Content-Disposition: form-data; name="purpose"', '', 'dispute_evidence', '--b', 'Content-Disposition: form-data; name="file"; filename="evidence.PDF"', 'Content-Type: application/pdf', '', 'hello', '--b--', ''].join('\r\n');

/** Every operation of the payment, catalogue and account families, in some of its ways. */
async function payments({ call }: Harvest): Promise<void> {
  const made = async (target: string, body = '', options: CallOptions = {}): Promise<Shown> => (await call('POST', target, body, options)).body;
  const read = async (...targets: readonly string[]): Promise<void> => { for (const target of targets) await call('GET', target); };

  // customers and their cards
  const customer = await made('/v1/customers', 'name=Ann&email=ann%40x.test&address[city]=Bern&shipping[name]=Ann&shipping[address][city]=Bern&metadata[a]=1&invoice_settings[footer]=Hi');
  const bare = await made('/v1/customers');
  await made(`/v1/customers/${customer.id}`, 'phone=1&business_name=Books&preferred_locales[]=de&tax_exempt=none');
  const method = await made('/v1/payment_methods', 'type=card&card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=30&card[cvc]=123&billing_details[name]=Ann&billing_details[address][city]=Bern');
  await made(`/v1/payment_methods/${method.id}/attach`, `customer=${customer.id}`);
  await made(`/v1/payment_methods/${method.id}`, 'metadata[a]=1&card[exp_year]=31');
  await read(
    `/v1/payment_methods/${method.id}?expand[]=customer`, `/v1/customers/${customer.id}/payment_methods`, `/v1/customers/${customer.id}/payment_methods/${method.id}`, `/v1/payment_methods?customer=${customer.id}`,
    `/v1/customers/${customer.id}?expand[]=sources`, '/v1/customers', '/v1/customers/search?query=name%3A%22ann%22&expand[]=total_count',
  );
  const other = await made('/v1/payment_methods', 'type=card&card[token]=tok_amex');
  await made(`/v1/payment_methods/${other.id}/attach`, `customer=${bare.id}`);
  await made(`/v1/payment_methods/${other.id}/detach`);

  // payments
  const paid = await made('/v1/payment_intents', `amount=1099&currency=eur&payment_method=${method.id}&confirm=true&customer=${customer.id}&shipping[name]=A&shipping[address][city]=Bern&receipt_email=a%40x.test&statement_descriptor_suffix=X&transfer_group=g&setup_future_usage=off_session&expand[]=latest_charge.balance_transaction&expand[]=payment_method&expand[]=customer`);
  await made('/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_chargeDeclined&confirm=true');
  await made('/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_threeDSecure2Required&confirm=true&return_url=https%3A%2F%2Fx.test');
  await made('/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_threeDSecure2Required&confirm=true');
  const held = await made('/v1/payment_intents', 'amount=500&currency=jpy&capture_method=manual&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never');
  await made(`/v1/payment_intents/${held.id}`, 'description=x&payment_method=pm_card_mastercard');
  await made(`/v1/payment_intents/${held.id}/confirm`, 'return_url=https%3A%2F%2Fx.test');
  await made(`/v1/payment_intents/${held.id}/capture`, 'amount_to_capture=400');
  const dropped = await made('/v1/payment_intents', 'amount=500&currency=eur&capture_method=manual&payment_method=pm_card_visa&confirm=true');
  await made(`/v1/payment_intents/${dropped.id}/cancel`, 'cancellation_reason=abandoned');
  await read(`/v1/payment_intents/${paid.id}`, '/v1/payment_intents?expand[]=data.latest_charge', '/v1/payment_intents/search?query=amount%3E1');

  const saved = await made('/v1/setup_intents', `payment_method=pm_card_visa&confirm=true&customer=${customer.id}&expand[]=payment_method`);
  await made('/v1/setup_intents', 'payment_method=pm_card_chargeDeclined&confirm=true');
  await made('/v1/setup_intents', 'payment_method=pm_card_threeDSecure2Required&confirm=true&return_url=https%3A%2F%2Fx.test');
  const open = await made('/v1/setup_intents', 'automatic_payment_methods[enabled]=true');
  await made(`/v1/setup_intents/${open.id}`, 'description=x&payment_method=pm_card_visa');
  await made(`/v1/setup_intents/${open.id}/confirm`);
  await made(`/v1/setup_intents/${(await made('/v1/setup_intents')).id}/cancel`, 'cancellation_reason=abandoned');
  await read(`/v1/setup_intents/${saved.id}`, '/v1/setup_intents');

  // charges and what is given back
  const charge = await made('/v1/charges', 'amount=1000&currency=usd&source=tok_visa&description=x&shipping[name]=A&shipping[address][city]=Bern');
  await made('/v1/charges', 'amount=1000&currency=usd&source=tok_chargeDeclined');
  const authorised = await made('/v1/charges', 'amount=1000&currency=usd&source=tok_riskLevelElevated&capture=false');
  await made(`/v1/charges/${authorised.id}/capture`, 'amount=900');
  await made(`/v1/charges/${charge.id}`, 'description=y&fraud_details[user_report]=safe');
  await read(`/v1/charges/${charge.id}?expand[]=refunds&expand[]=balance_transaction.source`, '/v1/charges', '/v1/charges/search?query=amount%3E1');
  const refund = await made('/v1/refunds', `charge=${charge.id}&amount=100&reason=duplicate&expand[]=charge.payment_method_details`.replace('&expand[]=charge.payment_method_details', '&expand[]=charge&expand[]=balance_transaction'));
  await made(`/v1/charges/${charge.id}/refund`, 'amount=100');
  await made(`/v1/charges/${charge.id}/refunds`, 'amount=100');
  await made(`/v1/refunds/${refund.id}`, 'metadata[a]=1');
  await read(`/v1/refunds/${refund.id}`, '/v1/refunds', `/v1/charges/${charge.id}/refunds`);

  // the catalogue
  const product = await made('/v1/products', 'name=Book&package_dimensions[height]=1&package_dimensions[length]=1&package_dimensions[weight]=1&package_dimensions[width]=1&marketing_features[0][name]=x&default_price_data[currency]=eur&default_price_data[unit_amount]=1999&expand[]=default_price');
  await made(`/v1/products/${product.id}`, 'description=x&unit_label=y&shippable=true&tax_code=txcd_10000000&url=https%3A%2F%2Fx.test');
  await call('DELETE', `/v1/products/${(await made('/v1/products', 'name=Gone')).id}`);
  await read(`/v1/products/${product.id}?expand[]=default_price`, '/v1/products', '/v1/products/search?query=name~%22book%22');
  const price = await made('/v1/prices', 'currency=usd&unit_amount=1&product_data[name]=Book&recurring[interval]=month&transform_quantity[divide_by]=2&transform_quantity[round]=up&lookup_key=k&expand[]=currency_options&expand[]=product');
  await made('/v1/prices', `currency=usd&product=${product.id}&billing_scheme=tiered&tiers_mode=graduated&recurring[interval]=month&tiers[0][up_to]=10&tiers[0][unit_amount]=5&tiers[1][up_to]=inf&tiers[1][flat_amount_decimal]=0.5&expand[]=tiers`);
  await made('/v1/prices', `currency=usd&product=${product.id}&custom_unit_amount[enabled]=true&custom_unit_amount[minimum]=100`);
  await made('/v1/prices', `currency=usd&product=${product.id}&unit_amount_decimal=0.25&tax_behavior=inclusive`);
  await made(`/v1/prices/${price.id}`, 'nickname=x');
  await read(`/v1/prices/${price.id}`, '/v1/prices?expand[]=data.product', '/v1/prices/search?query=active%3A%22true%22');
  const coupon = await made('/v1/coupons', `amount_off=10&currency=eur&duration=repeating&duration_in_months=2&name=x&applies_to[products][]=${product.id}&expand[]=applies_to&expand[]=currency_options`);
  await made(`/v1/coupons/${coupon.id}`, 'name=y');
  const code = await made('/v1/promotion_codes', `promotion[type]=coupon&promotion[coupon]=${coupon.id}&customer=${customer.id}&expand[]=promotion.coupon&expand[]=customer&restrictions[minimum_amount]=1&restrictions[minimum_amount_currency]=eur`);
  await made(`/v1/promotion_codes/${code.id}`, 'active=false');
  await read(`/v1/coupons/${coupon.id}`, '/v1/coupons', `/v1/promotion_codes/${code.id}`, '/v1/promotion_codes');
  await call('DELETE', `/v1/coupons/${(await made('/v1/coupons', 'percent_off=12.5')).id}`);

  // the balance, payouts, connected accounts and transfers
  await made('/v1/charges', 'amount=100000&currency=usd&source=tok_bypassPending');
  const seller = await made('/v1/accounts', 'type=custom&company[name]=Books&capabilities[transfers][requested]=true&tos_acceptance[date]=1&email=s%40x.test&business_profile[url]=https%3A%2F%2Fx.test');
  await made(`/v1/accounts/${seller.id}`, 'metadata[a]=1&business_type=company');
  await made('/v1/accounts', 'type=express');
  const transfer = await made('/v1/transfers', `amount=1000&currency=usd&destination=${seller.id}&expand[]=destination&expand[]=balance_transaction`);
  await made(`/v1/transfers/${transfer.id}`, 'description=x');
  const reversal = await made(`/v1/transfers/${transfer.id}/reversals`, 'amount=100&expand[]=transfer');
  await made(`/v1/transfers/${transfer.id}/reversals/${reversal.id}`, 'metadata[a]=1');
  const payout = await made('/v1/payouts', 'amount=1000&currency=usd&description=x');
  await made(`/v1/payouts/${payout.id}`, 'metadata[a]=1');
  await made(`/v1/payouts/${payout.id}/cancel`);
  await made('/v1/payouts', 'amount=1&currency=usd&method=instant&destination=card_1', connected);
  const { body: { data: [booked] } } = await call('GET', '/v1/balance_transactions?expand[]=data.source');
  await read(
    '/v1/balance', `/v1/balance_transactions/${booked!.id}`, '/v1/account', `/v1/accounts/${seller.id}`, '/v1/accounts', `/v1/transfers/${transfer.id}`, '/v1/transfers', `/v1/transfers/${transfer.id}/reversals/${reversal.id}`,
    `/v1/transfers/${transfer.id}/reversals`, `/v1/payouts/${payout.id}?expand[]=balance_transaction`, '/v1/payouts',
  );
  await call('DELETE', `/v1/accounts/${seller.id}`);

  // files, events and webhook endpoints
  const file = await made('/v1/files', upload, { type: 'multipart/form-data; boundary=b' });
  const link = await made('/v1/file_links', `file=${file.id}&expires_at=1999999999&expand[]=file`);
  await made(`/v1/file_links/${link.id}`, 'metadata[a]=1');
  await read(`/v1/files/${file.id}`, '/v1/files', `/v1/file_links/${link.id}`, '/v1/file_links');
  const endpoint = await made('/v1/webhook_endpoints', 'url=https%3A%2F%2Fx.test&enabled_events[]=*');
  await made(`/v1/webhook_endpoints/${endpoint.id}`, 'description=x&disabled=true');
  await read(`/v1/webhook_endpoints/${endpoint.id}`, '/v1/webhook_endpoints');
  await call('DELETE', `/v1/webhook_endpoints/${endpoint.id}`);
  const { body: { data: [event] } } = await call('GET', '/v1/events');
  await read(`/v1/events/${event!.id}`);
  await call('DELETE', `/v1/customers/${bare.id}`);
}

/** All of them. Whoever adds a family or an operation adds a call of it. */
export async function scenario(into: Harvest): Promise<void> {
  await payments(into);
  await billing(into);
  await checkout(into);
}
