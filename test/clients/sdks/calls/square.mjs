import { SquareClient } from 'square';
export const provider = 'square';
export default () => new SquareClient({ token: `EAAA${'x'.repeat(60)}` }).payments.create({ sourceId: 'cnon:card-nonce-ok', idempotencyKey: 'a-1001', amountMoney: { amount: 1000n, currency: 'USD' } });
