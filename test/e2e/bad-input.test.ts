import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/** Whatever arrives: a clear error, a record of it, the process alive, nothing acknowledged that is not stored. */
let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ gateway: 'limits: { httpBody: 200000, smtpMessage: 200000, requestTimeout: 2000, headersTimeout: 2000 }\n' });
});
afterAll(async () => {
  expect(gateway.process.exitCode).toBe(null);
  await discard(gateway);
});

interface Found { id: string; action: string; rule: string; outcome: string; enrichment: string; protocol: string; title: string }

/** Sends bytes, half-closes when told to, and gives everything that came back until the other side closed. */
async function talk(port: number, bytes: Buffer | string, options: { readonly end?: boolean; readonly reset?: boolean; readonly greeted?: boolean } = {}): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, options.greeted === true ? 'data' : 'connect');
  socket.write(bytes);
  if (options.reset === true) { await new Promise((resolve) => socket.write('', resolve)); socket.resetAndDestroy(); return ''; }
  if (options.end === true) socket.end();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

/** The capture made since `seq`, waiting on the server until it is there. */
async function recordedSince(seq: number, count = 1): Promise<Found[]> {
  const { items, satisfied } = await gateway.api<{ items: Found[]; satisfied: boolean }>(`/api/captures/wait?after=${seq}&count=${count}&timeout=10`);
  expect(satisfied).toBe(true);
  return items;
}
const now = async (): Promise<number> => (await gateway.api<{ items: { seq: number }[] }>('/api/captures?limit=1')).items[0]?.seq ?? 0;

describe('over HTTP', () => {
  const cases: readonly [string, string | Buffer, RegExp][] = [
    ['garbage instead of a request', 'kjhsd\x00\x01\x02 kjh\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['two Host headers', 'GET / HTTP/1.1\r\nHost: api.stripe.com\r\nHost: evil.example\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['both Content-Length and Transfer-Encoding', 'POST http://api.stripe.com/v1/charges HTTP/1.1\r\nHost: api.stripe.com\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a target that disagrees with Host', 'GET http://api.stripe.com/v1/charges HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 4(00|21) /],
    ['a CONNECT to nowhere', 'CONNECT :443 HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a header section without end', `GET / HTTP/1.1\r\nHost: api.stripe.com\r\n${'X-Filler: yes\r\n'.repeat(5000)}`, /^HTTP\/1\.1 431 /],
  ];
  it.each(cases)('%s: an error status, recorded as reject by gateway:<check>', async (_name, bytes, status) => {
    const before = await now();
    expect(await talk(gateway.ports['http']!, bytes)).toMatch(status);
    const [found] = await recordedSince(before);
    expect(found).toMatchObject({ action: 'reject', outcome: 'rejected' });
    expect(found!.rule).toMatch(/^gateway:/);
  });

  it('a header value that is not UTF-8 is refused with 400 and recorded', async () => {
    const before = await now();
    const answer = await talk(gateway.ports['http']!, Buffer.concat([
      Buffer.from('GET http://api.sendgrid.com/v3/scopes HTTP/1.1\r\nHost: api.sendgrid.com\r\nConnection: close\r\nX-Name: '), Buffer.from([0xff, 0xfe, 0xe9]), Buffer.from('\r\n\r\n'),
    ]));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await recordedSince(before))[0]).toMatchObject({ action: 'reject', rule: 'gateway:unreadable' });
  });

  it('a body that ends half-way is recorded as unreadable and never acknowledged', async () => {
    const before = await now();
    const answer = await talk(gateway.ports['http']!, 'POST http://api.sendgrid.com/v3/mail/send HTTP/1.1\r\nHost: api.sendgrid.com\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"personalizations":', { end: true });
    expect(answer).not.toMatch(/^HTTP\/1\.1 2/);
    const [found] = await recordedSince(before);
    expect(found).toMatchObject({ action: 'reject', rule: 'gateway:unreadable' });
  });

  it('a body over the limit is refused with 413 and recorded', async () => {
    const before = await now();
    const response = await request(`http://127.0.0.1:${gateway.ports['http']}/~/api.sendgrid.com/v3/mail/send`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.alloc(200_001, 0x61) });
    expect(response.statusCode).toBe(413);
    await response.body.dump();
    expect((await recordedSince(before))[0]).toMatchObject({ action: 'reject', rule: 'gateway:unreadable' });
  });

  it('garbage JSON to a known provider is never a success and never a read', async () => {
    const before = await now();
    const response = await request(`http://127.0.0.1:${gateway.ports['http']}/~/api.sendgrid.com/v3/mail/send`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"personalizations": [{"to": [' });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    await response.body.dump();
    const [found] = await recordedSince(before);
    expect(found).toMatchObject({ provider: 'sendgrid', action: 'reject', rule: 'gateway:unreadable' });
    const whole = await gateway.api<{ decoded: { kind: string } }>(`/api/captures/${found!.id}`);
    expect(whole.decoded.kind).toBe('unrecognized');
  });
});

describe('over TLS', () => {
  it.each([
    ['garbage instead of a hello', Buffer.from('\x16\x03\x01\x00\x05hello world, this is no TLS\r\n\r\n', 'latin1')],
    ['plain HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n')],
  ])('%s on the TLS port is recorded and ends the connection, not the process', async (_name, bytes) => {
    const before = await now();
    await talk(gateway.ports['tls']!, bytes);
    expect((await recordedSince(before))[0]).toMatchObject({ action: 'reject', rule: 'gateway:unreadable' });
  });

  it('a connection reset in the middle of a tunnel ends the connection and not the process', async () => {
    await talk(gateway.ports['http']!, 'CONNECT api.stripe.com:443 HTTP/1.1\r\nHost: api.stripe.com:443\r\n\r\n\x16\x03\x01', { reset: true });
    expect(await gateway.api('/readyz')).toBeTruthy();
  });
});

describe('over SMTP', () => {
  const smtp = (): ReturnType<typeof createTransport> => createTransport({ host: '127.0.0.1', port: gateway.ports['smtp'], ignoreTLS: true });

  it('a message over the limit is refused with 552 and recorded', async () => {
    const before = await now();
    await expect(smtp().sendMail({ envelope: { from: 'a@example.test', to: 'b@example.test' }, raw: `Subject: big\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(3000)}` }))
      .rejects.toMatchObject({ responseCode: 552 });
    expect((await recordedSince(before))[0]).toMatchObject({ protocol: 'smtp', action: 'reject', rule: 'gateway:unreadable' });
  });

  it('a message that breaks off in DATA is recorded as unreadable and never acknowledged', async () => {
    const before = await now();
    const answer = await talk(gateway.ports['smtp']!, 'EHLO x\r\nMAIL FROM:<a@example.test>\r\nRCPT TO:<b@example.test>\r\nDATA\r\nSubject: half\r\n\r\nthis ends', { end: true, greeted: true });
    expect(answer).not.toContain('captured');
    expect((await recordedSince(before))[0]).toMatchObject({ protocol: 'smtp', action: 'reject', rule: 'gateway:unreadable' });
  });

  it('a message whose MIME cannot be parsed is captured, and its enrichment is failed or partial', async () => {
    const nested = Array.from({ length: 60 }, (_, depth) => `Content-Type: multipart/mixed; boundary="b${depth}"\r\n\r\n--b${depth}\r\n`).join('');
    const sent = await smtp().sendMail({ envelope: { from: 'a@example.test', to: 'ann@example.test' }, raw: `Subject: nested\r\nMIME-Version: 1.0\r\n${nested}` });
    const id = /captured (cap_\w+)/.exec(sent.response)![1]!;
    let found = await gateway.api<Found>(`/api/captures/${id}`);
    for (let seq = await now(); found.enrichment === 'pending'; found = await gateway.api<Found>(`/api/captures/${id}`)) {
      await gateway.api(`/api/captures/wait?after=${seq}&timeout=0.2`);
    }
    expect(found).toMatchObject({ action: 'capture', title: 'nested' });
    expect(found.enrichment).toMatch(/failed|partial/);
  });

  it('garbage commands are answered with an error and the session goes on or ends, the process lives', async () => {
    const answer = await talk(gateway.ports['smtp']!, `${'\x00\xff garbage\r\n'.repeat(30)}QUIT\r\n`, { greeted: true });
    expect(answer).toMatch(/5\d\d/);
    expect(await gateway.api('/readyz')).toBeTruthy();
  });
});
