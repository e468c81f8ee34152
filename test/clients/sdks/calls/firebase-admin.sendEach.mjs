import { messaging } from '../firebase.mjs';
export const provider = 'fcm';
export const call = 'sendEach()';
export default async () => {
  const answer = await messaging().sendEach([{ token: 'x'.repeat(140), notification: { title: 'Order A-1001' } }]);
  if (answer.failureCount > 0) throw answer.responses[0].error;
  return answer;
};
