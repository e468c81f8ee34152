import { once } from 'node:events';
import { createServer } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';

export interface Heard {
  readonly method: string;
  /** as the application sees its own address */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: number;
}

/** An application in staging that hears callbacks, on a port of loopback that stays its own while it is down. */
export interface StagingApp {
  readonly origin: string;
  readonly port: number;
  readonly heard: Heard[];
  /** what it answers; a promise that never settles = it hangs */
  answer(how: (heard: Heard) => { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } | Promise<never>): void;
  /** Resolves once it has heard so many at this path, with all of them. */
  hears(count: number, path?: string): Promise<readonly Heard[]>;
  up(): Promise<void>;
  down(): Promise<void>;
}

export async function stagingApp(): Promise<StagingApp> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  let answer: Parameters<StagingApp['answer']>[0] = () => ({ status: 204 });
  let app: FastifyInstance | null = null;
  return {
    origin, port, heard,
    answer(how) { answer = how; },
    hears: (count, path = '') => new Promise((resolve) => {
      const look = (): void => {
        const there = heard.filter(({ url }) => url.startsWith(`${origin}${path}`));
        if (there.length < count) return;
        waiting.delete(look);
        resolve(there);
      };
      waiting.add(look);
      look();
    }),
    async up() {
      const made: FastifyInstance = fastify({ forceCloseConnections: true });
      made.removeAllContentTypeParsers();
      made.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
      made.all('*', async (request, reply) => {
        const one: Heard = {
          method: request.method, url: `${origin}${request.url}`, headers: request.headers as Record<string, string>, body: typeof request.body === 'string' ? request.body : '', at: Date.now(),
        };
        heard.push(one);
        for (const look of waiting) look();
        const { status, headers = {}, body } = await answer(one);
        return reply.code(status).headers(headers).send(body);
      });
      await made.listen({ host: '127.0.0.1', port });
      app = made;
    },
    async down() {
      await app?.close();
      app = null;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}
