import { basic, posted } from '../by-fetch.mjs';
export const provider = 'klarna';
export const call = 'to Klarna';
export default () => posted('https://api.playground.klarna.com/payments/v1/sessions', basic('PK00000_x', 'y'.repeat(16)), {
  purchase_country: 'SE', purchase_currency: 'SEK', locale: 'en-SE', order_amount: 1000, order_lines: [{ name: 'Shirt', quantity: 1, unit_price: 1000, total_amount: 1000 }], billing_address: { email: 'ann@example.test' },
});
