import { createCheckout, lemonSqueezySetup } from '@lemonsqueezy/lemonsqueezy.js';
export const provider = 'lemonsqueezy';
export default async () => {
  lemonSqueezySetup({ apiKey: 'x'.repeat(40) });
  const { data, error } = await createCheckout(1, 1, {});
  // what the API said is the error's cause, a list
  if (error) throw new Error(JSON.stringify(error.cause), { cause: error });
  return data;
};
