import type { Header, Headers } from './exchange.ts';

/** Fields that belong to one connection and never travel on (RFC 9110 §7.6.1), and Alt-Svc, which would show a way round us. */
const connectionFields = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer',
  'transfer-encoding', 'upgrade', 'alt-svc', 'http2-settings',
]);

export function isConnectionField(name: string): boolean {
  return connectionFields.has(name.toLowerCase());
}

/** Our own attribution and answer fields: taken out before anything is forwarded. */
export function isOwnField(name: string): boolean {
  return name.toLowerCase().startsWith('x-fourthwall-');
}

export function withHeader(headers: Headers, field: Header): Headers {
  const wanted = field[0].toLowerCase();
  return [...headers.filter(([name]) => name.toLowerCase() !== wanted), field];
}
