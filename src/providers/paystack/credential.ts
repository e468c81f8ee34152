import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';

/** Keys look like Stripe's: the host tells whose they are. https://paystack.com/docs/api/authentication */
export function livenessOf({ headers }: Pick<HttpRequest, 'headers'>): Liveness {
  const key = bearer(headers) ?? '';
  if (/^[sp]k_live_[A-Za-z0-9]+$/.test(key)) return 'live';
  return /^[sp]k_test_[A-Za-z0-9]+$/.test(key) ? 'test' : 'unknown';
}
