import { Environments, GoCardlessClient } from 'gocardless-nodejs';
export const provider = 'gocardless';
export default () => new GoCardlessClient(`sandbox_${'x'.repeat(40)}`, Environments.Sandbox).billingRequests.create({ payment_request: { amount: 1000, currency: 'EUR', description: 'Order A-1001' } });
