/** One call in the way that argv[2] names, as clients make them. Prints what came of it as JSON. */
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { rootCertificates } from 'node:tls';
import { Worker } from 'node:worker_threads';

const key = ['sk', 'test', '0'.repeat(24)].join('_');
const headers = { authorization: `Bearer ${key}` };
const customers = 'https://api.stripe.com/v1/customers';

const answer = async (response) => {
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, capture: response.headers['x-fourthwall-capture'] ?? null, text: text.slice(0, 200) };
};
const get = (url, options = {}, lib = https) => new Promise((resolve, reject) => {
  lib.get(url, { headers, ...options }, (response) => resolve(answer(response))).on('error', reject);
});
const connected = async (socket) => {
  await once(socket, 'connect');
  socket.destroy();
  return { connected: true };
};

const calls = {
  'https with an agent of its own': () => get(customers, { agent: new https.Agent() }),
  async 'https with a kept connection'() {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set();
    agent.on('free', (socket) => sockets.add(socket));
    const first = await get(customers, { agent });
    const second = await get(customers, { agent });
    // Nothing is closed: an idle connection must let the process end.
    return { ...second, first: first.status, sockets: sockets.size };
  },
  async 'https that posts a large body'() {
    const request = https.request(customers, { method: 'POST', headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } });
    request.end(`email=ann%40example.test&description=${'x'.repeat(300_000)}`);
    const [response] = await once(request, 'response');
    return answer(response);
  },
  'https with a list of roots of its own': () => get(customers, { ca: [rootCertificates[0]] }),
  'https with a secure context of its own': () => get(customers, { secureContext: tls.createSecureContext({ ca: [rootCertificates[0]] }) }),
  'plain http': () => get('http://api.stripe.com/v1/customers', {}, http),
  async fetch() {
    const response = await fetch(customers, { headers });
    await response.text();
    return { status: response.status, capture: response.headers.get('x-fourthwall-capture') };
  },
  async 'a body that nobody reads'() {
    const { status, headers: got } = await fetch(customers, { headers });
    return { status, capture: got.get('x-fourthwall-capture') };
  },
  async undici() {
    const { Agent, request } = await import('undici');
    const { statusCode, headers: got, body } = await request(customers, { headers, dispatcher: new Agent() });
    await body.dump();
    return { status: statusCode, capture: got['x-fourthwall-capture'] };
  },
  async http2() {
    const session = http2.connect('https://api.stripe.com');
    const stream = session.request({ ':path': '/v1/customers', ...headers });
    const [got] = await once(stream, 'response');
    stream.resume();
    await once(stream, 'end');
    session.close();
    return { status: got[':status'], capture: got['x-fourthwall-capture'] };
  },
  async 'a worker thread'() {
    const worker = new Worker(new URL(import.meta.url), { argv: ['https with an agent of its own'], stdout: true });
    let text = '';
    for await (const chunk of worker.stdout) text += chunk;
    return JSON.parse(text);
  },
  async 'a connection that TLS takes over while it dials'() {
    const socket = tls.connect({ socket: net.connect(443, 'api.stripe.com'), servername: 'api.stripe.com' });
    socket.write(`GET /v1/customers HTTP/1.1\r\nHost: api.stripe.com\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n\r\n`);
    let text = '';
    for await (const chunk of socket) text += chunk;
    return { status: Number(text.slice(9, 12)), capture: /x-fourthwall-capture: (\S+)/i.exec(text)?.[1] ?? null };
  },
  async 'mail with STARTTLS'() {
    const { createTransport } = await import('nodemailer');
    const { response } = await createTransport({ host: 'smtp.example.com', port: 587, requireTLS: true, auth: { user: 'shop+mail-run', pass: 'any' } })
      .sendMail({ from: 'shop@example.test', to: 'ann@example.test', subject: 'Your order A-1001', text: 'Thank you' });
    return { capture: /captured (\S+)/.exec(response)?.[1] ?? null };
  },
  async 'mail with TLS'() {
    const { createTransport } = await import('nodemailer');
    const { response } = await createTransport({ host: 'smtp.example.com', port: 465, secure: true, auth: { user: 'shop+mail-run', pass: 'any' } })
      .sendMail({ from: 'shop@example.test', to: 'ann@example.test', subject: 'Your order A-1001', text: 'Thank you' });
    return { capture: /captured (\S+)/.exec(response)?.[1] ?? null };
  },
  'an unknown host': () => get('https://tracker.example/collect'),
  'an unknown host by fetch': () => fetch('https://tracker.example/collect').then(({ status }) => ({ status })),
  'an address': () => get('https://203.0.113.7/'),
  'a database': () => connected(net.connect(5432, 'db.example')),
  'a socket that reads into a buffer of its own': () => connected(net.connect({ host: 'api.stripe.com', port: 443, onread: { buffer: Buffer.alloc(1024), callback: () => true } })),
  'a request target for a host': () => connected(net.connect({ host: 'api.stripe.com:443\r\nX: y', port: 443 })),
  /** what a client would see that kept Node's own tls.connect from before the preload */
  'TLS that dials by itself': () => connected(new tls.TLSSocket(undefined, {}).connect({ host: 'api.stripe.com', port: 443 })),
  async 'a server of this machine'() {
    const server = http.createServer((_request, response) => response.end('here')).listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = server.address();
    const both = await Promise.all([get(`http://localhost:${port}/`, {}, http), fetch(`http://127.0.0.1:${port}/`).then(async (response) => ({ text: await response.text() }))]);
    server.close();
    server.closeAllConnections();
    return { texts: both.map(({ text }) => text) };
  },
  async 'a unix socket'() {
    const path = `${process.argv[3]}/app.sock`;
    const server = net.createServer((socket) => socket.end('here')).listen(path);
    await once(server, 'listening');
    let text = '';
    for await (const chunk of net.connect(path)) text += chunk;
    server.close();
    return { text };
  },
  async 'a host of our own'() {
    const server = net.createServer((socket) => socket.end('here')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    let text = '';
    try {
      // The name is ours by FOURTHWALL_BYPASS; only the resolver of this test knows where it is.
      const lookup = (_name, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
      for await (const chunk of net.connect({ host: 'db.internal.test', port: server.address().port, lookup })) text += chunk;
    } finally {
      server.close();
    }
    return { text };
  },
  async names() {
    const { lookup } = await import('node:dns/promises');
    const { address } = await lookup('api.stripe.com');
    return { address, localhost: (await lookup('localhost', 4)).address, ...await get(`https://${address}/v1/customers`, { servername: 'api.stripe.com', headers: { ...headers, host: 'api.stripe.com' } }) };
  },
};

try {
  process.stdout.write(JSON.stringify(await calls[process.argv[2]]()));
} catch (error) {
  const cause = error.cause ?? error;
  process.stdout.write(JSON.stringify({ error: cause.message, code: cause.code ?? null }));
}
