/**
 * One way of reading some bytes: the text a reader would see, and where each of its characters stands in the bytes. A secret
 * written with escapes is found in the view that undoes them and cut out where it really lies.
 */
export interface View {
  readonly text: string;
  /** where in the bytes character `at` begins */
  start(at: number): number;
  /** where in the bytes a stretch ends that goes up to character `at`, without it */
  end(at: number): number;
  /** what cut bytes are written over with, by offset: the encoding must stay readable */
  filler(offset: number): number;
}

const asterisk = 42;

/** As it stands, and with each coding undone that the bytes show signs of. */
export function viewsOf(bytes: Buffer): readonly View[] {
  const text = bytes.toString('latin1');
  const raw: View = { text, start: (at) => at, end: (at) => at, filler: () => asterisk };
  return [
    raw,
    ...(text.includes('\\') ? [undone(text, /\\u00([0-9a-fA-F]{2})|\\(\/)/g, ([, hex, sign]) => sign ?? character(hex!))] : []),
    ...(/%[0-9a-fA-F]{2}/.test(text) ? [undone(text, /%([0-9a-fA-F]{2})/g, ([, hex]) => character(hex!))] : []),
    ...(/=(?:\r?\n|[0-9a-fA-F]{2})/.test(text) ? [undone(text, /=(?:\r?\n|([0-9a-fA-F]{2}))/g, ([, hex]) => (hex === undefined ? '' : character(hex)))] : []),
    ...(/&#x?[0-9a-fA-F]{2,3};/.test(text) ? [undone(text, /&#(?:x([0-9a-fA-F]{2,3})|([0-9]{2,3}));/g, ([, hex, digits]) => String.fromCharCode(hex === undefined ? Number(digits) : parseInt(hex, 16)))] : []),
    ...(text.includes('\0') ? [undone(text, /\0/g, () => '')] : []),
    ...base64Views(text),
  ];
}

/** `text` with every match replaced by what it stands for (one character or none). */
function undone(text: string, coded: RegExp, meaning: (match: RegExpMatchArray) => string): View {
  const starts: number[] = [];
  let out = '';
  let from = 0;
  const plain = (to: number): void => {
    for (let at = from; at < to; at += 1) starts.push(at);
    out += text.slice(from, to);
  };
  for (const match of text.matchAll(coded)) {
    plain(match.index);
    const letter = meaning(match);
    if (letter !== '') starts.push(match.index);
    out += letter;
    from = match.index + match[0].length;
  }
  plain(text.length);
  starts.push(text.length);
  return { text: out, start: (at) => starts[at]!, end: (at) => starts[at]!, filler: () => asterisk };
}

/** Shorter runs hold no credential worth the name. */
const base64Run = /[A-Za-z0-9+/_-]{20,}(?:(?:\r?\n|\\r\\n|\\n)[A-Za-z0-9+/_-]{4,})*={0,2}/g;
const shiftedUpTo = 4096;
/** '***' in base64: cut quanta decode to asterisks. */
const base64Filler = Buffer.from('Kioq', 'latin1');

/** Mail parts, attachments inside JSON, Basic credentials: read decoded. The spans are widened to whole groups of four. */
function base64Views(text: string): readonly View[] {
  const views: View[] = [];
  for (const match of text.matchAll(base64Run)) {
    const places: number[] = [];
    let letters = '';
    for (const piece of match[0].matchAll(/(?:\\r\\n|\\n|\r?\n|=)|([A-Za-z0-9+/_-]+)/g)) {
      if (piece[1] === undefined) continue;
      for (let at = 0; at < piece[1].length; at += 1) places.push(match.index + piece.index + at);
      letters += piece[1];
    }
    const standard = letters.replaceAll('-', '+').replaceAll('_', '/');
    // Letters that stand before the coded text and look like it shift its groups: short runs are read from each of four.
    for (let shift = 0; shift < (letters.length <= shiftedUpTo ? 4 : 1); shift += 1) views.push(base64View(standard, places, shift));
  }
  return views;
}

function base64View(letters: string, places: readonly number[], shift: number): View {
  const group = new Map(places.map((where, at) => [where, (at - shift + 4) % 4]));
  const place = (at: number): number => places[at] ?? places.at(-1)! + 1;
  return {
    text: Buffer.from(letters.slice(shift), 'base64').toString('latin1'),
    start: (at) => place(shift + Math.floor(at / 3) * 4),
    end: (at) => place(shift + Math.ceil(at / 3) * 4),
    filler: (offset) => (group.has(offset) ? base64Filler[group.get(offset)!]! : -1),
  };
}

function character(hex: string): string {
  return String.fromCharCode(parseInt(hex, 16));
}
