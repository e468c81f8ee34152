import { headerAll } from '../model/exchange.ts';
import type { Headers } from '../model/exchange.ts';
import { parseUser } from './origin.ts';

/**
 * The user name of `Proxy-Authorization: Basic` (RFC 7617): it says who calls and opens nothing, so anything unreadable is
 * nobody. Some clients send the user name of the proxy URL as it stands there, still percent-encoded.
 */
export function proxyUser(headers: Headers): string | null {
  const given = headerAll(headers, 'proxy-authorization');
  const encoded = given.length === 1 ? /^basic +([A-Za-z0-9+/=]+)$/i.exec(given[0] ?? '')?.[1] : undefined;
  if (encoded === undefined) return null;
  const user = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)[0] ?? '';
  return parseUser(user) === null ? percentDecoded(user) : user;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
