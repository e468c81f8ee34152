import { posted } from '../by-fetch.mjs';
export const provider = 'paystack';
export const call = 'to Paystack';
export default () => posted('https://api.paystack.co/transaction/initialize', { authorization: `Bearer ${['sk', 'test', '0'.repeat(40)].join('_')}` }, { email: 'ann@example.test', amount: '1000', reference: 'A-1001' });
