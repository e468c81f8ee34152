/**
 * Other ways a text may be read by whoever sees it: what an escape stands for. Each gives the text as it would be read, or the text
 * itself where it has nothing of that kind.
 */
export type Reading = (text: string) => string;


function percent(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return Buffer.from(run.replaceAll('%', ''), 'hex').toString('latin1');
    }
  });
}

const names: Readonly<Record<string, string | undefined>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', commat: '@', period: '.', plus: '+', lowbar: '_', hyphen: '-', dash: '-', num: '#', shy: '', zwnj: '', zwj: '' };

/** Character references undone; with them, what stands in comments and tags gone, as a reader would see it. */
function html(text: string): string {
  const read = text.includes('&') ? text.replace(/&(?:#([0-9]{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return names[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff) ? String.fromCodePoint(code) : whole;
  }) : text;
  return untagged(read);
}

/** Tags taken away: where they stood between lines, with a line's end. */
export function untagged(text: string): string {
  if (!/<[a-z/!]/i.test(text)) return text;
  return text.replace(/<!--[^]*?(?:-->|$)/g, '').replace(/<(?:br|\/?(?:p|div|tr|td|th|li|h[1-6]|table|ul|ol))\b[^<>]*>/gi, '\n').replace(/<[a-z/!?][^<>]*>/gi, '');
}

/** \u0040 and \x40 of JSON and scripts */
function escapes(text: string): string {
  return text.includes('\\') ? text.replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/gi, (_, long?: string, short?: string) => String.fromCharCode(Number.parseInt(long ?? short ?? '', 16))).replaceAll('\\/', '/') : text;
}

function quotedPrintable(text: string): string {
  if (!text.includes('=')) return text;
  return text.replace(/=[ \t]*\r?\n/g, '').replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** RFC 3461: +40 in ORCPT */
function xtext(text: string): string {
  return text.includes('+') ? text.replace(/\+(2B|3D|40|2E)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;
}

/** Compatibility letters as the plain ones, other scripts' digits as 0-9, invisible ones gone. */
function folded(text: string): string {
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  if (/^[\0-\x7f]*$/.test(text)) return text;
  return text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '').replace(/(?![0-9])\p{Nd}/gu, digitOf);
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

/** What base64 or hex in a text may stand for, wherever in it the coding begins. Latin letters only: an address has no others. */
export function packed(token: string): readonly string[] {
  const found: string[] = [];
  if (/^[0-9a-f]{16,}$/i.test(token)) found.push(Buffer.from(token, 'hex').toString('latin1'), Buffer.from(token.slice(1), 'hex').toString('latin1'));
  for (let from = 0; from < 4; from += 1) found.push(Buffer.from(token.slice(from), 'base64').toString('latin1'));
  return found;
}

/** Long enough to hold an address. */
export const packedTokens = [/[A-Za-z0-9+/]{11,}/g, /[A-Za-z0-9_-]{11,}/g, /[0-9a-f]{16,}/gi] as const;

export const readings: readonly Reading[] = [percent, html, escapes, quotedPrintable, xtext, folded];
