import type { Line } from './conversation.ts';

/** HTTP/2 as bytes (RFC 9113, RFC 7541): a client library would not send what the corpus wants sent. */
export function h2Request(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  const block = Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0x00]), literal(name), literal(value)]));
  return Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1'), frame(4, 0, 0, Buffer.alloc(0)), frame(1, 0x05, 1, block)]);
}

/** without Huffman: RFC 7541 §5.2 */
function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([integer(bytes.length), bytes]);
}

/** a 7-bit prefix integer, RFC 7541 §5.1 */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** What the server made of stream 1: its status, or how it ended it; null while it has said nothing. */
export function h2Answer(text: string): { readonly status: number } | { readonly ended: 'RST_STREAM' | 'GOAWAY' } | null {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at + 9 <= bytes.length;) {
    const length = bytes.readUIntBE(at, 3);
    const [type, stream] = [bytes[at + 3], bytes.readUInt32BE(at + 5)];
    if (at + 9 + length > bytes.length) return null;
    const payload = bytes.subarray(at + 9, at + 9 + length);
    if (type === 1 && stream === 1) return { status: statusIn(payload) };
    if (type === 3 && stream === 1) return { ended: 'RST_STREAM' };
    if (type === 7) return { ended: 'GOAWAY' };
    at += 9 + length;
  }
  return null;
}

const indexed: Readonly<Record<number, number>> = { 0x88: 200, 0x89: 204, 0x8a: 206, 0x8b: 304, 0x8c: 400, 0x8d: 404, 0x8e: 500 };
const digits = ['00000', '00001', '00010', '011001', '011010', '011011', '011100', '011101', '011110', '011111'];

/** `:status` comes first: an entry of the static table, or its name (8 to 14) with a value of its own. */
function statusIn(block: Buffer): number {
  const first = block[0] ?? 0;
  const known = indexed[first];
  if (known !== undefined) return known;
  const length = block[1] ?? 0;
  if ((length & 0x80) === 0) return Number(block.subarray(2, 2 + length).toString('latin1'));
  const bits = [...block.subarray(2, 2 + (length & 0x7f))].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let status = '';
  for (let at = 0; status.length < 3;) {
    const digit = digits.findIndex((code) => bits.startsWith(code, at));
    if (digit < 0) return 0;
    status += digit;
    at += digits[digit]!.length;
  }
  return Number(status);
}

export async function h2Talk(line: Line, request: Buffer): Promise<ReturnType<typeof h2Answer>> {
  line.socket.write(request);
  await line.until((text) => h2Answer(text) !== null, 3_000);
  return h2Answer(line.heard());
}
