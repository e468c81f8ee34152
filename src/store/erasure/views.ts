import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** How often one text is unpacked: JSON in a form in JSON, and once more. */
const deepest = 4;
const mostUnpacked = 256 * 1024 * 1024;
/** How much is read of one text, in times its own length: what is packed more often than that is not read. */
const patience = 40;

/**
 * A text, and what it says once what is written in codes is read: JSON escapes, percent-encoding, HTML entities, quoted-printable, base64, UTF-16, one inside the other. Stops when the
 * caller has seen enough. Throws where it is packed in more ways than anybody packs.
 */
export function* views(text: string): Generator<string> {
  let left = (text.length + 25_000) * patience;
  for (const view of within(text, 0)) {
    left -= view.length;
    if (left < 0) throw new RangeError('a text is packed into itself too often to be read');
    yield view;
  }
}

function* within(text: string, depth: number): Generator<string> {
  yield text;
  const binary = isBinary(text);
  if (text.includes('\0')) {
    const without = text.replaceAll('\0', '');
    if (without.length < text.length * 0.7) yield* within(without, depth + 1);
    else yield without;
  }
  let current = text;
  for (let round = 0; round <= (binary ? 0 : deepest); round += 1) {
    if (softBreak.test(current)) yield quotedPrintable(current);
    const inner = depth < deepest ? base64In(current) : [];
    for (const read of inner) {
      if (isBinary(read)) yield read;
      else yield* within(read, depth + 1);
    }
    const next = entities(percent(escapes(current)));
    if (next === current) return;
    // between them, where one code looks like another
    for (const step of [escapes(current), percent(current)]) if (step !== current && step !== next) yield step;
    yield next;
    current = next;
  }
}

const sample = 4_096;

/** Bytes that are no text have no escapes of a text either, beyond what stands in them plainly. */
function isBinary(text: string): boolean {
  let odd = 0;
  const looked = Math.min(text.length, sample);
  for (let at = 0; at < looked; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd || (code < 0x20 && code !== 9 && code !== 10 && code !== 13 && code !== 0)) odd += 1;
  }
  return odd > looked / 20;
}

/** The text of a body: a packed one is unpacked. Null where it is too much to unpack. What is no text is read byte by byte, which is much quicker, unless letters `beyondAscii` are looked for. */
export function textOf(bytes: Uint8Array, beyondAscii: boolean): string | null {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unpacked = unpack(all);
  if (unpacked === 'too much') return null;
  const plain = unpacked ?? all;
  return !beyondAscii && isBinary(plain.toString('latin1', 0, sample)) ? plain.toString('latin1') : plain.toString('utf8');
}

function unpack(bytes: Buffer): Buffer | 'too much' | null {
  const options = { maxOutputLength: mostUnpacked };
  for (const [looksSo, inflate] of packed) {
    if (!looksSo(bytes)) continue;
    try {
      return inflate(bytes, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return 'too much';
    }
  }
  return null;
}

const packed: readonly (readonly [(bytes: Buffer) => boolean, (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer])[] = [
  [(bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b, gunzipSync],
  [(bytes) => bytes[0] === 0x78 && ((bytes[0] << 8) | bytes[1]!) % 31 === 0, inflateSync],
  [(bytes) => bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528, zstdDecompressSync],
  // Brotli has no mark: whatever is no text may be it.
  [(bytes) => bytes.length > 0 && bytes.subarray(0, 512).some((byte) => byte >= 0x80 || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13)), brotliDecompressSync],
];

function escapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([nrtbf])|([\\"'/]))/gi, (_all, unit: string | undefined, byte: string | undefined, control: string | undefined, sign: string | undefined) =>
    unit !== undefined || byte !== undefined ? String.fromCharCode(Number.parseInt((unit ?? byte)!, 16)) : control !== undefined ? ' ' : sign!);
}

function percent(text: string): string {
  return text.includes('%') ? text.replace(/(?:%[0-9a-f]{2}){1,1000}/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8')) : text;
}

const named: Readonly<Record<string, string>> = { commat: '@', period: '.', plus: '+', lowbar: '_', amp: '&', num: '#', quot: '"', lt: '<', gt: '>', hyphen: '-', dash: '-' };

function entities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (all, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

const softBreak = /=(?:[0-9A-F]{2}|\r?\n)/i;

function quotedPrintable(text: string): string {
  return text.replace(/=[ \t]*\r?\n/g, '').replace(/(?:=[0-9a-f]{2}){1,1000}/gi, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'));
}

/** What looks like base64, read as that, broken over lines or not. A word that only looks like it becomes something that says nothing. */
function base64In(text: string): readonly string[] {
  const read = base64Runs(text).map((run) => Buffer.from(run, 'base64'));
  if (read.length === 0) return [];
  const texts = Map.groupBy(read.map((bytes) => bytes.toString('utf8')), isBinary);
  return [...[...texts.values()].map((each) => each.join('\n')), ...read.flatMap((bytes) => (bytes.length > 20 && unpackable(bytes) ? textOf(bytes, true) ?? [] : []))];
}

const shortestRun = 12;
const ofBase64 = new Uint8Array(65_536);
for (const sign of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') ofBase64[sign.charCodeAt(0)] = 1;

/** Stretches of its alphabet; a line break between two of them belongs to them. No pattern: on a long text its steps back would be too many. */
function base64Runs(text: string): readonly string[] {
  const runs: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (ofBase64[text.charCodeAt(at)] === 0) continue;
    const from = at;
    for (;;) {
      while (at < text.length && ofBase64[text.charCodeAt(at)] === 1) at += 1;
      const next = text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : text[at] === '\n' ? at + 1 : at;
      if (next === at || ofBase64[text.charCodeAt(next)] !== 1 || at - from < shortestRun) break;
      at = next;
    }
    if (at - from >= shortestRun) runs.push(text.slice(from, at));
  }
  return runs;
}

function unpackable(bytes: Buffer): boolean {
  return packed.slice(0, 3).some(([looksSo]) => looksSo(bytes));
}
