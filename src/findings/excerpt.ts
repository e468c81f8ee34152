/** At most 120 characters on one line: what a finding shows. */
export function excerptOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}

/** The place of a match with a little of what stands around it. */
export function around(text: string, at: number, length: number): string {
  const lineStart = text.lastIndexOf('\n', at) + 1;
  const lineEnd = text.indexOf('\n', at + length);
  const from = Math.max(lineStart, at - 40);
  return excerptOf(text.slice(from, Math.min(lineEnd < 0 ? text.length : lineEnd, from + 120)));
}
