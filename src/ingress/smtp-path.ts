import { isIPv4, isIPv6 } from 'node:net';
import type { Header, MailPath } from '../model/exchange.ts';

export type PathRead =
  | { readonly kind: 'path'; readonly path: MailPath }
  | { readonly kind: 'refused'; readonly code: 501 | 552 | 553; readonly enhanced: string; readonly why: string };

const atext = String.raw`[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~\-\u0080-\u{10ffff}]`;
const dotString = new RegExp(`^${atext}+(?:\\.${atext}+)*$`, 'u');
const quotedString = /^"(?:[ !#-[\]-~\u0080-\u{10ffff}]|\\[ -~])*"$/u;
const label = String.raw`[A-Za-z0-9_\u0080-\u{10ffff}](?:[A-Za-z0-9_\-\u0080-\u{10ffff}]{0,61}[A-Za-z0-9_\u0080-\u{10ffff}])?`;
const domainName = new RegExp(`^${label}(?:\\.${label})*$`, 'u');
const sourceRoute = /^@[^\s,:@<>]+(?:,@[^\s,:@<>]+)*:/;
const keyword = /^[A-Za-z0-9][A-Za-z0-9-]*$/;
const parameterValue = /^[\x21-\x3c\x3e-\x7e\u0080-\u{10ffff}]+$/u;
/** control characters, and the invisible ones by which one address looks like another (bidirectional marks, zero width) */
// oxlint-disable-next-line no-control-regex
const invisible = /[\x00-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd]/u;
const valued: ReadonlySet<string> = new Set(['BODY', 'SIZE', 'RET', 'ENVID', 'AUTH', 'NOTIFY', 'ORCPT']);

/**
 * Reads one MAIL or RCPT line (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2), strictly and once. The address is kept as sent, less a
 * source route, which the receiver ignores (RFC 5321 appendix C). Parameters are kept as sent; DSN's too, though not offered.
 * @param options.smtpUtf8 the transaction said SMTPUTF8 (for MAIL its own parameter counts): only then may an address be 8-bit
 */
export function readPath(verb: 'MAIL FROM' | 'RCPT TO', line: Buffer, options: { readonly smtpUtf8: boolean; readonly size: number }): PathRead {
  const enhanced = verb === 'MAIL FROM' ? '5.1.7' : '5.1.3';
  const refused = (why: string, code: 501 | 552 | 553 = 501, status = enhanced): PathRead => ({ kind: 'refused', code, enhanced: status, why });
  const text = utf8(line);
  if (text === null) return refused(`${verb}: expected UTF-8, found other bytes`);
  if (invisible.test(text)) return refused(`${verb}: found a control or invisible character`);

  const prefix = /^([a-z]+ [a-z]+) *: */i.exec(text);
  if (prefix?.[1]?.toUpperCase() !== verb) return refused(`expected ${verb}:<address>`, 501, '5.5.4');
  const rest = text.slice(prefix[0].length);
  const end = closingBracket(rest);
  if (end < 0) return refused(`${verb}: expected the address between < and >`);
  const address = rest.slice(1, end).replace(sourceRoute, '');
  const tail = rest.slice(end + 1);
  if (tail !== '' && !tail.startsWith(' ')) return refused(`${verb}: expected a space after >, found ${JSON.stringify(tail.slice(0, 40))}`);

  const parameters: Header[] = [];
  for (const part of tail.split(' ').filter((word) => word !== '')) {
    const [name = '', ...values] = part.split('=');
    const value = values.join('=');
    const bad = !keyword.test(name) || (values.length > 0 && !parameterValue.test(value)) || (values.length === 0 && valued.has(name.toUpperCase()));
    if (bad) return refused(`${verb}: bad parameter ${JSON.stringify(name.slice(0, 60))}`, 501, '5.5.4');
    if (parameters.some(([known]) => known.toUpperCase() === name.toUpperCase())) return refused(`${verb}: parameter ${name} given twice`, 501, '5.5.4');
    parameters.push([name, value]);
  }
  const parameter = (name: string) => parameters.find(([known]) => known.toUpperCase() === name)?.[1] ?? null;
  const size = parameter('SIZE');
  if (size !== null && !/^\d{1,20}$/.test(size)) return refused('MAIL FROM: SIZE takes a number', 501, '5.5.4');
  if (size !== null && Number(size) > options.size) return refused(`message of ${size} bytes, the limit is ${options.size}`, 552, '5.3.4');
  if (!/^(7BIT|8BITMIME)?$/i.test(parameter('BODY') ?? '')) return refused('MAIL FROM: BODY takes 7BIT or 8BITMIME', 501, '5.5.4');
  if ((parameter('SMTPUTF8') ?? '') !== '') return refused('MAIL FROM: SMTPUTF8 takes no value', 501, '5.5.4');

  const utf8Allowed = options.smtpUtf8 || (verb === 'MAIL FROM' && parameter('SMTPUTF8') !== null);
  if (!utf8Allowed && /[^\0-\x7f]/.test(address)) return refused(`${verb}: an 8-bit address needs SMTPUTF8 (RFC 6531)`, 553, '5.6.7');
  const fault = addressFault(address, verb);
  return fault === null ? { kind: 'path', path: { address, parameters } } : refused(`${verb}: ${fault}`);
}

function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Index of the > that ends a path beginning with <; brackets inside a quoted local part do not count. */
function closingBracket(text: string): number {
  if (!text.startsWith('<')) return -1;
  let quoted = false;
  for (let at = 1; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '<') return -1;
    else if (!quoted && character === '>') return at;
  }
  return -1;
}

function addressFault(address: string, verb: 'MAIL FROM' | 'RCPT TO'): string | null {
  if (address === '') return verb === 'MAIL FROM' ? null : 'expected an address, found none';
  if (verb === 'RCPT TO' && address.toLowerCase() === 'postmaster') return null; // RFC 5321 §4.5.1
  // RFC 5321 §4.5.3.1.3: 256 octets with the brackets
  if (Buffer.byteLength(address) > 254) return 'the address is longer than 254 octets';
  const at = address.lastIndexOf('@');
  if (at < 1) return 'expected local-part@domain';
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (!dotString.test(local) && !quotedString.test(local)) return 'the local part is not a dot-string or a quoted string';
  return domainName.test(domain) || isLiteral(domain) ? null : 'the domain is not a name or an address literal';
}

function isLiteral(domain: string): boolean {
  const inner = /^\[(.+)\]$/.exec(domain)?.[1];
  return inner !== undefined && (isIPv4(inner) || (/^ipv6:/i.test(inner) && isIPv6(inner.slice(5))));
}
