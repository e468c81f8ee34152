import coinbase from 'coinbase-commerce-node';
export const provider = 'coinbase';
export default () => {
  coinbase.Client.init('x'.repeat(36));
  return coinbase.resources.Charge.create({ name: 'Order A-1001', description: 'a shirt', pricing_type: 'fixed_price', local_price: { amount: '10.00', currency: 'EUR' } });
};
