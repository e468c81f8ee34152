import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBudget } from '../../src/ingress/budget.ts';
import { envelope, openFront, talk, talkOver } from './smtp-harness.ts';
import type { Front, Talk } from './smtp-harness.ts';

let front: Front;
beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.dispose());
afterEach(() => {
  front.mails.length = 0;
  front.unreadable.length = 0;
  front.tlsRejected.length = 0;
});

const mail = { from: 'Shop <app@shop.test>', to: 'Ann <ann@example.test>', subject: 'Order #A-1001', text: 'hello' };
const pipelined = (to: string, text: string) => `MAIL FROM:<a@shop.test>\r\nRCPT TO:<${to}>\r\nDATA\r\n${text}\r\n.\r\n`;
const onlyMail = () => {
  const [first, ...others] = front.mails;
  if (first === undefined || others.length > 0) throw new Error(`${front.mails.length} mails`);
  return first;
};
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('mail by nodemailer', () => {
  it('is received over a plain connection with envelope, HELO and origin', async () => {
    const info = await createTransport({ host: '127.0.0.1', port: front.port, ignoreTLS: true, name: 'app.staging.test' }).sendMail(mail);
    expect(info.response).toBe('250 2.0.0 captured cap_1');
    const { transaction, origin } = onlyMail();
    expect(transaction).toMatchObject({
      kind: 'mail', helo: 'app.staging.test', tls: null, authUser: null,
      from: { address: 'app@shop.test', parameters: [] }, to: [{ address: 'ann@example.test', parameters: [] }],
    });
    expect(Buffer.from(transaction.message).toString()).toMatch(/^From: Shop <app@shop\.test>\r\n[^]*\r\n\r\nhello\r\n$/);
    expect(origin).toEqual({ space: null, service: 'unattributed', run: null, trace: null, address: '127.0.0.1', via: 'smtp' });
  });

  it('is received over STARTTLS with a certificate of our CA for the name the client uses', async () => {
    const transport = createTransport({ host: '127.0.0.1', port: front.port, requireTLS: true, tls: { ca: front.ca, servername: 'smtp.sendgrid.net' } });
    await transport.sendMail(mail);
    expect(onlyMail().transaction.tls).toEqual({ protocol: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) });
    expect(onlyMail().origin.via).toBe('smtp');
    expect(front.tlsRejected).toEqual([]);
  });

  it('is received over implicit TLS, by name and by address', async () => {
    await createTransport({ host: '127.0.0.1', port: front.tlsPort, secure: true, tls: { ca: front.ca, servername: 'localhost' } }).sendMail(mail);
    await createTransport({ host: '127.0.0.1', port: front.tlsPort, secure: true, tls: { ca: front.ca } }).sendMail(mail);
    expect(front.mails.map(({ origin, transaction }) => [origin.via, transaction.tls?.protocol])).toEqual([['smtps', 'TLSv1.3'], ['smtps', 'TLSv1.3']]);
    expect(front.tlsRejected).toEqual([]);
  });

  it('keeps one connection for many messages', async () => {
    const transport = createTransport({ host: '127.0.0.1', port: front.port, ignoreTLS: true, pool: true, maxConnections: 1 });
    for (let n = 0; n < 5; n += 1) await transport.sendMail({ ...mail, subject: `number ${n}` });
    transport.close();
    expect(front.mails.map(({ transaction }) => /Subject: (.*)/.exec(Buffer.from(transaction.message).toString())?.[1]))
      .toEqual(['number 0', 'number 1', 'number 2', 'number 3', 'number 4']);
  });

  it('is received with an international address', async () => {
    await createTransport({ host: '127.0.0.1', port: front.port, ignoreTLS: true }).sendMail({ ...mail, to: 'jürgen@münchen.test' });
    expect(onlyMail().transaction.to[0]?.address).toBe('jürgen@münchen.test');
    expect(onlyMail().transaction.from.parameters).toContainEqual(['SMTPUTF8', '']);
  });
});

describe('attribution', () => {
  it.each([
    ['shop', { space: null, service: 'shop', run: null }],
    ['blue/shop+run-7', { space: 'blue', service: 'shop', run: 'run-7' }],
    ['Somebody@Else', { space: null, service: 'unattributed', run: null }],
  ])('takes service and run from the user %s', async (user, origin) => {
    await createTransport({ host: '127.0.0.1', port: front.port, ignoreTLS: true, auth: { user, pass: 'anything' } }).sendMail(mail);
    expect(onlyMail().origin).toMatchObject(origin);
    expect(onlyMail().transaction.authUser).toBe(user);
    expect(JSON.stringify(front.mails)).not.toContain('anything');
  });

  it('takes the run from the mail header when the credential has none, and the credential first', async () => {
    const headers = { 'X-Fourthwall-Run': 'from-header', 'X-Fourthwall-Service': 'crm' };
    await createTransport({ host: '127.0.0.1', port: front.port, ignoreTLS: true }).sendMail({ ...mail, headers });
    await createTransport({ host: '127.0.0.1', port: front.port, ignoreTLS: true, auth: { user: 'shop+mine', pass: 'x' } }).sendMail({ ...mail, headers });
    expect(front.mails.map(({ origin }) => [origin.service, origin.run])).toEqual([['crm', 'from-header'], ['shop', 'mine']]);
  });

  it('takes the service from the source address last', async () => {
    const other = await openFront({ origins: [{ cidr: '127.0.0.0/8', service: 'batch', space: null }] });
    await createTransport({ host: '127.0.0.1', port: other.port, ignoreTLS: true }).sendMail(mail);
    expect(other.mails[0]?.origin.service).toBe('batch');
    await other.dispose();
  });

  it.each(['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'])('accepts AUTH %s with any secret', async (method) => {
    const client = await talk(front.port);
    client.send('EHLO a.test\r\n');
    expect(await client.reply(250)).toContain('AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2\r\n');
    if (method === 'PLAIN') client.send(`AUTH PLAIN ${base64('\0shop\0pw')}\r\n`);
    if (method === 'LOGIN') {
      client.send('AUTH LOGIN\r\n');
      await client.reply(334);
      client.send(`${base64('shop')}\r\n`);
      await client.reply(334);
      client.send(`${base64('pw')}\r\n`);
    }
    if (method === 'CRAM-MD5') {
      client.send('AUTH CRAM-MD5\r\n');
      const challenge = Buffer.from((await client.reply(334)).slice(4), 'base64');
      client.send(`${base64(`shop ${createHmac('md5', 'pw').update(challenge).digest('hex')}`)}\r\n`);
    }
    if (method === 'XOAUTH2') client.send(`AUTH XOAUTH2 ${base64(`user=shop\x01auth=Bearer ${'t'.repeat(6000)}\x01\x01`)}\r\n`);
    expect(await client.reply(235)).toMatch(/^235 2\.7\.0 /);
    await envelope(client);
    client.send('x\r\n.\r\n');
    await client.reply(250);
    expect(onlyMail()).toMatchObject({ transaction: { authUser: 'shop' }, origin: { service: 'shop' } });
    client.socket.destroy();
  });
});

describe('the protocol', () => {
  it('offers what it does and nothing more', async () => {
    const client = await talk(front.port);
    client.send('EHLO a.test\r\n');
    const lines = (await client.reply(250)).split('\r\n').slice(1, -1).map((line) => line.slice(4));
    expect(lines).toEqual(['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2', 'STARTTLS', `SIZE ${25 * 1024 * 1024}`]);
    client.socket.destroy();
  });

  it('greets at once, not after the 100 ms of smtp-server', async () => {
    const started = performance.now();
    for (let n = 0; n < 10; n += 1) (await talk(front.port)).socket.destroy();
    expect(performance.now() - started).toBeLessThan(900);
  });

  it('receives a whole pipelined session, two messages included', async () => {
    const client = await talk(front.port);
    client.send(`EHLO a.test\r\n${pipelined('one@example.test', 'first')}${pipelined('two@example.test', 'second')}QUIT\r\n`);
    await client.ended();
    expect(front.mails.map(({ transaction: { to, message } }) => [to[0]?.address, Buffer.from(message).toString()]))
      .toEqual([['one@example.test', 'first\r\n'], ['two@example.test', 'second\r\n']]);
  });

  it('forgets recipients at RSET and the whole transaction at EHLO', async () => {
    const client = await talk(front.port);
    client.send('EHLO a.test\r\nMAIL FROM:<a@shop.test>\r\nRCPT TO:<real@customer.test>\r\nRSET\r\nMAIL FROM:<a@shop.test>\r\nRCPT TO:<qa@example.test>\r\nEHLO again.test\r\nDATA\r\n');
    await client.reply(503);
    client.send('MAIL FROM:<a@shop.test>\r\nRCPT TO:<qa@example.test>\r\nDATA\r\n');
    await client.reply(354);
    client.send('x\r\n.\r\n');
    await client.reply(250);
    expect(onlyMail().transaction).toMatchObject({ helo: 'again.test', to: [{ address: 'qa@example.test' }] });
    client.socket.destroy();
  });

  it('keeps parameters as sent, those of extensions it does not offer included', async () => {
    const client = await talk(front.port);
    await envelope(client, { from: '<> SIZE=120 BODY=8BITMIME RET=HDRS ENVID=a+2Bb', to: ['<ann@example.test> NOTIFY=NEVER ORCPT=rfc822;victim@customer.test'] });
    client.send('x\r\n.\r\n');
    await client.reply(250);
    expect(onlyMail().transaction).toMatchObject({
      from: { address: '', parameters: [['SIZE', '120'], ['BODY', '8BITMIME'], ['RET', 'HDRS'], ['ENVID', 'a+2Bb']] },
      to: [{ parameters: [['NOTIFY', 'NEVER'], ['ORCPT', 'rfc822;victim@customer.test']] }],
    });
    client.socket.destroy();
  });

  it('sends exactly the reply of the gateway', async () => {
    const replies = [
      { code: 550, enhanced: '5.7.1', text: 'no-mail: staging sends nothing' },
      { code: 451, enhanced: '4.3.0', text: 'could not be recorded' },
      { code: 250, enhanced: '2.0.0', text: 'captured cap_9' },
    ];
    const other = await openFront({ reply: () => Promise.resolve({ kind: 'smtp', ...(replies.shift() ?? { code: 0, enhanced: '', text: '' }) }) });
    const client = await talk(other.port);
    for (const line of ['550 5.7.1 no-mail: staging sends nothing\r\n', '451 4.3.0 could not be recorded\r\n', '250 2.0.0 captured cap_9\r\n']) {
      await envelope(client);
      client.send('x\r\n.\r\n');
      expect(await client.reply(Number(line.slice(0, 3)))).toBe(line);
    }
    client.socket.destroy();
    await other.dispose();
  });

  it('acknowledges nothing when the gateway fails', async () => {
    const other = await openFront({ reply: () => Promise.reject(new Error('broken')) });
    const client = await talk(other.port);
    await envelope(client);
    client.send('x\r\n.\r\n');
    expect(await client.reply(451)).toMatch(/^451 4\.3\.0 /);
    client.socket.destroy();
    await other.dispose();
  });

  it.each(['EXPN staff', 'TURN', 'SOML FROM:<a@b.test>', 'BDAT 5 LAST', 'WIZ x', 'SHELL', 'XFORWARD NAME=a'])('knows no %s', async (command) => {
    const client = await talk(front.port);
    client.send(`EHLO a.test\r\n`);
    await client.reply(250);
    client.send(`${command}\r\n`);
    expect(await client.reply(500)).toMatch(/^500 5\.5\.\d |^500 /);
    client.socket.destroy();
  });

  it.each(['MAIL FROM:<a@b.test>', 'RCPT TO:<a@b.test>', 'DATA'])('wants EHLO before %s', async (command) => {
    const client = await talk(front.port);
    client.send(`${command}\r\n`);
    expect(await client.reply(503)).toMatch(/^503 5\.5\.1 /);
    client.socket.destroy();
  });
});

async function refusal(client: Talk, lines: string, code: number): Promise<string> {
  client.send(lines);
  return client.reply(code);
}

describe('what cannot be a message', () => {
  it('is refused and recorded: an address line', async () => {
    const client = await talk(front.port);
    await refusal(client, 'EHLO a.test\r\nMAIL FROM:<a@shop.test>\r\n', 250);
    expect(await refusal(client, 'RCPT TO:<qa@example.test> <victim@customer.test>\r\n', 501)).toMatch(/^501 5\.5\.4 RCPT TO: bad parameter/);
    expect(front.unreadable).toMatchObject([{ what: { protocol: 'smtp', authority: null }, fault: { check: 'unreadable', status: 400 } }]);
    expect(Buffer.from(front.unreadable[0]?.what.received ?? []).toString()).toBe('RCPT TO:<qa@example.test> <victim@customer.test>');
    await refusal(client, 'DATA\r\n', 503);
    client.socket.destroy();
  });

  it('is refused and recorded: a declared size over the limit', async () => {
    const client = await talk(front.port);
    expect(await refusal(client, 'EHLO a.test\r\nMAIL FROM:<a@shop.test> SIZE=99999999999\r\n', 552)).toMatch(/552 5\.3\.4 message of 99999999999 bytes/);
    expect(front.unreadable).toMatchObject([{ fault: { check: 'unreadable', status: 413 } }]);
    client.socket.destroy();
  });

  it.each([
    ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', /421 .*HTTP/],
    ['a line without end', `NOOP ${'a'.repeat(20_000)}`, /421 5\.5\.2 Command line too long/],
    ['a line too long', `EHLO a.test\r\nNOOP ${'a'.repeat(5_000)}\r\n`, /421 5\.5\.2 line too long/],
    ['garbage', Array.from({ length: 12 }, (_, n) => `\x80\xff\x00${n}\r\n`).join(''), /421 .*too many unrecognized/],
    ['a flood of commands', `EHLO a.test\r\n${'NOOP\r\n'.repeat(200)}`, /421 4\.7\.0 too many commands/],
    ['a TLS hello on the plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n'.repeat(12), /421 /],
  ])('ends the session with 421 and is recorded once: %s', async (_name, bytes, message) => {
    const client = await talk(front.port);
    client.send(Buffer.from(bytes, 'latin1'));
    expect(await client.ended()).toMatch(message);
    expect(front.unreadable).toHaveLength(1);
    expect(front.unreadable[0]?.fault).toMatchObject({ check: 'unreadable', status: 400 });
    expect(front.mails).toEqual([]);
  });

  it('keeps no credential in the record of a refused session', async () => {
    const client = await talk(front.port);
    client.send(`EHLO a.test\r\nAUTH PLAIN ${base64('\0shop\0hunter2')}\r\n`);
    await client.reply(235);
    client.send(`AUTH PLAIN ${base64('\0again\0hunter2')}\r\n`);
    await client.reply(503);
    client.send('GET / HTTP/1.1\r\n');
    await client.ended();
    const received = Buffer.from(front.unreadable[0]?.what.received ?? []).toString();
    expect(received).toContain('AUTH (not kept)\r\nAUTH (not kept)\r\nGET /');
    expect(received).not.toMatch(/[A-Za-z0-9+/]{12,}=*/);
    expect(front.unreadable[0]?.origin.service).toBe('shop');
  });

  it('keeps no credential that was sent out of turn either', async () => {
    const client = await talk(front.port);
    client.send(`AUTH LOGIN\r\n${base64('shop')}\r\n${base64('hunter2')}\r\nAUTH\tPLAIN\t${base64('\0shop\0hunter2')}\r\nEHLO a.test\r\nGET / HTTP/1.1\r\n`);
    await client.ended();
    const received = Buffer.from(front.unreadable[0]?.what.received ?? []).toString();
    expect(received).toBe('AUTH (not kept)\r\n(not kept)\r\n(not kept)\r\nAUTH (not kept)\r\nEHLO a.test\r\n(not kept)\r\n');
  });

  it('hears nobody who talks before the greeting', async () => {
    const socket = connect(front.port, '127.0.0.1');
    socket.write('EHLO early.test\r\nMAIL FROM:<a@shop.test>\r\nRCPT TO:<b@example.test>\r\nDATA\r\nx\r\n.\r\n');
    expect(await talkOver(socket).ended()).toMatch(/^421 /);
    expect(front.mails).toEqual([]);
    expect(front.unreadable).toHaveLength(1);
  });

  it('is recorded and not acknowledged: half a message', async () => {
    const client = await talk(front.port);
    await envelope(client, { to: ['<victim@customer.test>'] });
    client.send('Subject: half\r\n\r\nhalf a mess');
    client.socket.end();
    expect(await client.ended()).not.toMatch(/\n250|^250/);
    await front.until(() => front.unreadable.length === 1);
    expect(front.unreadable[0]?.fault).toMatchObject({ check: 'unreadable', reason: expect.stringContaining('had no end') });
    const received = Buffer.from(front.unreadable[0]?.what.received ?? []).toString();
    expect(received).toMatch(/RCPT TO:<victim@customer\.test>\r\nDATA\r\nSubject: half\r\n\r\nhalf a me/);
    expect(front.mails).toEqual([]);
  });

  it('is refused with 452: a recipient above the limit; the others stay', async () => {
    const other = await openFront({ limits: { smtpRecipients: 2 } });
    const client = await talk(other.port);
    await refusal(client, 'EHLO a.test\r\nMAIL FROM:<a@shop.test>\r\nRCPT TO:<a@example.test>\r\nRCPT TO:<b@example.test>\r\n', 250);
    expect(await refusal(client, 'RCPT TO:<c@example.test>\r\n', 452)).toMatch(/452 4\.5\.3 /);
    await refusal(client, 'DATA\r\n', 354);
    await refusal(client, 'x\r\n.\r\n', 250);
    expect(other.mails[0]?.transaction.to.map(({ address }) => address)).toEqual(['a@example.test', 'b@example.test']);
    client.socket.destroy();
    await other.dispose();
  });

  it.each([[999, 250], [1_000, 250], [1_001, 552], [100_000, 552]])('with a limit of 1,000, a message of %i bytes is answered %i', async (size, code) => {
    const other = await openFront({ limits: { smtpMessage: 1_000 } });
    const client = await talk(other.port);
    await envelope(client);
    expect(await refusal(client, `${'x'.repeat(size - 2)}\r\n.\r\n`, code)).toMatch(code === 250 ? /captured/ : /^552 5\.3\.4 gateway:unreadable: message of/);
    expect(other.mails).toHaveLength(code === 250 ? 1 : 0);
    expect(other.unreadable).toHaveLength(code === 250 ? 0 : 1);
    client.socket.destroy();
    await other.dispose();
  });
});

describe('the bytes that all unanswered calls may hold', () => {
  const message = `${'x'.repeat(1_998)}\r\n.\r\n`;

  it('answers 452 to a message beyond them, records its beginning, and takes mail again once others are answered', async () => {
    const budget = createBudget({ httpBody: 100 });
    let answer = (): void => undefined;
    const other = await openFront({ budget, reply: () => new Promise((resolve) => { answer = () => resolve({ kind: 'smtp', code: 250, enhanced: '2.0.0', text: 'captured' }); }) });
    const [first, second] = [await talk(other.port), await talk(other.port)];
    await envelope(first);
    first.send(message);
    await other.until(() => other.mails.length === 1);
    await envelope(second);
    expect(await refusal(second, message, 452)).toContain('452 4.3.1 the gateway holds as many unanswered bytes as it may');
    expect(other.unreadable).toMatchObject([{ fault: { status: 503 } }]);
    answer();
    await first.reply(250);
    await envelope(second);
    second.send(message);
    await other.until(() => other.mails.length === 2);
    answer();
    await second.reply(250);
    for (const client of [first, second]) client.socket.destroy();
    await other.dispose();
  });

  it('are shared with HTTP, and given back by a client that leaves in the middle', async () => {
    const budget = createBudget({ httpBody: 100 });
    const other = await openFront({ budget });
    expect(budget.take(3_000)).toBe(true);
    const client = await talk(other.port);
    await envelope(client);
    expect(await refusal(client, message, 452)).toContain('452 4.3.1');
    budget.give(3_000);
    await envelope(client);
    client.send('x'.repeat(2_000));
    client.socket.destroy();
    await other.until(() => other.unreadable.length === 2);
    expect(budget.take(3_200)).toBe(true);
    await other.dispose();
  });
});

describe('TLS', () => {
  it('drops what was sent in clear behind STARTTLS', async () => {
    const client = await talk(front.port);
    client.send('EHLO a.test\r\n');
    await client.reply(250);
    client.send('STARTTLS\r\nEHLO evil.test\r\nMAIL FROM:<evil@shop.test>\r\nRCPT TO:<victim@customer.test>\r\n');
    await client.reply(220);
    const secure = connectTls({ socket: client.socket, ca: front.ca, servername: 'localhost' });
    const inside = talkOver(secure);
    inside.send('DATA\r\n');
    expect(await inside.reply(503)).toMatch(/^503 [^\n]*\n$/);
    await envelope(inside);
    inside.send('x\r\n.\r\n');
    await inside.reply(250);
    expect(onlyMail().transaction.to.map(({ address }) => address)).toEqual(['ann@example.test']);
    secure.destroy();
  });

  it('forgets who authenticated before STARTTLS', async () => {
    const client = await talk(front.port);
    client.send(`EHLO a.test\r\nAUTH PLAIN ${base64('\0shop\0pw')}\r\n`);
    await client.reply(235);
    client.send('STARTTLS\r\n');
    await client.reply(220);
    const inside = talkOver(connectTls({ socket: client.socket, ca: front.ca, servername: 'localhost' }));
    await envelope(inside);
    inside.send('x\r\n.\r\n');
    await inside.reply(250);
    expect(onlyMail()).toMatchObject({ transaction: { authUser: null }, origin: { service: 'unattributed' } });
    inside.socket.destroy();
  });

  it('takes no parameter of STARTTLS', async () => {
    const client = await talk(front.port);
    await refusal(client, 'EHLO a.test\r\n', 250);
    expect(await refusal(client, 'STARTTLS x\r\n', 501)).toMatch(/^501 /);
    client.socket.destroy();
  });

  it.each(['STARTTLS', 'implicit TLS'])('records a client that does not trust the CA, over %s', async (form) => {
    const implicit = form === 'implicit TLS';
    const transport = createTransport({ host: '127.0.0.1', port: implicit ? front.tlsPort : front.port, secure: implicit, requireTLS: true, tls: { servername: 'smtp.sendgrid.net' } });
    await expect(transport.sendMail(mail)).rejects.toThrow(/certificate/);
    await front.until(() => front.tlsRejected.length === 1);
    expect(front.tlsRejected).toMatchObject([{ why: expect.any(String), origin: { via: implicit ? 'smtps' : 'smtp' } }]);
    expect(front.mails).toEqual([]);
  });

  it('records a handshake that is none, and goes on', async () => {
    const socket = connect(front.tlsPort, '127.0.0.1');
    socket.write('EHLO this is not TLS\r\n');
    await talkOver(socket).ended();
    await front.until(() => front.tlsRejected.length === 1);
    await createTransport({ host: '127.0.0.1', port: front.tlsPort, secure: true, tls: { ca: front.ca, servername: 'localhost' } }).sendMail(mail);
    expect(front.mails).toHaveLength(1);
  });

  it('does not take a probe that connects and leaves for a rejection', async () => {
    const socket = connect(front.tlsPort, '127.0.0.1', () => socket.end());
    await talkOver(socket).ended();
    await createTransport({ host: '127.0.0.1', port: front.tlsPort, secure: true, tls: { ca: front.ca, servername: 'localhost' } }).sendMail(mail);
    expect(front.tlsRejected).toEqual([]);
  });
});

describe('time', () => {
  it('ends idle sessions, long sessions and handshakes that do not come', async () => {
    const other = await openFront({ limits: { smtpIdle: 100, smtpSession: 10_000, tlsHandshakeTimeout: 100 } });
    const long = await openFront({ limits: { smtpSession: 100 } });
    const idle = await talk(other.port);
    expect(await idle.ended()).toMatch(/421 .*Timeout/);
    const session = await talk(long.port);
    expect(await session.ended()).toMatch(/421 4\.4\.2 session too long/);
    expect(await talkOver(connect(other.tlsPort, '127.0.0.1')).ended()).toBe('');
    expect([...other.unreadable, ...long.unreadable]).toEqual([]);
    await other.dispose();
    await long.dispose();
  });

  it('refuses a connection above the limit with 421', async () => {
    const other = await openFront({ limits: { connections: 1 } });
    const first = await talk(other.port);
    expect(await talkOver(connect(other.port, '127.0.0.1')).ended()).toMatch(/^421 4\.3\.2 too many connections/);
    first.socket.destroy();
    await other.dispose();
  });
});

describe('closing', () => {
  it('says 421 to the idle, answers the message under way, accepts nobody, and ends', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const other = await openFront({ reply: () => held.then(() => ({ kind: 'smtp', code: 250, enhanced: '2.0.0', text: 'captured late' })) });
    const idle = await talk(other.port);
    const sending = await talk(other.port);
    const waiting = await talk(other.port);
    await envelope(sending);
    await envelope(waiting);
    waiting.send('x\r\n.\r\n');
    await other.until(() => other.mails.length === 1);

    const closed = other.close();
    expect(await idle.ended()).toMatch(/421 4\.3\.2 shutting down/);
    await expect(talk(other.port)).rejects.toThrow('the connection ended');
    sending.send('late but whole\r\n.\r\n');
    await other.until(() => other.mails.length === 2);
    release();
    expect(await sending.ended()).toMatch(/250 2\.0\.0 captured late\r\n421 4\.3\.2/);
    expect(await waiting.ended()).toMatch(/250 2\.0\.0 captured late\r\n421 4\.3\.2/);
    await closed;
    expect(other.unreadable).toEqual([]);
    await other.dispose();
  });

  it('does not wait for ever for a message that does not end', async () => {
    const other = await openFront({ limits: { drain: 100 } });
    const client = await talk(other.port);
    await envelope(client);
    client.send('never');
    await other.close();
    expect(await client.ended()).not.toMatch(/^250/m);
    expect(other.unreadable).toMatchObject([{ fault: { check: 'unreadable', reason: expect.stringContaining('had no end') } }]);
    await other.dispose();
  });
});
