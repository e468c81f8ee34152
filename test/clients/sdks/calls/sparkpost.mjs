import SparkPost from 'sparkpost';
export const provider = 'sparkpost';
export default () => new SparkPost('x'.repeat(40)).transmissions.send({ content: { from: 'shop@example.test', subject: 'Your order', text: 'Thank you' }, recipients: [{ address: 'ann@example.test' }] });
