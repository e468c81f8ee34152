import { posted } from '../by-fetch.mjs';
export const provider = 'wise';
export const call = 'to Wise';
const api = 'https://api.wise-sandbox.com';
const headers = { authorization: 'Bearer 00000000-0000-0000-0000-000000000000' };
const post = async (path, body) => JSON.parse(await posted(`${api}${path}`, headers, body));
export default async () => {
  const quote = await post('/v3/profiles/1/quotes', { sourceCurrency: 'GBP', targetCurrency: 'EUR', sourceAmount: 10 });
  const account = await post('/v1/accounts', { currency: 'EUR', type: 'iban', profile: 1, accountHolderName: 'Ann Customer', details: { legalType: 'PRIVATE', IBAN: 'DE89370400440532013000' } });
  const transfer = await post('/v1/transfers', { targetAccount: account.id, quoteUuid: quote.id, customerTransactionId: '54a6bc09-cef9-49a8-9041-f1f0c654cd88', details: { reference: 'A-1001' } });
  return post(`/v3/profiles/1/transfers/${transfer.id}/payments`, { type: 'BALANCE' });
};
