import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Piece } from './expand.ts';
import { chunksOf } from './expand.ts';

/** What came back on one connection. */
export interface Heard {
  /** latin1 */
  readonly text: string;
  /** the other side ended the connection before we gave up */
  readonly closed: boolean;
  /** it did so while we were still sending or waiting for an answer */
  readonly cutOff: boolean;
}

/** An open connection and everything it says. */
export interface Line {
  readonly socket: Socket;
  heard(): string;
  closed(): boolean;
  /** Resolves when the test holds of what was heard, when the connection closed, or after `most` ms. True: the test holds. */
  until(test: (text: string) => boolean, most: number): Promise<boolean>;
  /** Resolves when nothing was heard for `quiet` ms, or the connection closed. */
  quiet(quiet: number): Promise<void>;
}

export function lineOver(socket: Socket): Line {
  let text = '';
  let over = false;
  let last = 0;
  const watchers = new Set<() => void>();
  const look = (): void => { for (const watcher of watchers) watcher(); };
  socket.on('data', (chunk: Buffer) => {
    last += 1;
    text += chunk.toString('latin1');
    look();
  });
  socket.on('error', () => {});
  socket.on('end', look);
  socket.on('close', () => {
    over = true;
    look();
  });
  const heard = (): string => text;
  const line: Line = {
    socket, heard, closed: () => over || socket.readableEnded,
    until: (test, most) => new Promise((resolve) => {
      const done = (holds: boolean): void => {
        watchers.delete(watcher);
        clearTimeout(timer);
        resolve(holds);
      };
      const watcher = (): void => {
        if (test(heard())) done(true);
        else if (line.closed()) done(false);
      };
      const timer = setTimeout(() => done(false), most);
      watchers.add(watcher);
      watcher();
    }),
    async quiet(time) {
      for (let before = -1; before !== last && !line.closed();) {
        before = last;
        await line.until(() => last !== before, time);
      }
    },
  };
  return line;
}

export async function dial(port: number): Promise<Line> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  return lineOver(socket);
}

/** Writes the pieces with back pressure. Ends early when the other side hung up. */
export async function say(line: Line, pieces: readonly Piece[], dripEvery = 20): Promise<void> {
  const { socket } = line;
  const closed = once(socket, 'close').catch(() => {});
  const write = async (bytes: Buffer): Promise<void> => {
    if (socket.writable && !socket.write(bytes)) await Promise.race([once(socket, 'drain').catch(() => {}), closed]);
  };
  for (const chunk of chunksOf(pieces)) {
    if (line.closed() || !socket.writable) return;
    await write(chunk);
  }
  const slow = pieces.find((piece) => piece.kind === 'slow');
  for (let at = 0; slow !== undefined && !line.closed() && socket.writable && at < 1_000; at += 1) {
    await write(Buffer.from([slow.bytes[at % slow.bytes.length] ?? 0x61]));
    await pause(dripEvery);
  }
}

/** Says goodbye and waits for the other side to do the same. */
export async function hangUp(line: Line, most = 5_000): Promise<boolean> {
  const closed = line.closed();
  if (line.socket.writable) line.socket.end();
  await line.until(() => false, most);
  line.socket.destroy();
  return closed;
}

/** ms after which a client that was not answered hangs up */
const giveUp = 250;

export interface HttpReply { readonly status: number; readonly headers: ReadonlyMap<string, string>; readonly body: string }

/** The whole HTTP/1 replies at the beginning of a text. `ended`: the connection is over, so an open end is one. */
export function repliesIn(text: string, ended = false): readonly HttpReply[] {
  const replies: HttpReply[] = [];
  for (let rest = text; ;) {
    const end = rest.indexOf('\r\n\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(rest)?.[1] ?? 0);
    if (end < 0 || status === 0) return replies;
    const headers = new Map(rest.slice(0, end).split('\r\n').slice(1).map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
    }));
    const from = end + 4;
    const length = Number(headers.get('content-length') ?? (ended ? rest.length - from : 0));
    if (status >= 200) {
      if (rest.length < from + length && !ended) return replies;
      replies.push({ status, headers, body: rest.slice(from, from + length) });
    }
    rest = rest.slice(from + (status >= 200 ? length : 0));
  }
}

/**
 * One HTTP conversation: all bytes at once, then whatever answers come (`answers`: how many are sure to; null: none is). A client that
 * is not answered gives up in the end, so that a request without an end gets one.
 */
export async function httpTalk(line: Line, pieces: readonly Piece[], answers: number | null = null): Promise<Heard> {
  await say(line, pieces);
  // who knows that answers come waits for them, however busy the machine
  await line.until((text) => repliesIn(text).length >= (answers ?? 1), answers === null ? giveUp : 10_000);
  const cutOff = line.closed();
  await line.quiet(25);
  await hangUp(line);
  return { text: line.heard(), closed: true, cutOff };
}

/** Lines of SMTP replies that end one: '250 ok' but not '250-ok'. */
export function smtpReplies(text: string): readonly { readonly code: number; readonly text: string }[] {
  return [...text.matchAll(/^(\d{3})[ ](.*)\r$/gm)].map(([, code, words = '']) => ({ code: Number(code), text: words }));
}

export type SmtpManner = 'at once' | 'in step';

/**
 * One SMTP session. `at once`: everything in one go after the greeting. `in step`: as a client does it, a command and its
 * reply at a time, and what is behind a 354 in one go.
 */
export async function smtpTalk(port: number, pieces: readonly Piece[], manner: SmtpManner, then: string | undefined): Promise<Heard> {
  const line = await dial(port);
  await line.until((text) => smtpReplies(text).length > 0, 5_000);
  if (manner === 'at once') await say(line, pieces);
  else await inStep(line, Buffer.concat([...chunksOf(pieces)]));
  if (then !== undefined) {
    await line.until((text) => /^354 /m.test(text), 5_000);
    // 'close': in the middle of the message. Else behind its end, with the last reply unread.
    if (then === 'close') line.socket.destroy();
    else await hangUp(line);
    return { text: then === 'close' ? line.heard() : line.heard().replaceAll(/^250 .* captured .*$/gm, ''), closed: true, cutOff: false };
  }
  await lastWord(line, commandsIn(pieces));
  const cutOff = line.closed();
  await hangUp(line);
  return { text: line.heard(), closed: true, cutOff };
}

/** How many commands there are up to the first DATA: each has its reply. */
function commandsIn(pieces: readonly Piece[]): number {
  let commands = 0;
  for (const piece of pieces) {
    const text = (piece.kind === 'repeat' ? piece.unit : piece.bytes).toString('latin1');
    const lines = text.split('\r\n').slice(0, -1);
    const data = lines.indexOf('DATA');
    if (data >= 0) return commands + data + 1;
    commands += lines.length * (piece.kind === 'repeat' ? piece.times : 1);
  }
  return commands;
}

/** Waits for the replies to all commands, and behind a 354 for what became of the message. */
async function lastWord(line: Line, commands: number): Promise<void> {
  // the greeting is one more
  await line.until((text) => smtpReplies(text).length > commands, 2_000);
  await line.until((text) => smtpReplies(text).at(-1)?.code !== 354, 10_000);
  await line.quiet(30);
}

async function inStep(line: Line, bytes: Buffer): Promise<void> {
  for (let rest = bytes; rest.length > 0 && !line.closed();) {
    const end = rest.indexOf('\r\n');
    const next = end < 0 ? rest : rest.subarray(0, end + 2);
    const before = smtpReplies(line.heard()).length;
    line.socket.write(next);
    rest = rest.subarray(next.length);
    if (end < 0 || !await line.until((text) => smtpReplies(text).length > before, 1_000)) break;
    if (smtpReplies(line.heard()).at(-1)?.code === 354) {
      line.socket.write(rest);
      return;
    }
  }
}
