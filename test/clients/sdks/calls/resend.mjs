import { Resend } from 'resend';
export const provider = 'resend';
export default async () => {
  const { data, error } = await new Resend(`re_${'0'.repeat(24)}`).emails.send({ from: 'shop@example.test', to: 'ann@example.test', subject: 'Your order', text: 'Thank you' });
  if (error) throw Object.assign(new Error(error.message), { name: error.name });
  return data;
};
