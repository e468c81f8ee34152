/** Seeds as people write them, by kind and id. */
export const seeds: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  ['customer', 'cus_1', { name: 'Ann', email: 'ann@example.test', address: { city: 'Bern' }, metadata: { user: '7' }, invoice_settings: { default_payment_method: 'pm_1' } }],
  ['customer', 'cus_2', {}],
  ['payment_method', 'pm_1', { customer: 'cus_1', card: { brand: 'mastercard', last4: '4444' }, billing_details: { name: 'Ann', address: { city: 'Bern' } } }],
  ['product', 'prod_1', { name: 'Book', default_price: 'price_1' }],
  ['product', 'book', { name: 'Book' }],
  ['price', 'price_1', { currency: 'eur', product: 'prod_1', unit_amount: 1999, lookup_key: 'book' }],
  ['price', 'price_2', { currency: 'jpy', product: 'prod_1', unit_amount: 500, recurring: { interval: 'year' } }],
  ['subscription', 'sub_1', { customer: 'cus_1', items: { data: [{ price: { id: 'price_2', currency: 'jpy', product: 'prod_1', unit_amount: 500, recurring: { interval: 'year' } }, quantity: 2 }] }, default_payment_method: 'pm_1', metadata: { plan: 'gold' } }],
  ['subscription', 'sub_2', { customer: 'cus_1', status: 'canceled' }],
  ['payment_intent', 'pi_1', { amount: 1999, currency: 'eur', customer: 'cus_1', status: 'succeeded', latest_charge: 'ch_1', payment_method: 'pm_1' }],
  ['payment_intent', 'pi_2', { amount: 1999, currency: 'eur' }],
  ['charge', 'ch_1', { amount: 1999, currency: 'eur', customer: 'cus_1', payment_intent: 'pi_1', payment_method: 'pm_1', amount_refunded: 99, created: 1_700_000_000, livemode: true }],
  ['charge', 'ch_2', { amount: 500, currency: 'jpy', status: 'failed' }],
  ['charge', 'ch_3', { amount: 500, currency: 'usd', captured: false }],
  ['account', 'acct_1', { email: 'seller@example.test', business_profile: { name: 'Books' }, metadata: { seller: '3' } }],
  ['account', 'acct_2', { type: 'custom', country: 'DE', default_currency: 'eur' }],
];
