import { posted } from '../by-fetch.mjs';
export const provider = 'wise';
export const call = 'to Wise';
export default () => posted('https://api.wise-sandbox.com/v3/profiles/1/transfers/2/payments', { authorization: 'Bearer 00000000-0000-0000-0000-000000000000' }, { type: 'BALANCE' });
