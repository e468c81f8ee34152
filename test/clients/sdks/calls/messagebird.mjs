import messagebird from 'messagebird';
export const provider = 'messagebird';
const start = messagebird.default ?? messagebird;
export default () => new Promise((resolve, reject) => {
  (start.initClient ?? start)('x'.repeat(25)).messages.create({ originator: 'Shop', recipients: ['15005550006'], body: 'Order A-1001 has shipped' }, (error, sent) => (error ? reject(error) : resolve(sent)));
});
