import type { ProviderHost } from '../../model/provider.ts';

/** https://developer.vonage.com: rest is the old SMS and account API, api (and its regions) everything else, the sandbox Messages alone. */
const regions = ['us', 'eu', 'ap'].flatMap((region) => [region, ...[1, 2, 3, 4].map((site) => `${region}-${site}`)]);

export const hosts: readonly ProviderHost[] = [
  'rest.nexmo.com', 'api.nexmo.com', ...regions.map((region) => `api-${region}.nexmo.com`), 'api.vonage.com', ...regions.map((region) => `api-${region}.vonage.com`),
  'messages-sandbox.nexmo.com', 'video.api.vonage.com',
].map((host) => ({ host }));

export type Product = 'rest' | 'api' | 'sandbox' | 'video';

export function productOf(host: string): Product {
  if (host === 'rest.nexmo.com') return 'rest';
  if (host === 'messages-sandbox.nexmo.com') return 'sandbox';
  return host === 'video.api.vonage.com' ? 'video' : 'api';
}
