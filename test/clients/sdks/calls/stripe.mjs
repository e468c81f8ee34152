import Stripe from 'stripe';
export default () => new Stripe(['sk', 'test', '0'.repeat(24)].join('_'), { maxNetworkRetries: 0 }).customers.create({ email: 'ann@example.test' });
