/** The dialogue of an SMTP session up to a message, for people to read. Whoever writes a line has left credentials out. */
export interface Transcript {
  client(line: string): void;
  server(code: number, said: string | readonly string[]): void;
  /** a message was answered: what follows belongs to the next one */
  next(): void;
  text(): string;
}

/** in characters; what comes beyond it is only counted */
const most = 16 * 1024;
/** of one line; RFC 5321 §4.5.3.1.5 knows 512 */
const mostOfLine = 1_024;

export function createTranscript(): Transcript {
  let lines: string[] = [];
  let size = 0;
  let left = 0;
  let messages = 0;
  const add = (line: string): void => {
    // oxlint-disable-next-line no-control-regex -- one line stays one line
    const shown = line.slice(0, mostOfLine).replace(/[\x00-\x1f\x7f]/g, '\u{fffd}');
    if (size + shown.length + 1 > most) {
      left += 1;
      return;
    }
    lines.push(shown);
    size += shown.length + 1;
  };
  return {
    client: (line) => add(`C: ${line}`),
    server(code, said) {
      const all = typeof said === 'string' ? [said] : said;
      all.forEach((line, n) => add(`S: ${code}${n < all.length - 1 ? '-' : ' '}${line}`));
    },
    next() {
      messages += 1;
      left = 0;
      lines = [];
      size = 0;
      add(`(message ${messages + 1} on this connection)`);
    },
    text: () => [...lines, ...left === 0 ? [] : [`(${left} more lines)`]].join('\n'),
  };
}
