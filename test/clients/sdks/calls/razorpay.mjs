import Razorpay from 'razorpay';
export const provider = 'razorpay';
export default () => new Razorpay({ key_id: ['rzp', 'test', 'x'.repeat(14)].join('_'), key_secret: 'y'.repeat(24) }).orders.create({ amount: 1000, currency: 'INR' })
  // what the SDK throws is no Error but { statusCode, error }
  .catch((thrown) => { throw thrown.error === undefined ? thrown : new Error(thrown.error.description); });
