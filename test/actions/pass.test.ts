import { pino } from 'pino';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { guardedAgent } from '../../src/actions/dialer.ts';
import { createNetwork } from '../../src/actions/network.ts';
import { passCall } from '../../src/actions/pass.ts';
import { httpCall } from '../../src/actions/understand.ts';
import type { Outcome } from '../../src/model/capture.ts';
import type { Headers, HttpRequest, Reply } from '../../src/model/exchange.ts';
import { defaultLimits } from '../../src/model/limits.ts';
import { StoreUnavailable, type Passed, type Recording } from '../../src/model/store.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { createClaims } from '../../src/providers/claims.ts';
import { mailProvider } from '../../src/providers/index.ts';
import { draft, http } from '../contract/store-drafts.ts';
import { startRawUpstream } from '../support/upstream.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Wire {
  readonly port: number;
  /** what came, a connection each */
  readonly heard: string[];
}

/** A service that answers by hand once a whole head and what `whole` waits for have come. */
async function wire(answer: (socket: Socket) => void, whole: (text: string) => boolean = (text) => text.includes('\r\n\r\n')): Promise<Wire> {
  const heard: string[] = [];
  const upstream = await startRawUpstream((socket) => {
    const at = heard.push('') - 1;
    let answered = false;
    socket.on('data', (chunk) => {
      heard[at] += chunk.toString('latin1');
      if (answered || !whole(heard[at]!)) return;
      answered = true;
      answer(socket);
    });
  });
  closing.push(() => upstream.close());
  return { port: upstream.port, heard };
}

interface Written { lost: number; readonly records: Recording[]; readonly outcomes: { readonly outcome: Outcome; readonly reply: Reply | null; readonly passed: Passed | undefined }[] }

async function pass(port: number, { request = {}, body = null, failing = null, signal = new AbortController().signal, idle = defaultLimits.idleTimeout, trailers = [] }: {
  readonly request?: Partial<HttpRequest>;
  readonly body?: AsyncIterable<Uint8Array> | null;
  readonly failing?: 'record' | 'outcome' | null;
  readonly signal?: AbortSignal;
  readonly idle?: number;
  readonly trailers?: Headers;
}) {
  const head = http({ scheme: 'http', authority: { host: 'ours.test', port }, path: '/x', headers: [], body: Buffer.alloc(0), ...request });
  const loaded = loadPolicy(`version: 1
default: reject
internal: [{ hosts: [ours.test], cidrs: [127.0.0.0/8], ports: [${port}] }]
rules: []
`, { file: 'policy', env: {}, providers: [] });
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems));
  const { policy } = loaded;
  const dialled: string[] = [];
  const agent = guardedAgent({
    internal: () => policy.internal, isOwn: () => false,
    resolve: (host) => { dialled.push(host); return Promise.resolve(['127.0.0.1']); },
  });
  const network = createNetwork({ inside: agent, anywhere: agent }, defaultLimits);
  closing.push(() => network.close());
  const written: Written = { lost: 0, records: [], outcomes: [] };
  const store = {
    record: (recording: Recording) => failing === 'record' ? Promise.reject(new StoreUnavailable('full')) : (written.records.push(recording), Promise.resolve({ seq: 1 })),
    outcome: (_id: string, outcome: Outcome, reply: Reply | null, passed?: Passed) => failing === 'outcome' ? Promise.reject(new StoreUnavailable('full')) : (written.outcomes.push({ outcome, reply, passed }), Promise.resolve()),
  };
  const origin = { space: null, service: 'shop', run: null, trace: null, address: '127.0.0.1', via: 'proxy' as const };
  const logger = pino({ level: 'silent' });
  const call = httpCall({ claims: createClaims([]), mail: mailProvider, logger } as never, head, origin) as Parameters<typeof passCall>[1];
  const passage = await passCall({ store: store as never, network, key: Buffer.alloc(32), limits: { ...defaultLimits, idleTimeout: idle }, logger, lost: () => { written.lost += 1; } },
    call, draft({ id: 'cap_1', request: head, outcome: 'pending' }), { head, body, trailers: () => trailers, signal });
  return { passage, written, dialled };
}

async function* chunks(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

async function read(passage: Awaited<ReturnType<typeof pass>>['passage']): Promise<{ readonly status: number; readonly headers: Headers; readonly body: string }> {
  if (passage.kind === 'answered') return { status: passage.answer.reply.status, headers: passage.answer.reply.headers, body: Buffer.from(passage.answer.reply.body).toString() };
  let body = '';
  for await (const chunk of passage.reply.body) body += Buffer.from(chunk).toString();
  return { status: passage.reply.head.status, headers: passage.reply.head.headers, body };
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('what passes on the wire', () => {
  it('keeps names, their case, order and repetition, and the body of a GET', async () => {
    const { port, heard } = await wire((socket) => socket.end(ok), (text) => text.endsWith('hi'));
    const headers: Headers = [['X-One', '1'], ['x-two', 'b'], ['X-One', '2'], ['Content-Length', '2']];
    expect(await read((await pass(port, { request: { method: 'GET', headers }, body: chunks('hi') })).passage)).toMatchObject({ status: 200, body: 'ok' });
    const [head = '', body] = heard[0]!.split('\r\n\r\n');
    expect(head.split('\r\n').slice(0, 2)).toEqual(['GET /x HTTP/1.1', `host: ours.test:${port}`]);
    expect(head).toContain('X-One: 1\r\nx-two: b\r\nX-One: 2\r\n');
    expect(body).toBe('hi');
  });

  it('keeps what belongs to the service\'s own connection from the client, what its Connection field names included', async () => {
    const { port } = await wire((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close, X-Inner\r\nX-Inner: secret\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nAlt-Svc: h3=":443"\r\nX-Fourthwall-Action: capture\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nok'));
    const { headers } = await read((await pass(port, {})).passage);
    expect(headers).toEqual([['Content-Length', '2'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2'], ['X-Fourthwall-Action', 'forward'], ['X-Fourthwall-Capture', 'cap_1']]);
  });

  it.each([503, 502, 429])('is one attempt, whatever is answered (%i)', async (status) => {
    const { port, heard } = await wire((socket) => socket.end(`HTTP/1.1 ${status} X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n`));
    expect(await read((await pass(port, { request: { method: 'GET' } })).passage)).toMatchObject({ status });
    expect(heard).toHaveLength(1);
  });

  it('follows no redirect', async () => {
    const { port, heard } = await wire((socket) => socket.end('HTTP/1.1 307 X\r\nLocation: http://elsewhere.test/\r\nContent-Length: 0\r\n\r\n'));
    const { passage, dialled } = await pass(port, {});
    expect(await read(passage)).toMatchObject({ status: 307 });
    expect([heard.length, dialled]).toEqual([1, ['ours.test']]);
  });

  it.each([['longer', ['hello']], ['shorter', ['h']]])('never sends a body %s than its Content-Length', async (_how, texts) => {
    const { port, heard } = await wire((socket) => socket.end(ok), (text) => text.endsWith('hello'));
    const { passage, written } = await pass(port, { request: { headers: [['Content-Length', '2']] }, body: chunks(...texts) });
    expect(await read(passage)).toMatchObject({ status: 502 });
    expect(heard.join('')).not.toContain('hello');
    expect(written.outcomes).toMatchObject([{ outcome: 'failed' }]);
  });

  it.each([
    ['an answer with two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk'],
    ['an answer with a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    ['an upgrade nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
    ['no HTTP at all', '220 mail.test ESMTP\r\n\r\n'],
  ])('answers 502 in our words to %s', async (_name, bytes) => {
    const { port } = await wire((socket) => socket.end(bytes));
    const { passage, written } = await pass(port, {});
    const answer = await read(passage);
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body)).toMatchObject({ reason: expect.stringMatching(/^ours\.test:\d+ gave no whole answer: the connection broke/) as string });
    expect(written.outcomes).toMatchObject([{ outcome: 'unknown' }]);
  });
});

describe('the record of what passes', () => {
  it('has the intent, with the beginning of the body, before anything is dialled', async () => {
    const { passage, dialled, written } = await pass(1, { failing: 'record', body: chunks('hi') });
    expect(await read(passage)).toMatchObject({ status: 503 });
    expect(dialled).toEqual([]);
    expect(written).toMatchObject({ outcomes: [], lost: 1 });
  });

  it('has the outcome before the client has the last byte', async () => {
    const { port } = await wire((socket) => socket.end(ok));
    const { passage, written } = await pass(port, {});
    if (passage.kind !== 'passing') throw new Error('it was answered at once');
    expect(written.outcomes).toEqual([]);
    for await (const chunk of passage.reply.body) {
      expect(Buffer.from(chunk).toString()).toBe('ok');
      expect(written.outcomes).toMatchObject([{ outcome: 'forwarded' }]);
    }
  });

  it('when the outcome cannot be written, the caller still has the answer, and the loss is noted', async () => {
    const { port } = await wire((socket) => socket.end(ok));
    const { passage, written } = await pass(port, { failing: 'outcome' });
    expect(await read(passage)).toMatchObject({ status: 200, body: 'ok' });
    expect(written.lost).toBe(1);
  });

  it('does not wait for the whole body, and in the end has the beginning that came later', async () => {
    const began = Promise.withResolvers<undefined>();
    const { port } = await wire((socket) => socket.end(ok), (text) => {
      if (text.includes('first')) began.resolve(undefined);
      return text.includes('later');
    });
    async function* slow(): AsyncGenerator<Buffer> {
      yield Buffer.from('first ');
      await began.promise;
      yield Buffer.from('later');
    }
    const { passage, written } = await pass(port, { request: { headers: [['Content-Length', '11']] }, body: slow() });
    await read(passage);
    const { request } = written.records[0]!.draft;
    expect(request.kind === 'http' && Buffer.from(request.body).toString()).toBe('first ');
    expect(Buffer.from(written.outcomes[0]!.passed!.request.body).toString()).toBe('first later');
  });

  it('keeps at most 64 KiB, and no half secret at their end', async () => {
    const { port } = await wire((socket) => socket.end(ok), (text) => text.endsWith('END'));
    const key = `sk_${'live_'}${'a1B2c3D4'.repeat(4)}`;
    const body = `${'x'.repeat(64 * 1024 - 60)} ${key} ${'y'.repeat(1_000)}END`;
    const cutInTwo = `${'x'.repeat(64 * 1024 - 11)} ${key} ${'y'.repeat(1_000)}END`;
    for (const text of [body, cutInTwo]) {
      const { passage, written } = await pass(port, { request: { headers: [['Content-Length', String(text.length)]] }, body: chunks(text) });
      await read(passage);
      const { request } = written.records[0]!.draft;
      const stored = request.kind === 'http' ? Buffer.from(request.body).toString() : '';
      expect(stored.length).toBeGreaterThan(32 * 1024);
      expect(stored.length).toBeLessThanOrEqual(64 * 1024);
      expect(stored).not.toContain(key.slice(0, 8));
    }
  });

  it('says failed when a body breaks off before it began to leave, and nothing is dialled', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('hal');
      throw new Error('the client closed');
    }
    const { passage, dialled, written } = await pass(1, { body: broken() });
    expect(await read(passage)).toMatchObject({ status: 400 });
    expect(dialled).toEqual([]);
    expect(written.outcomes).toMatchObject([{ outcome: 'failed', passed: { request: { streamed: { whole: false } } } }]);
  });

  it('ends an answer in which nothing moves any more', async () => {
    const { port } = await wire((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun'));
    const { passage, written } = await pass(port, { idle: 50 });
    await expect(read(passage)).rejects.toThrow(/nothing moved for 50 ms/);
    expect(written.outcomes).toMatchObject([{ outcome: 'failed', reply: { streamed: { size: 5, whole: false } } }]);
  });

  it('ends both ways when the client is gone', async () => {
    const gone = new AbortController();
    const closed = Promise.withResolvers<undefined>();
    const { port } = await wire((socket) => {
      socket.once('close', () => closed.resolve(undefined));
      gone.abort();
    });
    const { passage, written } = await pass(port, { signal: gone.signal });
    expect(passage.kind).toBe('answered');
    await closed.promise;
    expect(written.outcomes).toMatchObject([{ outcome: 'unknown' }]);
  });
});
