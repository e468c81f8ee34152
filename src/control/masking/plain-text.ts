import { endingDigits, hideWords, type Known } from './known.ts';
import { hidden, maskedMail, maskedPhone, type Shown } from './shown-address.ts';

/** Letters of a local part and of a domain; wider than any mail server takes, so that nothing is left beside what is hidden. */
const localLetter = /[\p{L}\p{N}\p{M}.!#$%'*+=^_`{|}~\u00ad\u200b-\u200f\u2060-\u2064\ufeff-]/u;
const domainLetter = /[\p{L}\p{N}\p{M}._\u00ad\u200b-\u200f\u2060-\u2064\ufeff-]/u;
const atSigns = /[@\uff20\ufe6b]/g;
const longest = 320;

/** Hides everybody who stands in a text as written: known recipients first, then whatever looks like an address or an E.164 number. */
export function hideInPlain(text: string, { known, shown }: { readonly known: Known; readonly shown: Shown }): string {
  let result = hideWords(text, known);
  if (/[@\uff20\ufe6b]/.test(result)) result = hideMails(result, shown);
  if (/[0-9]{2}/.test(result)) result = hideNumbers(result, { known, shown });
  return result.endsWith('…') || result.startsWith('…') ? hideCut(result, known) : result;
}

/** Every `@` with letters before it. One walk from each sign outwards: no pattern that could be made slow. */
export function hideMails(text: string, shown: Shown): string {
  let result = '';
  let from = 0;
  for (const { index: sign } of text.matchAll(atSigns)) {
    if (sign < from) continue;
    const start = startOfLocal(text, sign, from);
    let end = sign + 1;
    if (text[end] === '[') end = closing(text, end);
    else while (end < text.length && end - sign < longest && domainLetter.test(text[end]!)) end += 1;
    while (end > sign + 1 && /[.-]/.test(text[end - 1]!)) end -= 1;
    const cut = text[end] === '…' || end === text.length;
    if (start === sign || (end === sign + 1 && !cut)) continue;
    const address = text.slice(start, end).replace(/[\uff20\ufe6b]/, '@');
    result += text.slice(from, start) + (shown('email', address) ? text.slice(start, end) : maskedMail(address));
    from = end;
  }
  return result + text.slice(from);
}

function startOfLocal(text: string, sign: number, from: number): number {
  if (text[sign - 1] === '"') {
    const open = text.lastIndexOf('"', sign - 2);
    if (open >= from && sign - open < 130 && !text.slice(open, sign).includes('\n')) return open;
  }
  let start = sign;
  while (start > from && sign - start < longest && localLetter.test(text[start - 1]!)) start -= 1;
  // `?email=ann@x.test` is a parameter and its value; elsewhere a '=' may belong to the address
  const name = /[?&;]/.test(text[start - 1] ?? '') ? /^[A-Za-z_][\w.-]{0,40}=/.exec(text.slice(start, sign)) : null;
  return start + (name?.[0].length ?? 0);
}

function closing(text: string, open: number): number {
  const end = text.indexOf(']', open);
  return end < 0 || end - open > 60 ? open : end + 1;
}

/** +49 (151) 123-456, 0049151123456; and any spelling of a number that is known: its last digits tell it. */
function hideNumbers(text: string, { known, shown }: { readonly known: Known; readonly shown: Shown }): string {
  const international = text
    .replace(/\+[ (]{0,2}[1-9](?:[ ().\-/\u00a0\u2010-\u2015]{0,2}[0-9]){6,14}(?![0-9])/g, (number) => (shown('phone', `+${number.replace(/[^0-9]/g, '')}`) ? number : maskedPhone(number)))
    .replace(/(?<![\p{L}\p{N}.:/-])00[1-9](?:[ ().\-/]{0,2}[0-9]){7,14}(?![0-9])/gu, (number) => (shown('phone', `+${number.replace(/[^0-9]/g, '').slice(2)}`) ? number : maskedPhone(`+${number.slice(2)}`)));
  if (known.endings.size === 0) return international;
  // as long as it goes: a date beside a number looks like more of it, so its end may be anywhere within
  return international.replace(/[0-9](?:[ ().\-/\u00a0\u2010-\u2015]{0,2}[0-9]){6,}/g, (number) => {
    const digits = number.replace(/[^0-9]/g, '');
    return endsWithin(digits, known.endings) && !shown('phone', `+${digits}`) ? maskedPhone(number) : number;
  });
}

function endsWithin(digits: string, endings: ReadonlySet<string>): boolean {
  for (let end = digits.length; end >= endingDigits; end -= 1) if (endings.has(digits.slice(end - endingDigits, end))) return true;
  return false;
}

/** A title or an excerpt may end in the middle of somebody. */
function hideCut(text: string, { addresses }: Known): string {
  const last = /([^\s"'<>(),;:=]+)…$/.exec(text)?.[1]?.toLowerCase();
  const first = /^…([^\s"'<>(),;]+)/.exec(text)?.[1]?.toLowerCase();
  let result = text;
  if (last !== undefined && (addresses.some((address) => address.startsWith(last)) || /^\+[0-9]{3,}$/.test(last))) result = `${result.slice(0, -last.length - 1)}${hidden}…`;
  if (first !== undefined && addresses.some((address) => address.endsWith(first))) result = `…${hidden}${result.slice(first.length + 1)}`;
  return result;
}
