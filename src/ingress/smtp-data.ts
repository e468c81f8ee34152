/* oxlint-disable no-underscore-dangle -- the names of smtp-server's own members */
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

/** What one chunk of DATA held: bytes of the message, and what followed its end (null = not ended yet). */
export interface DataStep {
  readonly message: Buffer;
  readonly rest: Buffer | null;
}

const dot = 0x2e;
const stuffed = Buffer.from('\r\n.');

/**
 * Reads the mail data of RFC 5321 §4.5.2, byte for byte: a line begins at the start or after CRLF and nowhere else. A dot
 * that begins a line is dropped; `.` CRLF ends the data. Bare CR and bare LF are message bytes like any other, so they can
 * neither end a message (smuggling) nor lose a dot behind them.
 */
export function createDataReader(): { push(chunk: Buffer): DataStep } {
  let held: Buffer = Buffer.alloc(0); // at most 2 bytes that cannot be told yet
  let lineStart = true;
  return {
    push(chunk) {
      const data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const pieces: Buffer[] = [];
      let at = 0;
      const hold = (from: number): DataStep => {
        held = Buffer.from(data.subarray(from));
        return { message: joined(pieces), rest: null };
      };
      for (;;) {
        if (lineStart) {
          const left = data.subarray(at, at + 3);
          if (left.length === 0) return hold(at);
          if (left[0] === dot) {
            if (left.length < 3 && (left.length === 1 || left[1] === 0x0d)) return hold(at);
            if (left[1] === 0x0d && left[2] === 0x0a) return { message: joined(pieces), rest: data.subarray(at + 3) };
            at += 1;
          }
          lineStart = false;
        }
        const found = data.indexOf(stuffed, at);
        if (found < 0) {
          // the end may be the beginning of CRLF dot
          const keep = data.length - at >= 2 && data.at(-2) === 0x0d && data.at(-1) === 0x0a ? 2 : data.length > at && data.at(-1) === 0x0d ? 1 : 0;
          if (data.length - keep > at) pieces.push(data.subarray(at, data.length - keep));
          return hold(data.length - keep);
        }
        pieces.push(data.subarray(at, found + 2));
        at = found + 2;
        lineStart = true;
      }
    },
  };
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
}

/** smtp-server's parser with the exact reader in its place: its own also unstuffs after a bare LF (docs/discoveries/smtp-server.md). */
export class ExactStream extends SMTPStream {
  #reader = createDataReader();

  override startDataMode(maxBytes?: number | string | null) {
    this.#reader = createDataReader();
    return super.startDataMode(maxBytes);
  }

  /**
   * The library clears the callback after it has run. A second message that was pipelined whole behind the first ends inside
   * that very call, and its callback would be the one that is cleared: the session would hang.
   */
  override continue(): void {
    const proceed = this._continueCallback;
    this._continueCallback = typeof proceed !== 'function';
    if (typeof proceed === 'function') proceed();
  }

  override _feedDataStream(chunk: Buffer, done: (fault?: Error | null) => void): void {
    const stream = this._dataStream;
    const step = this.#reader.push(chunk);
    this._countDataBytes(step.message.length);
    // past the limit bytes are counted and not kept
    if (step.message.length > 0 && stream?.writable && !stream.sizeExceeded) stream.write(step.message);
    if (step.rest === null) done();
    else this._endDataMode(false, step.rest, done);
  }
}
