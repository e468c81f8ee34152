import Stripe from 'stripe';
export const provider = 'stripe';
export default () => new Stripe(['sk', 'test', '0'.repeat(24)].join('_')).customers.create({ email: 'ann@example.test' });
