import type { HttpRequest } from '../../model/exchange.ts';
import { basic } from '../wire/credential.ts';

/** The account a call is made for, where only its credential tells; an API key does not. */
export function accountSid(request: HttpRequest): string {
  const user = basic(request.headers)?.user ?? '';
  return user.startsWith('AC') ? user : `AC${'0'.repeat(32)}`;
}
