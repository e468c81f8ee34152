import type { Headers } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';

/**
 * User and password of one well-formed `Authorization: Basic` (RFC 7617). Null when there is none, when it is
 * malformed, and when there are two Authorization headers: whose account it is cannot be told then.
 */
export function basic(headers: Headers): { readonly user: string; readonly password: string } | null {
  const encoded = credential(headers, 'basic');
  if (encoded === null || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null;
  const bytes = Buffer.from(encoded, 'base64');
  const text = bytes.toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0 || !Buffer.from(text, 'utf8').equals(bytes)) return null;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The token of one `Authorization: Bearer` (RFC 6750); null as for `basic`. */
export function bearer(headers: Headers): string | null {
  return credential(headers, 'bearer');
}

function credential(headers: Headers, scheme: string): string | null {
  const values = headerAll(headers, 'authorization');
  const match = values.length === 1 ? /^([A-Za-z]+) +([^\s]+)$/.exec(values[0]!.trim()) : null;
  return match !== null && match[1]!.toLowerCase() === scheme ? match[2]! : null;
}
