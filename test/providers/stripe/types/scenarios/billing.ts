import type { CallOptions, Shown } from '../../desk.ts';
import type { Harvest } from '../harvest.ts';

/** Subscriptions, invoices, their items, payments and discounts, and disputes. */
export async function billing({ call }: Harvest): Promise<void> {
  const made = async (target: string, body = '', options: CallOptions = {}): Promise<Shown> => (await call('POST', target, body, options)).body;
  const read = async (...targets: readonly string[]): Promise<void> => { for (const target of targets) await call('GET', target); };

  const customer = await made('/v1/customers', 'name=Bob&email=bob%40x.test&address[city]=Bern&shipping[name]=Bob&shipping[address][city]=Bern&phone=1');
  const method = await made('/v1/payment_methods/pm_card_visa/attach', `customer=${customer.id}`);
  const monthly = await made('/v1/prices', 'currency=eur&unit_amount=1000&recurring[interval]=month&product_data[name]=Gold');
  const better = await made('/v1/prices', 'currency=eur&unit_amount=2000&recurring[interval]=month&product_data[name]=Platinum');
  const once = await made('/v1/prices', 'currency=eur&unit_amount=500&product_data[name]=Setup');
  const coupon = await made('/v1/coupons', 'percent_off=12.5&duration=forever');

  // invoices by themselves
  const waiting = await made('/v1/invoiceitems', `customer=${customer.id}&amount=700&currency=eur&description=Work&metadata[a]=1`);
  await made(`/v1/invoiceitems/${waiting.id}`, 'quantity=2&unit_amount=400');
  const dropped = await made('/v1/invoiceitems', `customer=${customer.id}&amount=-100&currency=eur`);
  await call('DELETE', `/v1/invoiceitems/${dropped.id}`);
  const invoice = await made('/v1/invoices', `customer=${customer.id}&currency=eur&pending_invoice_items_behavior=include&discounts[0][coupon]=${coupon.id}&expand[]=discounts&description=x&custom_fields[0][name]=PO&custom_fields[0][value]=1`);
  await made('/v1/invoiceitems', `customer=${customer.id}&invoice=${invoice.id}&pricing[price]=${once.id}&quantity=3`);
  await made(`/v1/invoices/${invoice.id}`, 'footer=Thanks&metadata[a]=1');
  await made(`/v1/invoices/${invoice.id}/finalize`, 'expand[]=payments&expand[]=confirmation_secret');
  await made(`/v1/invoices/${invoice.id}/pay`, 'payment_method=pm_card_chargeDeclined');
  await made(`/v1/invoices/${invoice.id}/pay`, `payment_method=${method.id}`);
  const { body: { data: [payment] } } = await call('GET', `/v1/invoice_payments?invoice=${invoice.id}`);
  await read(
    `/v1/invoices/${invoice.id}?expand[]=customer&expand[]=payments.data.payment.payment_intent`, `/v1/invoices/${invoice.id}/lines`, '/v1/invoices?expand[]=data.discounts', `/v1/invoiceitems/${waiting.id}`, '/v1/invoiceitems',
    `/v1/invoice_payments/${payment!.id}`, `/v1/invoices/search?query=${encodeURIComponent(`customer:"${customer.id}"`)}`,
  );
  const sent = async (): Promise<Shown> => {
    const draft = await made('/v1/invoices', `customer=${customer.id}&currency=eur&collection_method=send_invoice&days_until_due=14`);
    await made('/v1/invoiceitems', `customer=${customer.id}&invoice=${draft.id}&amount=900&currency=eur`);
    return made(`/v1/invoices/${draft.id}/send`);
  };
  await made(`/v1/invoices/${(await sent()).id}/void`);
  await made(`/v1/invoices/${(await sent()).id}/mark_uncollectible`);
  await made(`/v1/invoices/${(await sent()).id}/pay`, 'paid_out_of_band=true');
  await call.choose('invoice', (await sent()).id, 'pay-authenticated');
  await call('DELETE', `/v1/invoices/${(await made('/v1/invoices', `customer=${customer.id}`)).id}`);

  // subscriptions
  const subscription = await call('POST', '/v1/subscriptions', `customer=${customer.id}&default_payment_method=${method.id}&items[0][price]=${monthly.id}&items[0][quantity]=2&add_invoice_items[0][price]=${once.id}&discounts[0][coupon]=${coupon.id}&metadata[a]=1&expand[]=latest_invoice.payments&expand[]=discounts&expand[]=customer`);
  const { id } = subscription.body;
  const first = (subscription.body['items'] as Shown).data[0]!;
  await made(`/v1/subscriptions/${id}`, `items[0][id]=${first.id}&items[0][price]=${better.id}&metadata[b]=2&proration_behavior=always_invoice`, { later: 10 * 86_400_000 });
  const item = await made('/v1/subscription_items', `subscription=${id}&price=${monthly.id}`, { later: 11 * 86_400_000 });
  await made(`/v1/subscription_items/${item.id}`, 'quantity=3', { later: 12 * 86_400_000 });
  await read(`/v1/subscription_items/${item.id}?expand[]=price.product`, `/v1/subscription_items?subscription=${id}`, `/v1/subscriptions/${id}?expand[]=latest_invoice.confirmation_secret&expand[]=items.data.price`, '/v1/subscriptions?status=all', `/v1/subscriptions/search?query=${encodeURIComponent('status:"active"')}`, '/v1/invoiceitems?pending=true');
  await call('DELETE', `/v1/subscription_items/${item.id}`);
  await call.happen('invoice.paid', subscription);
  await call.happen('invoice.payment_failed', subscription);
  await call('DELETE', `/v1/subscriptions/${id}/discount`);
  await made(`/v1/subscriptions/${id}`, 'cancel_at_period_end=true&pause_collection[behavior]=void');
  await call('DELETE', `/v1/subscriptions/${id}?prorate=true&invoice_now=true&cancellation_details[feedback]=too_complex`);

  const incomplete = await made('/v1/subscriptions', `customer=${customer.id}&items[0][price]=${monthly.id}&payment_behavior=default_incomplete&payment_settings[save_default_payment_method]=on_subscription&expand[]=latest_invoice.confirmation_secret`);
  const secret = ((incomplete['latest_invoice'] as Shown)['confirmation_secret'] as { readonly client_secret: string }).client_secret;
  await made(`/v1/payment_intents/${secret.split('_secret_')[0]!}/confirm`, 'payment_method=pm_card_visa&return_url=https%3A%2F%2Fx.test');
  const trial = await call('POST', '/v1/subscriptions', `customer=${customer.id}&items[0][price]=${monthly.id}&trial_period_days=14&payment_behavior=default_incomplete&expand[]=pending_setup_intent`);
  await call.happen('customer.subscription.trial_will_end', trial);
  await made(`/v1/subscriptions/${trial.body.id}`, `trial_end=now&default_payment_method=${method.id}`);
  await made('/v1/subscriptions', `customer=${customer.id}&items[0][price]=${monthly.id}&default_payment_method=${(await made('/v1/payment_methods/pm_card_authenticationRequired/attach', `customer=${customer.id}`)).id}`);
  await call('POST', '/v1/subscriptions', `customer=${customer.id}&items[0][price]=${monthly.id}&collection_method=send_invoice&days_until_due=7`);

  // previews
  await made('/v1/invoices/create_preview', `customer=${customer.id}&invoice_items[0][amount]=500&invoice_items[0][currency]=eur`);
  await made('/v1/invoices/create_preview', `customer=${customer.id}&subscription_details[items][0][price]=${monthly.id}&discounts[0][coupon]=${coupon.id}`);
  await made('/v1/invoices/create_preview', `subscription=${trial.body.id}`);

  // what banks do
  const charged = await call('POST', '/v1/charges', 'amount=1000&currency=usd&source=tok_visa');
  await call.happen('charge.dispute.created', charged, 'product_not_received');
  const { body: { data: [dispute] } } = await call('GET', '/v1/disputes?expand[]=data.charge');
  await made(`/v1/disputes/${dispute!.id}`, 'evidence[product_description]=A+book&metadata[a]=1');
  await read(`/v1/disputes/${dispute!.id}?expand[]=payment_intent`);
  await call.happen('charge.dispute.closed', charged, 'won');
  const other = await call('POST', '/v1/payment_intents', 'amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true');
  await call.happen('charge.dispute.created', other);
  const { body: { data: [second] } } = await call('GET', '/v1/disputes');
  await made(`/v1/disputes/${second!.id}/close`);
  await call.happen('refund.failed', await call('POST', '/v1/refunds', `charge=${(await made('/v1/charges', 'amount=1000&currency=usd&source=tok_visa')).id}`));
}
