import { Unsound } from '../../model/upkeep.ts';

/** No line of ours is longer: the texts of one capture, or a piece of a body. */
export const longestLine = 256 * 1024 * 1024;

/** The lines of a stream, without their ends. Throws where one is longer than `longest`, or the last has no end: at most so much is held. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, longest: number = longestLine): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      const tail = chunk.subarray(from, end);
      if (length + tail.length > longest) throw new Unsound(`line ${number} is longer than ${longest} bytes: this is no export of Fourthwall`);
      yield held.length === 0 ? tail : Buffer.concat([...held, tail]);
      held = [];
      length = 0;
      number += 1;
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    length += rest.length;
    if (length > longest) throw new Unsound(`line ${number} is longer than ${longest} bytes: this is no export of Fourthwall`);
    if (rest.length > 0) held.push(rest);
  }
  if (length > 0) throw new Unsound(`the file ends in the middle of line ${number}: it is torn, take another copy`);
}

const newline = 0x0a;

/** Does JSON nest deeper than so many levels? Told from its bytes, before a parser or anybody after it walks down. */
export function nestsDeeper(json: Uint8Array, levels: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (inText) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > levels) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}
