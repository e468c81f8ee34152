/** How a value is written inside its text: as it reads, as a JSON string (RFC 8259 section 7), or as in a form (URL Standard). */
export type Coding = 'plain' | 'json' | 'form';

/** Text read out of another, and where each of its characters stands there. */
export interface Reading {
  readonly text: string;
  /** also for the end: one past the last character */
  readonly at: (index: number) => number;
}

const coded = {
  json: /\\u([0-9a-fA-F]{4})|\\(.)/gs,
  form: /%([0-9a-fA-F]{2})|(\+)/g,
} as const;
const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '+': ' ' };

/** The value that stands at [start, end), its coding undone. */
export function readingOf(text: string, { start, end, coding }: { readonly start: number; readonly end: number; readonly coding: Coding }): Reading {
  const written = text.slice(start, end);
  if (coding === 'plain' || !(coding === 'json' ? written.includes('\\') : /[%+]/.test(written))) return { text: written, at: (index) => start + index };
  const places = new Uint32Array(written.length + 1);
  const pieces: string[] = [];
  let length = 0;
  let from = 0;
  const plain = (to: number): void => {
    for (let at = from; at < to; at += 1, length += 1) places[length] = start + at;
    pieces.push(written.slice(from, to));
  };
  for (const match of written.matchAll(coded[coding])) {
    plain(match.index);
    places[length] = start + match.index;
    length += 1;
    pieces.push(match[1] === undefined ? letters[match[2]!] ?? match[2]! : String.fromCharCode(parseInt(match[1], 16)));
    from = match.index + match[0].length;
  }
  plain(written.length);
  places[length] = end;
  return { text: pieces.join(''), at: (index) => places[index]! };
}
