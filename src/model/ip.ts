/** The bytes of an IPv4 (4) or IPv6 (16) address; null for anything else. Strict: one spelling of IPv4, no zone. */
export function parseIp(text: string): readonly number[] | null {
  return parseIpv4(text) ?? parseIpv6(text);
}

/** Four decimal numbers without leading zeros. `0x7f.1`, `017.0.0.1` and `2130706433` are not addresses but tricks. */
export function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  if (!parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.map(Number);
}

/** RFC 4291 2.2, all three forms, without brackets and zone. */
export function parseIpv6(text: string): readonly number[] | null {
  if (text.length > 45 || !/^[0-9A-Fa-f:.]+$/.test(text)) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = [groups(halves[0] ?? '', halves.length === 1), groups(halves[1] ?? '', true)];
  if (head === null || tail === null) return null;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return null;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** Groups of four hexadecimal digits as bytes; only the last may be dotted IPv4. */
function groups(text: string, last: boolean): readonly number[] | null {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const ipv4 = last && index === parts.length - 1 ? parseIpv4(part) : null;
    if (ipv4 !== null) bytes.push(...ipv4);
    else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff);
    else return null;
  }
  return bytes.length > 16 ? null : bytes;
}

/** The one spelling used everywhere: dotted decimal, or RFC 5952 in hexadecimal groups only. */
export function formatIp(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, index) => ((bytes[2 * index]! << 8) | bytes[2 * index + 1]!).toString(16));
  const zeros = [...words.join(':').matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)].map((run) => run[0]);
  const run = zeros.reduce((best, next) => (next.length > best.length ? next : best), '');
  if (run === '') return words.join(':');
  const from = `:${words.join(':')}:`;
  const at = from.indexOf(`:${run}:`);
  return `${from.slice(1, at)}::${from.slice(at + run.length + 2, -1)}`;
}
