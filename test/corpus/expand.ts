import type { Case } from './case.ts';

/** What a client sends, in order. Big things stay small until they are written. */
export type Piece =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'repeat'; readonly unit: Buffer; readonly times: number }
  /** these bytes one by one, then more of the same until somebody hangs up */
  | { readonly kind: 'slow'; readonly bytes: Buffer };

const macro = /\{\{(repeat|nest|slow):([^]*?)\}\}/g;

/** The input with its macros read. `{{repeat:UNIT:N}}`, `{{nest:TYPE:N}}`: N stands after the last colon. */
export function piecesOf({ input, encoding = 'utf8', channel, why }: Pick<Case, 'input' | 'encoding' | 'channel' | 'why'>): readonly Piece[] {
  if (encoding === 'base64') return [{ kind: 'bytes', bytes: Buffer.from(input, 'base64') }];
  const bytes = (text: string): Buffer => Buffer.from(text, encoding);
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of input.matchAll(macro)) {
    const [whole, name, argument = ''] = found;
    if (found.index > at) pieces.push({ kind: 'bytes', bytes: bytes(input.slice(at, found.index)) });
    at = found.index + whole.length;
    const colon = argument.lastIndexOf(':');
    const times = Number(argument.slice(colon + 1));
    if (name === 'slow') pieces.push({ kind: 'slow', bytes: bytes(/^([^]*) : 1 byte/.exec(argument)?.[1] ?? 'a') });
    else if (name === 'repeat') pieces.push({ kind: 'repeat', unit: bytes(argument.slice(0, colon)), times });
    else pieces.push(...nested(argument.slice(0, colon), times));
  }
  if (at < input.length) pieces.push({ kind: 'bytes', bytes: bytes(input.slice(at)) });
  return channel === 'http' && pieces.length > 1 && !/content-length/i.test(why) ? withLength(pieces) : pieces;
}

const shells: Readonly<Record<string, readonly [open: string, core: string, close: string] | undefined>> = {
  array: ['[', '', ']'], list: ['[', '', ']'], json: ['[', '', ']'],
  object: ['{"a":', '1', '}'],
  comment: ['(', '', ')'], paren: ['(', '', ')'],
};

function nested(type: string, times: number): readonly Piece[] {
  const shell = shells[type];
  if (shell === undefined) return [{ kind: 'bytes', bytes: multiparts(times) }];
  const [open, core, close] = shell;
  return [
    { kind: 'repeat', unit: Buffer.from(open), times }, { kind: 'bytes', bytes: Buffer.from(core) }, { kind: 'repeat', unit: Buffer.from(close), times },
  ];
}

/** A multipart within a multipart ... */
function multiparts(times: number): Buffer {
  const levels = Array.from({ length: times }, (_, level) => level);
  return Buffer.from([
    ...levels.map((level) => `Content-Type: multipart/mixed; boundary=n${level}\r\n\r\n--n${level}\r\n`), 'Content-Type: text/plain\r\n\r\nx\r\n',
    ...levels.toReversed().map((level) => `--n${level}--\r\n`),
  ].join(''));
}

/** The Content-Length of the head made true again. */
function withLength(pieces: readonly Piece[]): readonly Piece[] {
  const [head, ...rest] = pieces;
  const end = head?.kind === 'bytes' ? head.bytes.indexOf('\r\n\r\n') : -1;
  if (head?.kind !== 'bytes' || end < 0) return pieces;
  const length = head.bytes.length - end - 4 + rest.reduce((sum, piece) => sum + sizeOf(piece), 0);
  const text = head.bytes.toString('latin1');
  const fields = text.slice(0, end).replace(/^(content-length:\s*)\d+/im, `$1${length}`);
  return [{ kind: 'bytes', bytes: Buffer.from(fields + text.slice(end), 'latin1') }, ...rest];
}

function sizeOf(piece: Piece): number {
  return piece.kind === 'repeat' ? piece.unit.length * piece.times : piece.bytes.length;
}

const chunk = 64 * 1024;

/** The bytes of pieces that are not slow, in portions a socket likes. */
export function* chunksOf(pieces: readonly Piece[]): Generator<Buffer> {
  for (const piece of pieces) {
    if (piece.kind === 'slow') return;
    if (piece.kind === 'bytes') {
      yield piece.bytes;
      continue;
    }
    const most = Math.max(1, Math.floor(chunk / Math.max(1, piece.unit.length)));
    const many = Buffer.concat(Array.from({ length: Math.min(most, piece.times) }, () => piece.unit));
    for (let left = piece.times; left > 0; left -= most) yield left >= most ? many : many.subarray(0, left * piece.unit.length);
  }
}
