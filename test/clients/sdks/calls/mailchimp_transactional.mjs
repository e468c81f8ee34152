import mailchimp from '@mailchimp/mailchimp_transactional';
export const provider = 'mandrill';
export default async () => {
  const answer = await mailchimp(`md-${'x'.repeat(22)}`).messages.send({ message: { from_email: 'shop@example.test', to: [{ email: 'ann@example.test' }], subject: 'Your order', text: 'Thank you' } });
  // It resolves with its errors.
  if (answer instanceof Error) throw answer;
  return answer;
};
