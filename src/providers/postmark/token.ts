import type { Headers } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';

/** Of the server, or of the whole account; null where there is none, and where two differ. */
export function tokenOf(headers: Headers): string | null {
  const server = headerAll(headers, 'x-postmark-server-token');
  const account = headerAll(headers, 'x-postmark-account-token');
  const tokens = [...new Set([...server, ...account].map((token) => token.trim()))];
  return tokens.length === 1 && tokens[0] !== '' ? tokens[0]! : null;
}

/**
 * Postmark checks a mail sent with this token and delivers nothing. The only thing in a call that tells test from live: whether a
 * token belongs to a sandbox server cannot be seen.
 */
export function isTest(headers: Headers): boolean {
  return tokenOf(headers) === 'POSTMARK_API_TEST';
}
