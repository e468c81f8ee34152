import { createCheckout, lemonSqueezySetup } from '@lemonsqueezy/lemonsqueezy.js';
export const provider = 'lemonsqueezy';
export default async () => {
  lemonSqueezySetup({ apiKey: 'x'.repeat(40) });
  const { data, error } = await createCheckout(1, 1, {});
  if (error) throw error;
  return data;
};
