import type { HttpRequest } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { basic } from '../wire/credential.ts';

/** Live hosts begin with a merchant's own prefix: '1797a841fbb37ca7-Shop-checkout-live.adyenpayments.com'. */
export const hosts = ['checkout-test.adyen.com', 'pal-test.adyen.com', '*.adyenpayments.com'] as const;

/** Keys of both places look alike: only the host tells. */
export function livenessOf({ authority }: Pick<HttpRequest, 'authority'>): Liveness {
  if (['checkout-test.adyen.com', 'pal-test.adyen.com'].includes(authority.host)) return 'test';
  return authority.host.endsWith('-live.adyenpayments.com') ? 'live' : 'unknown';
}

/** The API key, or the name of the web service user. */
export function accountOf(request: Pick<HttpRequest, 'headers'>): string | null {
  return header(request.headers, 'x-api-key') || (basic(request.headers)?.user ?? null);
}

/** Live, the Checkout API lies under /checkout; at the test platform it does not. https://docs.adyen.com/development-resources/live-endpoints */
export function sandboxPath(path: string, host: string): string {
  return host === 'checkout-test.adyen.com' ? path.replace(/^\/checkout(?=\/v\d+\/)/, '') : path;
}
