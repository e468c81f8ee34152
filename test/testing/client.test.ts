import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient, Refused, Unreachable } from '../../src/testing/client.ts';

let server: Server | null = null;
afterEach(() => { server?.closeAllConnections(); server?.close(); });

async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the client', () => {
  test('resumes the feed after the last event it got, when the connection breaks', async () => {
    const asked: unknown[] = [];
    const url = await serving((request, response) => {
      const seq = Number(request.headers['last-event-id'] ?? 0) + 1;
      asked.push(request.headers['last-event-id']);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      // The second event is cut off in its middle.
      response.write(`retry: 1\n\n: hello\n\nid: ${seq}\nevent: recorded\ndata: {"seq":${seq}}\n\nid: ${seq + 1}\ndata: {"se`, () => response.destroy());
    });
    const seen: number[] = [];
    for await (const { seq } of createClient({ url }).events()) {
      seen.push(seq);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(asked).toEqual([undefined, '1', '2']);
  });

  test('makes something happen and sends a callback again', async () => {
    const asked: string[] = [];
    const url = await serving((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
      request.on('end', () => {
        asked.push(`${request.method} ${request.url} ${body}`);
        response.end('{"capture":"cap_1","event":"bounce","callbacks":[]}');
      });
    });
    const client = createClient({ url });
    expect(await client.simulate('latest', { event: 'bounce', detail: '550' })).toEqual({ capture: 'cap_1', event: 'bounce', callbacks: [] });
    await client.resend('cbk_1-0');
    expect(asked).toEqual(['POST /api/captures/latest/simulate {"event":"bounce","detail":"550"}', 'POST /api/callbacks/cbk_1-0/resend ']);
  });

  test('sends the token and every value of a filter', async () => {
    const asked: (readonly [string | undefined, string | undefined])[] = [];
    const url = await serving((request, response) => {
      asked.push([request.url, request.headers.authorization]);
      response.end('{"items":[],"next":null,"total":0,"oldestKept":null}');
    });
    await createClient({ url: `${url}/`, token: 'secret' }).list({ run: ['a', 'b'], recipient: 'a+b@x.test', limit: 5 });
    expect(asked).toEqual([['/api/captures?run=a&run=b&recipient=a%2Bb%40x.test&limit=5', 'Bearer secret']]);
  });

  test('tells a refusal from silence', async () => {
    const url = await serving((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/problem+json' }).end('{"detail":"chanel: is not known here","name":"chanel","status":400}');
    });
    const refused = await createClient({ url }).list().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ status: 400, field: 'chanel', message: 'chanel: is not known here' });
    server?.closeAllConnections();
    await new Promise((resolve) => { server?.close(resolve); });
    const unreachable = await createClient({ url }).list().catch((error: unknown) => error);
    expect(unreachable).toBeInstanceOf(Unreachable);
    expect(unreachable).toMatchObject({ message: expect.stringMatching(/does not answer: connect ECONNREFUSED/) as unknown });
  });
});
