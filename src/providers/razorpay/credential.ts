import { createHash } from 'node:crypto';
import type { HttpRequest } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { basic, bearer } from '../wire/credential.ts';

/** The key id says what it is for; an OAuth token does not. https://razorpay.com/docs/api/authentication */
export function livenessOf({ headers }: Pick<HttpRequest, 'headers'>): Liveness {
  const key = basic(headers)?.user ?? '';
  if (/^rzp_live_[A-Za-z0-9]+$/.test(key)) return 'live';
  return /^rzp_test_[A-Za-z0-9]+$/.test(key) ? 'test' : 'unknown';
}

/** The key id, and the sub-merchant a partner acts for. */
export function accountOf({ headers }: Pick<HttpRequest, 'headers'>): string | null {
  const key = basic(headers)?.user ?? bearer(headers);
  const merchant = header(headers, 'x-razorpay-account');
  return key === null ? null : merchant === null ? key : `${key}/${merchant}`;
}

/** 'acc_...' as webhooks tell it: ours, made from the credential. */
export function merchantOf(request: Pick<HttpRequest, 'headers'>): string {
  const said = header(request.headers, 'x-razorpay-account');
  if (said !== null && /^acc_[A-Za-z0-9]{14}$/.test(said)) return said;
  return `acc_${createHash('sha256').update(`razorpay ${accountOf(request) ?? ''}`).digest('hex').slice(0, 14)}`;
}
