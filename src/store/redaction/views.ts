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
  /** writes over bytes [from, to) so that the encoding stays readable */
  fill(out: Uint8Array, from: number, to: number): void;
  /** whole text with its fields, to be asked for their names too */
  readonly whole: boolean;
}

const asterisk = 42;

const fill: View['fill'] = (out, from, to) => { out.fill(asterisk, from, to); };

/** As it stands, and with each coding undone that the bytes show signs of. One at a time: each is as large as the bytes. */
export function* viewsOf(bytes: Buffer): Generator<View> {
  const text = bytes.toString('latin1');
  yield { text, start: (at) => at, end: (at) => at, fill, whole: true };
  if (/\\(?:u00|\/)/.test(text)) yield undone(text, /\\u00([0-9a-fA-F]{2})|\\(\/)/g, ([, hex, sign]) => sign ?? character(hex!));
  if (/%[0-9a-fA-F]{2}/.test(text)) yield undone(text, /%([0-9a-fA-F]{2})/g, ([, hex]) => character(hex!));
  if (/=(?:\r?\n|[0-9a-fA-F]{2})/.test(text)) yield undone(text, /=(?:\r?\n|([0-9a-fA-F]{2}))/g, ([, hex]) => (hex === undefined ? '' : character(hex)));
  if (/&#x?[0-9a-fA-F]{2,3};/.test(text)) yield undone(text, /&#(?:x([0-9a-fA-F]{2,3})|([0-9]{2,3}));/g, ([, hex, digits]) => String.fromCharCode(hex === undefined ? Number(digits) : parseInt(hex, 16)));
  if (text.includes('\0')) yield { ...undone(text, /\0/g, () => ''), whole: true };
  yield* base64Views(bytes);
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
  return { text: pieces.join(''), start: (at) => starts[at]!, end: (at) => starts[at]!, fill, whole: false };
}

/** Shorter runs hold no credential worth the name. */
const shortestRun = 20;
/** A line of a run goes on after a line break, written out or (in JSON) as an escape. */
const lineBreaks = ['\r\n', '\n', '\\r\\n', '\\n'].map((sign) => Buffer.from(sign, 'latin1'));
const shiftedUpTo = 4096;
/** '***' in base64: cut groups decode to asterisks. */
const base64Filler = Buffer.from('Kioq', 'latin1');
const newline = 10;
const backslash = 92;

/** What each letter of both alphabets stands for; 255: no letter. */
const sextets: Readonly<Uint8Array> = Uint8Array.from({ length: 256 }, (_, code) => {
  const letter = String.fromCharCode(code).replace('-', '+').replace('_', '/');
  const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(letter);
  return value < 0 ? 255 : value;
});

/**
 * Mail parts, attachments inside JSON, Basic credentials: read decoded. All runs of letters are one view, a line each, so
 * that half a million short ones cost no more than one of their size. By hand and not by pattern, because an attachment of
 * megabytes is one run. Spans are widened to whole groups of four letters.
 */
function* base64Views(bytes: Uint8Array): Generator<View> {
  const runs = runsIn(bytes);
  if (runs.length === 0) return;
  yield base64View(bytes, runs, 0);
  // Letters that stand before the coded text and look like it shift its groups: short runs are read from each of four.
  const short = runs.filter(({ letters }) => letters <= shiftedUpTo);
  for (let shift = 1; shift < 4 && short.length > 0; shift += 1) yield base64View(bytes, short, shift);
}

/** Letters from `from` to `to`, line breaks between them not counted. */
interface Run { readonly from: number; readonly to: number; readonly letters: number }

function runsIn(bytes: Uint8Array): readonly Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    let to = endOfLetters(bytes, at);
    if (to - at < shortestRun) {
      at = to;
      continue;
    }
    let letters = to - at;
    for (let next = startOfNextLine(bytes, to); next !== null; next = startOfNextLine(bytes, to)) {
      to = endOfLetters(bytes, next);
      letters += to - next;
    }
    runs.push({ from: at, to, letters });
    at = to;
  }
  return runs;
}

function base64View(bytes: Uint8Array, runs: readonly Run[], shift: number): View {
  const size = runs.reduce((sum, { letters }) => sum + Math.ceil(letters / 4) * 3 + 1, 0);
  const out = Buffer.alloc(size);
  /** where the group begins that a character was read from */
  const starts = new Uint32Array(size + 1);
  let length = 0;
  for (const { from, to } of runs) {
    let [group, bits, count] = [from, 0, -shift];
    for (let at = from; at < to; at += 1) {
      // within a run it begins a line break that is written as an escape
      if (bytes[at] === backslash) {
        at += 1;
        continue;
      }
      const value = sextets[bytes[at]!]!;
      if (value === 255) continue;
      if (count === 0) group = at;
      count += 1;
      if (count <= 0) continue;
      bits = (bits << 6 | value) & 0xffffff;
      if (count < 4) continue;
      for (let part = 16; part >= 0; part -= 8, length += 1) {
        out[length] = bits >> part & 0xff;
        starts[length] = group;
      }
      count = 0;
    }
    // a last group of two or three letters
    for (let part = 1; part < count; part += 1, length += 1) {
      out[length] = bits << 6 * (4 - count) >> 24 - 8 * part & 0xff;
      starts[length] = group;
    }
    out[length] = newline;
    starts[length] = to;
    length += 1;
  }
  return {
    whole: false,
    text: out.toString('latin1', 0, length),
    start: (at) => starts[at]!,
    end(at) {
      let end = starts[at - 1]!;
      for (let left = 4; left > 0 && end < bytes.length; end += 1) {
        if (bytes[end] === backslash) end += 1;
        else if (sextets[bytes[end]!] !== 255) left -= 1;
        else if (bytes[end] !== newline && bytes[end] !== 13) break;
      }
      return end;
    },
    fill(cut, from, to) {
      for (let at = from, nth = 0; at < to; at += 1) {
        if (cut[at] === backslash) at += 1;
        else if (sextets[cut[at]!] !== 255) {
          cut[at] = base64Filler[nth % 4]!;
          nth += 1;
        }
      }
    },
  };
}

function endOfLetters(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && sextets[bytes[at]!] !== 255) at += 1;
  return at;
}

function startOfNextLine(bytes: Uint8Array, end: number): number | null {
  const lineBreak = lineBreaks.find((sign) => sign.every((code, at) => bytes[end + at] === code));
  if (lineBreak === undefined) return null;
  const next = end + lineBreak.length;
  return [0, 1, 2, 3].every((at) => next + at < bytes.length && sextets[bytes[next + at]!] !== 255) ? next : null;
}

function character(hex: string): string {
  return String.fromCharCode(parseInt(hex, 16));
}
