import { basic, posted } from '../by-fetch.mjs';
export const provider = 'klarna';
export const call = 'to Klarna';
export default () => posted('https://api.playground.klarna.com/ordermanagement/v1/orders/00000000-0000-0000-0000-000000000000/captures', basic('PK00000_x', 'y'.repeat(16)), { captured_amount: 1000 });
