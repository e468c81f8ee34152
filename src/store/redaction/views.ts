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
  /** whole text with its fields, to be asked for their names too */
  readonly whole: boolean;
}

const asterisk = 42;

/** As it stands, and with each coding undone that the bytes show signs of. */
export function viewsOf(bytes: Buffer): readonly View[] {
  const text = bytes.toString('latin1');
  const raw: View = { text, start: (at) => at, end: (at) => at, filler: () => asterisk, whole: true };
  return [
    raw,
    ...(text.includes('\\') ? [undone(text, /\\u00([0-9a-fA-F]{2})|\\(\/)/g, ([, hex, sign]) => sign ?? character(hex!))] : []),
    ...(/%[0-9a-fA-F]{2}/.test(text) ? [undone(text, /%([0-9a-fA-F]{2})/g, ([, hex]) => character(hex!))] : []),
    ...(/=(?:\r?\n|[0-9a-fA-F]{2})/.test(text) ? [undone(text, /=(?:\r?\n|([0-9a-fA-F]{2}))/g, ([, hex]) => (hex === undefined ? '' : character(hex)))] : []),
    ...(/&#x?[0-9a-fA-F]{2,3};/.test(text) ? [undone(text, /&#(?:x([0-9a-fA-F]{2,3})|([0-9]{2,3}));/g, ([, hex, digits]) => String.fromCharCode(hex === undefined ? Number(digits) : parseInt(hex, 16)))] : []),
    ...(text.includes('\0') ? [{ ...undone(text, /\0/g, () => ''), whole: true }] : []),
    ...base64Views(text),
  ];
}

/** `text` with every match replaced by what it stands for (one character or none). */
function undone(text: string, coded: RegExp, meaning: (match: RegExpMatchArray) => string): View {
  const starts = new Uint32Array(text.length + 1);
  const pieces: string[] = [];
  let length = 0;
  let from = 0;
  const plain = (to: number): void => {
    for (let at = from; at < to; at += 1, length += 1) starts[length] = at;
    pieces.push(text.slice(from, to));
  };
  for (const match of text.matchAll(coded)) {
    plain(match.index);
    const letter = meaning(match);
    if (letter !== '') {
      starts[length] = match.index;
      length += 1;
    }
    pieces.push(letter);
    from = match.index + match[0].length;
  }
  plain(text.length);
  starts[length] = text.length;
  return { text: pieces.join(''), start: (at) => starts[at]!, end: (at) => starts[at]!, filler: () => asterisk, whole: false };
}

/** Shorter runs hold no credential worth the name. */
const shortestRun = 20;
/** A line of a run goes on after a line break, written out or (in JSON) as an escape. */
const lineBreaks = ['\r\n', '\n', '\\r\\n', '\\n'] as const;
const shiftedUpTo = 4096;
/** '***' in base64: cut groups decode to asterisks. */
const base64Filler = Buffer.from('Kioq', 'latin1');

/** One line of a run: its first letter is the run's `nth`, and stands at `offset`. */
interface Line { readonly nth: number; readonly offset: number; readonly length: number }

/**
 * Mail parts, attachments inside JSON, Basic credentials: read decoded. By hand and not by pattern, because an attachment of
 * megabytes is one run. Spans are widened to whole groups of four letters.
 */
function base64Views(text: string): readonly View[] {
  const views: View[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const first = endOfLetters(text, at);
    if (first - at < shortestRun) {
      at = first;
      continue;
    }
    const lines: Line[] = [{ nth: 0, offset: at, length: first - at }];
    let letters = first - at;
    let end = first;
    for (let next = startOfNextLine(text, end); next !== null; next = startOfNextLine(text, end)) {
      end = endOfLetters(text, next);
      lines.push({ nth: letters, offset: next, length: end - next });
      letters += end - next;
    }
    const joined = lines.map(({ offset, length }) => text.slice(offset, offset + length)).join('');
    // Letters that stand before the coded text and look like it shift its groups: short runs are read from each of four.
    for (let shift = 0; shift < (letters <= shiftedUpTo ? 4 : 1); shift += 1) views.push(base64View(joined, lines, shift));
    at = end;
  }
  return views;
}

function base64View(letters: string, lines: readonly Line[], shift: number): View {
  const last = lines.at(-1)!;
  const lineOf = (test: (line: Line) => boolean): Line => lines[lastIndex(lines, test)]!;
  const place = (nth: number): number => {
    if (nth >= letters.length) return last.offset + last.length;
    const line = lineOf((each) => each.nth <= nth);
    return line.offset + nth - line.nth;
  };
  return {
    whole: false,
    // Node reads both alphabets.
    text: Buffer.from(letters.slice(shift), 'base64').toString('latin1'),
    start: (at) => place(shift + Math.floor(at / 3) * 4),
    end: (at) => place(shift + Math.ceil(at / 3) * 4),
    filler(offset) {
      const line = lineOf((each) => each.offset <= offset);
      const nth = line.nth + offset - line.offset;
      return offset < line.offset + line.length ? base64Filler[(nth - shift + 4) % 4]! : -1;
    },
  };
}

/** Index of the last line for which the test holds; it holds for the first, and for none after one for which it does not. */
function lastIndex(lines: readonly Line[], test: (line: Line) => boolean): number {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (test(lines[middle]!)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function endOfLetters(text: string, from: number): number {
  let at = from;
  while (at < text.length && isLetter(text.charCodeAt(at))) at += 1;
  return at;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 47 && code <= 57) || code === 43 || code === 45 || code === 95;
}

function startOfNextLine(text: string, end: number): number | null {
  const lineBreak = lineBreaks.find((sign) => text.startsWith(sign, end));
  if (lineBreak === undefined) return null;
  const next = end + lineBreak.length;
  return endOfLetters(text.slice(next, next + 4), 0) === 4 ? next : null;
}

function character(hex: string): string {
  return String.fromCharCode(parseInt(hex, 16));
}
