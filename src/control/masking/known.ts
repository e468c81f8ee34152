import { maskedAddress, type Shown } from './shown-address.ts';

/** Recipients of a capture who are not shown, prepared for finding them in its texts. */
export interface Known {
  /** each as it stands, in any case; the longest first */
  readonly words: readonly { readonly text: string; readonly pattern: RegExp; readonly shown: string }[];
  /** ends of telephone numbers: a vendor writes the same number in many ways, national ones included */
  readonly endings: ReadonlySet<string>;
  /** everything as it stands, in small letters: for what was cut off at the end of a text */
  readonly addresses: readonly string[];
}

export const nobody: Known = { words: [], endings: new Set(), addresses: [] };

/** So many last digits make a number: national spellings drop the country code, and some its trunk zero. */
export const endingDigits = 7;
/** A word this long is a token: found inside another word too. */
const longWord = 16;

/** `recipients` of any JSON that has the shape; others are left out. */
export function knownOf(recipients: readonly unknown[], shown: Shown, before: Known = nobody): Known {
  const addresses = recipients.flatMap((each) => {
    const recipient = recipientOf(each);
    return recipient === null || isShown(recipient, shown) ? [] : [recipient];
  });
  if (addresses.length === 0) return before;
  const words = [...before.words];
  const endings = new Set(before.endings);
  for (const { kind, address } of addresses) {
    const masked = maskedAddress(kind, address);
    const digits = address.replace(/[^0-9]/g, '');
    if (kind === 'phone' && digits.length >= endingDigits && /^[^a-z@]*$/i.test(address.replace(/^[a-z-]+:/i, ''))) endings.add(digits.slice(-endingDigits));
    // VERP writes ann=gmail.com
    for (const text of address.includes('@') ? [address, address.replace('@', '=')] : [address]) words.push({ text, pattern: wordPattern(text), shown: masked });
  }
  return {
    words: words.toSorted((one, other) => other.text.length - one.text.length),
    endings,
    addresses: [...before.addresses, ...addresses.map(({ address }) => address.toLowerCase())],
  };
}

function wordPattern(text: string): RegExp {
  const literal = text.replace(/[\\^$.*+?()[\]{}|]/g, (sign) => `\\${sign}`);
  return new RegExp(text.length >= longWord ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'giu');
}

type RecipientLike = { readonly kind: Parameters<typeof maskedAddress>[0]; readonly address: string; readonly standing: unknown };

export function recipientOf(value: unknown): RecipientLike | null {
  if (typeof value !== 'object' || value === null || !('address' in value) || !('standing' in value) || typeof value.address !== 'string') return null;
  const kind = 'kind' in value && typeof value.kind === 'string' ? value.kind : 'customer';
  return { kind: kind as RecipientLike['kind'], address: value.address, standing: value.standing };
}

/** As it was judged when it was captured and, where that can be asked again, as it would be judged now: both must show it. */
export function isShown({ kind, address, standing }: RecipientLike, shown: Shown): boolean {
  if (standing !== 'safe' && standing !== 'reserved') return false;
  if (kind === 'email' || address.includes('@')) return shown('email', address);
  return kind !== 'phone' || shown('phone', address);
}
