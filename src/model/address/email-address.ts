import { domainToASCII, domainToUnicode } from 'node:url';

/** One bare mailbox: `local@domain`, nothing before it, nothing behind it. */
export type EmailAddress =
  | { readonly kind: 'address'; readonly address: string; readonly local: string; readonly domain: string }
  | { readonly kind: 'invalid'; readonly why: string };

/** RFC 5321 4.5.3.1: local part 64 octets, path 256 with its brackets, so 254 for the address. */
const longest = { address: 254, local: 64, label: 63 };

const dotAtom = /^[A-Za-z0-9#$&'*+=?^_{}~-]+(?:\.[A-Za-z0-9#$&'*+=?^_{}~-]+)*$/;
const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** A last label that some resolvers read as (part of) an IP number: decimal, octal or hexadecimal. */
const numeric = /^(?:[0-9]+|0x[0-9a-f]*)$/;

/**
 * Reads the whole text as one address, or says why it is none. Much narrower than RFC 5322: no quoted local part, comment,
 * route, literal, blank or non-ASCII character, because mail software disagrees about each of them, and what one reads as a
 * colleague another delivers to a customer. `% ! | / \`` are legal in an atom, but mean relaying, pipes and paths to some.
 * The domain comes back in lower case, the local part as it stood (RFC 5321 2.4).
 */
export function parseEmailAddress(text: string): EmailAddress {
  if (text.length > longest.address) return invalid(`is longer than ${longest.address} characters`);
  const at = text.indexOf('@');
  if (at < 0) return invalid('has no @');
  if (text.includes('@', at + 1)) return invalid('has more than one @');
  const local = text.slice(0, at);
  const domain = asciiLowerCase(text.slice(at + 1));
  const why = wrongLocal(local) ?? wrongDomain(domain);
  if (why !== null) return invalid(why);
  return { kind: 'address', address: `${local}@${domain}`, local, domain };
}

/** Only A-Z: `toLowerCase` would fold the Kelvin sign onto k, and others onto ASCII. */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Why the text is no mail domain; null when it is one. For patterns in configuration too. */
export function wrongDomain(domain: string): string | null {
  if (domain === '') return 'has no domain';
  const labels = domain.split('.');
  for (const part of labels) {
    if (part.length > longest.label) return `has a domain label longer than ${longest.label} characters`;
    if (!label.test(part)) return 'has a domain that is not letters, digits, hyphens and single dots';
    if (part.startsWith('xn--') && !isALabel(part)) return 'has a domain label that begins with xn-- and is no valid internationalised name';
  }
  if (numeric.test(labels.at(-1) ?? '')) return 'has a number as its domain';
  return null;
}

/** RFC 5890 2.3.2.1: what does not survive the way to Unicode and back is read as one host by some and as another by others. */
function isALabel(part: string): boolean {
  const unicode = domainToUnicode(part);
  return unicode !== part && domainToASCII(unicode) === part;
}

function wrongLocal(local: string): string | null {
  if (local === '') return 'has no local part';
  if (local.length > longest.local) return `has a local part longer than ${longest.local} characters`;
  if (!dotAtom.test(local)) return 'has characters in its local part that mail systems read differently';
  if (local.includes('=?')) return 'has an encoded word in its local part';
  // Encapsulated addresses: the safe host would unpack them and send on (Exchange IMCEA, Sender Rewriting Scheme).
  if (/^imcea/i.test(local)) return 'is an Exchange encapsulation of another address';
  if (/^srs[01][=+-]/i.test(local)) return 'is an SRS encapsulation of another address';
  return null;
}

function invalid(why: string): EmailAddress {
  return { kind: 'invalid', why };
}
