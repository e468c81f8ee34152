import { headerAll } from '../model/exchange.ts';
import type { Headers } from '../model/exchange.ts';
import { isKey } from './key-as-user.ts';
import { parseUser } from './origin.ts';

/**
 * The user name of `Proxy-Authorization: Basic` (RFC 7617): it says who calls and opens nothing, so anything unreadable is
 * nobody, and so is a key that stands where the name should. Some clients send the user name of the proxy URL as it stands
 * there, still percent-encoded.
 */
export function proxyUser(headers: Headers): string | null {
  const given = headerAll(headers, 'proxy-authorization');
  const encoded = given.length === 1 ? /^basic +([A-Za-z0-9+/=]+)$/i.exec(given[0] ?? '')?.[1] : undefined;
  if (encoded === undefined) return null;
  const [, sent = '', password = null] = /^([^:]*)(?::(.*))?$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const user = parseUser(sent) === null ? percentDecoded(sent) : sent;
  return isKey(sent, password) || isKey(user, null) ? null : user;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
