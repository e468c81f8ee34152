import type { Said } from '../model/provider.ts';
import type { RecipientKind } from '../model/recipient.ts';
import type { Safe } from '../policy/safe.ts';
import { judge } from '../policy/standing.ts';

/** Somebody named in a text. Offsets are into that text. */
interface Named { readonly from: number; readonly to: number; readonly address: string; readonly kind: RecipientKind }

/**
 * The first person a text names who is not safe: an e-mail address or a telephone number; null when there is none. Looked at
 * as written and as a reader or a program would take it: references, percent escapes and tags undone, letters normalised.
 */
export function strayIn(safe: Safe, { text, form }: Pick<Said, 'text' | 'form'>): string | null {
  for (const view of viewsOf(text, form)) {
    const found = namedIn(view).find((named) => isStray(safe, named));
    if (found !== undefined) return found.address;
  }
  return null;
}

/** The text with everybody who is not safe blacked out, where they stand as written. What only another view shows stays. */
export function masked(safe: Safe, text: string): string {
  let result = text;
  for (const named of namedIn(text).filter((each) => isStray(safe, each)).toSorted((one, other) => other.from - one.from)) {
    result = `${result.slice(0, named.from)}[masked]${result.slice(named.to)}`;
  }
  return result;
}

/** Reserved names and numbers are nobody's. What cannot be read as an address, though it has the look of one, may be anybody's. */
function isStray(safe: Safe, { address, kind }: Named): boolean {
  const { standing } = judge(safe, { address, kind, role: 'text' });
  return standing !== 'safe' && standing !== 'reserved';
}

function viewsOf(text: string, form: Said['form']): ReadonlySet<string> {
  const plain = [text];
  if (form === 'html') {
    const bare = text.replaceAll(/<!--[^]*?(?:-->|$)/g, '').replaceAll(/<(?:br|\/?(?:p|div|tr|td|th|li|h[1-6]|table|ul|ol))\b[^<>]*>/gi, '\n').replaceAll(/<[a-z/!?][^<>]*>/gi, '');
    plain.push(unescaped(text), unescaped(bare));
  }
  const read = [...plain, ...plain.map(percentDecoded)];
  return new Set([...read, ...read.map(folded)]);
}

/** Compatibility letters (＠, fullwidth digits) as the plain ones, other scripts' digits as 0-9, invisible characters gone. */
function folded(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  return text.normalize('NFKC').replaceAll(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g, '').replaceAll(/(?![0-9])\p{Nd}/gu, digitOf);
}

/** Unicode gives each script's digits ten places in a row; zero is the first of the row. */
function digitOf(letter: string): string {
  const code = letter.codePointAt(0)!;
  for (let value = 9; value >= 0; value -= 1) {
    const row = Array.from({ length: value + 1 }, (_, at) => String.fromCodePoint(code - at));
    if (row.every((each) => /\p{Nd}/u.test(each))) return String(value);
  }
  return letter;
}

function percentDecoded(text: string): string {
  return text.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const names: Readonly<Record<string, string | undefined>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', commat: '@', period: '.', plus: '+', shy: '', zwnj: '', zwj: '' };

function unescaped(html: string): string {
  return html.replaceAll(/&(?:#([0-9]{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return names[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

function namedIn(text: string): readonly Named[] {
  return withoutOverlap([...addresses(text), ...numbers(text)]);
}

function withoutOverlap(found: readonly Named[]): readonly Named[] {
  let end = -1;
  return found.toSorted((one, other) => one.from - other.from || other.to - one.to).filter((named) => {
    if (named.from < end) return false;
    end = named.to;
    return true;
  });
}

/** '@' as it can be written without being undone first. */
const at = /@|%40|&#0{0,5}64;?|&#x0{0,5}40;?|&commat;|\uff20|\ufe6b/gi;
const localCharacter = /[^\s\p{Cc}<>()[\]"',;:\\|=&?/#%@{}]/u;
const domainCharacter = /[\p{L}\p{N}\p{M}.-]/u;

/** From each '@' outwards, as far as an address could go: bounded, so a text of nothing but '@' costs no more than its length. */
function addresses(text: string): readonly Named[] {
  const found: Named[] = [];
  for (const sign of text.matchAll(at)) {
    const after = sign.index + sign[0].length;
    let from = sign.index;
    while (from > 0 && sign.index - from < 80 && localCharacter.test(text[from - 1]!)) from -= 1;
    let to = after;
    while (to < text.length && to - after < 260 && domainCharacter.test(text[to]!)) to += 1;
    const domain = text.slice(after, to).replace(/[.-]+$/, '');
    const local = text.slice(from, sign.index);
    const literal = /^\[[0-9a-f:.IPv]{3,60}\]/i.exec(text.slice(after, after + 70))?.[0];
    const quoted = local === '' && text[sign.index - 1] === '"';
    if ((local === '' && !quoted) || (literal === undefined && !/[^.]\.[^.]*[^.\d][^.]*$/u.test(domain))) continue;
    found.push({ from, to: after + (literal ?? domain).length, address: `${quoted ? '""' : local}@${literal ?? domain}`, kind: 'email' });
  }
  return found;
}

const numberForms: readonly { readonly form: RegExp; readonly e164: (digits: string) => string | null }[] = [
  // +49 (0) 171 123-4567, also with the sign escaped
  { form: /(?:\+|%2B|&#43;|&plus;)[ (]{0,2}[1-9](?:[ ().\-/\u00a0]{0,3}[0-9]){6,14}/gi, e164: (digits) => `+${digits}` },
  { form: /(?<![0-9.])00[ ]?[1-9](?:[ ().\-/]{0,3}[0-9]){7,13}(?![0-9])/g, e164: (digits) => `+${digits.slice(2)}` },
  { form: /(?<![0-9.-])(?:1[ .-])?\(?[2-9][0-9]{2}\)?[ .-]{1,2}[2-9][0-9]{2}[ .-][0-9]{4}(?![0-9])/g, e164: (digits) => `+1${digits.slice(-10)}` },
  // a number to be dialled from where its reader is: whose it is cannot be told
  { form: /(?:tel|sms|smsto|callto|whatsapp):\/{0,2}(?!\+|%2B)[0-9](?:[ ().-]{0,2}[0-9]){4,14}/gi, e164: () => null },
  { form: /wa\.me\/[0-9]{7,15}/gi, e164: (digits) => `+${digits}` },
];

function numbers(text: string): readonly Named[] {
  return numberForms.flatMap(({ form, e164 }) => [...text.matchAll(form)].map((match): Named => {
    const digits = match[0].replace(/^%2B|^&#43;/i, '').replaceAll(/[^0-9]/g, '');
    return { from: match.index, to: match.index + match[0].length, address: e164(digits) ?? digits, kind: 'phone' };
  }));
}
