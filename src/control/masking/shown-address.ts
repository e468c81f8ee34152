import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { RecipientKind } from '../../model/recipient.ts';
import type { Safe } from '../../policy/safe.ts';
import { judge } from '../../policy/standing.ts';

/** Stands for what is not shown. */
export const hidden = '•••';

/** Addresses that are nobody's, or ours: everybody may see them. */
export type Shown = (kind: 'email' | 'phone', address: string) => boolean;

/** What the policy in force lists as safe, and reserved names and numbers. What cannot be read as an address may be anybody's. */
export function shownBy(safe: Safe): Shown {
  return (kind, address) => {
    // bounce+ann=gmail.com@ours.test and SRS carry another address in theirs
    if (kind === 'email' && /=[^@]*\./.test(address.slice(0, address.lastIndexOf('@')))) return false;
    const { standing } = judge(safe, { kind, address, role: 'text' });
    return standing === 'safe' || standing === 'reserved';
  };
}

/** What stands in place of an address: enough to tell two from another, not enough to reach anybody. */
export function maskedAddress(kind: RecipientKind, address: string): string {
  if (address.includes('@')) return maskedMail(address);
  if (kind === 'phone' || (kind === 'customer' && address.startsWith('+'))) return maskedPhone(address);
  return hidden;
}

/** `j•••@gmail.com`; a short local part is told by its first letter almost whole, so it shows none. */
export function maskedMail(address: string): string {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  const plain = parseEmailAddress(`x@${domain}`).kind === 'address' && /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(local);
  return `${plain && local.length > 3 ? local.slice(0, 1) : ''}${hidden}@${domain}`;
}

/** `+49•••••12`: the beginning of the country code and the last two digits; the last ones only where enough others are hidden. */
export function maskedPhone(number: string): string {
  const digits = number.replace(/[^0-9]/g, '');
  if (digits.length < 10) return '•••••';
  const international = /^[^0-9]*\+/.test(number) || number.startsWith('%2B');
  return `${international ? `+${digits.slice(0, /^[17]/.test(digits) ? 1 : 2)}` : ''}•••••${digits.slice(-2)}`;
}
