import { Environments, GoCardlessClient } from 'gocardless-nodejs';
export const provider = 'gocardless';
export default () => new GoCardlessClient(`sandbox_${'x'.repeat(40)}`, Environments.Sandbox).payments.create({ amount: '1000', currency: 'EUR', links: { mandate: 'MD000' } });
