import { createSocket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface ResolverAddress { readonly host: string; readonly port: number }

/** ms for one resolver to answer */
const patience = 2_000;

/**
 * Passes a query on as it is and gives the reply as it came, for the survey, which is to change nothing. Each query leaves
 * from a port of its own with an id of its own, so that nobody else's reply is taken for it.
 * The gateway does not use this: there a query is made anew (upstream.ts).
 */
export async function relay(query: Buffer, resolvers: readonly ResolverAddress[]): Promise<Buffer> {
  let fault: unknown = new Error('no resolver is configured');
  for (const resolver of resolvers) {
    try {
      const mine = Buffer.from(query);
      mine.writeUInt16BE(randomInt(65_536), 0);
      const answer = await byUdp(mine, resolver);
      const whole = (answer.readUInt16BE(2) & 0x0200) === 0 ? answer : await byTcp(mine, resolver).catch(() => answer);
      whole.writeUInt16BE(query.readUInt16BE(0), 0);
      return whole;
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

function byUdp(query: Buffer, { host, port }: ResolverAddress): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const timer = setTimeout(() => done(() => reject(new Error(`resolver ${host}:${port} did not answer within ${patience} ms`))), patience);
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      socket.close();
      settle();
    };
    socket.once('error', (error) => done(() => reject(error)));
    // Connected, the kernel drops what comes from anywhere else.
    socket.connect(port, host, () => {
      socket.on('message', (bytes) => { if (answers(bytes, query)) done(() => resolve(bytes)); });
      socket.send(query);
    });
  });
}

async function byTcp(query: Buffer, { host, port }: ResolverAddress): Promise<Buffer> {
  const socket = connect({ host, port });
  socket.setTimeout(patience, () => socket.destroy(new Error(`resolver ${host}:${port} did not answer by TCP within ${patience} ms`)));
  try {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
    const answer = await message(socket);
    if (!answers(answer, query)) throw new Error(`resolver ${host}:${port} answered something else`);
    return answer;
  } finally {
    socket.destroy();
  }
}

async function message(socket: Socket): Promise<Buffer> {
  let held = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk]);
    if (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) return Buffer.from(held.subarray(2, 2 + held.readUInt16BE(0)));
  }
  throw new Error('the resolver closed in the middle of its answer');
}

function answers(reply: Buffer, query: Buffer): boolean {
  return reply.length >= 12 && reply.readUInt16BE(0) === query.readUInt16BE(0) && (reply.readUInt16BE(2) & 0x8000) !== 0;
}
