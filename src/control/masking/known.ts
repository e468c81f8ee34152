import { hidden, maskedAddress, type Shown } from './shown-address.ts';

/**
 * Recipients of a capture who are not shown, prepared for finding them in its texts. Whoever looks like an address or a number is found as
 * such; here is what tells the others.
 */
export interface Known {
  /** what does not look like an address (devices, chats, customers in words, broken ones), in any case; null = nobody */
  readonly words: RegExp | null;
  /** ends of numbers (telephones, chats, customers): a vendor writes the same number in many ways, national ones included */
  readonly endings: ReadonlySet<string>;
  /** everything as it stands, in small letters: for what was cut off at the end of a text */
  readonly addresses: readonly string[];
}

export const nobody: Known = { words: null, endings: new Set(), addresses: [] };

/** So many last digits make a number: national spellings drop the country code, and some its trunk zero. */
export const endingDigits = 7;
/** A word this long is a token: found inside another word too. */
const longWord = 16;

/** `recipients` of any JSON that has the shape; others are left out. */
export function knownOf(recipients: readonly unknown[], shown: Shown, before: Known = nobody): Known {
  const people = recipients.flatMap((each) => {
    const recipient = recipientOf(each);
    return recipient === null || recipient.address === '' || isShown(recipient, shown) ? [] : [recipient];
  });
  if (people.length === 0) return before;
  const numbers = people.filter(({ address }) => isNumber(address)).map(({ address }) => address.replace(/[^0-9]/g, '').slice(-endingDigits));
  const addresses = [...new Set([...before.addresses, ...people.map(({ address }) => address.toLowerCase())])];
  return { words: wordsOf(addresses), endings: new Set([...before.endings, ...numbers]), addresses };
}

/** What no other pattern would find whole. The longest first: one may begin another. */
function wordsOf(addresses: readonly string[]): RegExp | null {
  const words = addresses.filter((address) => !isNumber(address) && !/^[\p{L}\p{N}.!#$%'*+^_`{|}~-]+@[\p{L}\p{N}._-]*[\p{L}\p{N}]$/u.test(address)).toSorted((one, other) => other.length - one.length);
  if (words.length === 0) return null;
  const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, (sign) => `\\${sign}`);
  const [long, short] = [words.filter(({ length }) => length >= longWord), words.filter(({ length }) => length < longWord)];
  return new RegExp([...long.map(literal), ...short.length === 0 ? [] : [`(?<![\\p{L}\\p{N}])(?:${short.map(literal).join('|')})(?![\\p{L}\\p{N}])`]].join('|'), 'giu');
}

function isNumber(address: string): boolean {
  return /^(?:[a-z-]+:)?\+?[0-9 ().\-/]+$/i.test(address) && address.replace(/[^0-9]/g, '').length >= endingDigits;
}

export function hideWords(text: string, { words }: Known): string {
  return words === null ? text : text.replace(words, (word) => (word.includes('@') ? maskedAddress('email', word) : hidden));
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
