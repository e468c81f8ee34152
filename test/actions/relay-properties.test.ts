import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { recordingSmtp } from '../support/recording-smtp.ts';
import type { ReceivedMail, RecordingSmtp } from '../support/recording-smtp.ts';
import { startHouse } from './house.ts';
import type { RunningHouse } from './house.ts';

/** Relays whatever it can, with every rewrite there is: what still gets through unsafe would get through anywhere. */
const policy = (body: string): string => `version: 1
safe: { emails: ["*@example.test", "qa+*@ourcompany.test"] }
default: reject
rules:
  - { id: all-mail, when: { channel: email }, then: { forward: { via: out, rewrite: { recipients: "qa+{hash}@ourcompany.test", subject: "[staging] {subject}"${body} } } }, because: real customers are never reached }
`;
let relay: RecordingSmtp;
let house: RunningHouse;
let masking: RunningHouse;

beforeAll(async () => {
  relay = await recordingSmtp();
  const relays = { out: { host: '127.0.0.1', port: relay.port, tls: 'none' as const, user: null, password: null } };
  house = await startHouse({ policy: policy(''), relays });
  masking = await startHouse({ policy: policy(', body: mask'), relays });
});
afterAll(async () => {
  await house.stop();
  await masking.stop();
  await relay.close();
});

const safe = /^(?:[^@]+@example\.test|qa\+[^@]*@ourcompany\.test|cap_[0-9A-Z]{26}@fourthwall\.invalid)$/i;

/** Every address that stands anywhere in what arrived: in the bytes, and as a mail program reads them. Nothing of ours is asked. */
async function addressesIn({ from, to, parameters, message }: ReceivedMail): Promise<readonly string[]> {
  const read = await simpleParser(message);
  const headers = read.headerLines.map(({ line }) => line).join('\n');
  const views = [
    message, headers, JSON.stringify([...read.headers.entries()]), read.subject ?? '', read.text ?? '', typeof read.html === 'string' ? read.html : '', parameters,
    decodeURIComponent((typeof read.html === 'string' ? read.html : '').replaceAll(/%(?![0-9a-f]{2})/gi, '')),
  ];
  return [from, ...to, ...views.flatMap((view) => view.match(/[A-Za-z0-9.!#$&'*+=?^_~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g) ?? [])].filter((address) => address !== '');
}

const real = fc.constantFrom('victim@gmail.com', 'ann.miller@yahoo.co.uk', 'BOB@hotmail.com', 'x@sub.example.test.evil.com', 'qa@notexample.net', 'jo+tag@mail.shop.de');
const colleague = fc.constantFrom('qa@example.test', 'ann@example.test', 'qa+1@ourcompany.test');
const anybody = fc.oneof({ weight: 3, arbitrary: real }, { weight: 2, arbitrary: colleague });
const mailbox = fc.oneof(
  anybody, anybody.map((address) => `<${address}>`), anybody.map((address) => `Ann Miller <${address}>`), fc.tuple(anybody, anybody).map(([name, address]) => `"${name}" <${address}>`),
  fc.tuple(anybody, anybody).map(([name, address]) => `=?utf-8?B?${Buffer.from(name).toString('base64')}?= <${address}>`),
);
const list = fc.array(mailbox, { minLength: 1, maxLength: 4 }).map((all) => all.join(',\r\n '));
const addressField = fc.tuple(fc.constantFrom('From', 'To', 'Cc', 'Bcc', 'Sender', 'Reply-To', 'Resent-To', 'Resent-Cc', 'Resent-Bcc', 'Resent-From', 'Return-Path', 'Errors-To', 'Apparently-To',
  'Disposition-Notification-To', 'Return-Receipt-To', 'Delivered-To', 'X-Original-To', 'X-Envelope-To', 'List-Post', 'Mail-Reply-To', 'Mail-Followup-To', 'X-Confirm-Reading-To', 'tO', 'X-MC-BccAddress'), list);
const otherField = fc.oneof(
  fc.tuple(fc.constantFrom('List-Unsubscribe', 'List-Help'), real.map((address) => `<mailto:${address}>`)),
  fc.tuple(fc.constantFrom('X-SMTPAPI', 'X-Mailgun-Recipient-Variables'), real.map((address) => JSON.stringify({ to: [address] }))),
  fc.tuple(fc.constantFrom('Subject', 'Comments', 'Keywords', 'X-Anything', 'Thread-Topic', 'Date', 'Importance', 'Message-ID', 'References', 'DKIM-Signature'),
    fc.oneof(real, real.map((address) => `=?utf-8?Q?${address.replace('@', '=40')}?=`), fc.constant('Your order'), fc.constant('Grüße'), real.map((address) => `a\r\n\t${address}`))),
);
const text = fc.oneof(fc.constant('Hello\r\n.\r\nMAIL FROM:<a@b>'.replace('a@b', 'x')), fc.constant('Grüße\n.\nfrom'), real.map((address) => `write to ${address} now`), fc.string({ maxLength: 60 }));
const part = fc.tuple(text, fc.constantFrom('text/plain', 'text/html', 'application/json', 'application/pdf'), fc.constantFrom('7bit', 'base64', 'quoted-printable')).map(([content, type, coding]) => {
  const bytes = Buffer.from(content);
  const written = coding === 'base64' ? bytes.toString('base64')
    : coding === 'quoted-printable' ? [...bytes].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('').replaceAll(/.{72}/g, '$&=\r\n') : content;
  return { head: `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${coding}`, written };
});
const body = fc.oneof(part.map(({ head, written }) => `${head}\r\n\r\n${written}`), fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) =>
  `Content-Type: multipart/mixed; boundary=b1\r\n\r\n${parts.map(({ head, written }) => `--b1\r\n${head}\r\n\r\n${written}\r\n`).join('')}--b1--\r\n`));
const message = fc.tuple(fc.array(fc.oneof(addressField, otherField), { maxLength: 7 }), body).map(([fields, rest]) =>
  Buffer.from(`${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${rest}`, 'utf8'));

describe('whatever is handed in', () => {
  it.each([['without', () => house], ['with', () => masking]] as const)('names nobody but the safe in anything the relay receives, %s masking', async (_name, used) => {
    let relayed = 0;
    await fc.assert(fc.asyncProperty(fc.oneof(real, fc.constant('')), fc.uniqueArray(anybody, { minLength: 1, maxLength: 4 }), message, async (from, to, raw) => {
      relay.received.length = 0;
      const answer = await used().mail({ from, to, raw });
      expect(answer).toMatch(/^250 2\.0\.0 relayed cap_|^550 5\.7\.1 gateway:/);
      expect(relay.received).toHaveLength(answer.startsWith('250') ? 1 : 0);
      for (const received of relay.received) {
        relayed += 1;
        expect((await addressesIn(received)).filter((address) => !safe.test(address))).toEqual([]);
        expect(received.parameters).not.toMatch(/ORCPT|NOTIFY|ENVID|RET/);
        expect(received.message.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      }
    }), { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 40) });
    expect(relayed).toBeGreaterThan(5);
  }, 600_000);
});

interface CorpusCase { readonly id: string; readonly channel: string; readonly input: string; readonly expect: string; readonly encoding?: string }

describe('the corpus of what must not be relayed', () => {
  const cases = readFileSync(new URL('../fixtures/corpus/adversarial.jsonl', import.meta.url), 'utf8').trim().split('\n')
    .map((line) => JSON.parse(line) as CorpusCase).filter((each) => each.channel === 'smtp' && each.expect.includes('capture-no-relay'));

  it('is there', () => {
    expect(cases.length).toBeGreaterThan(10);
  });

  it.each(cases.map((each) => [each.id, each] as const))('%s reaches nobody unsafe by a policy that relays everything', async (_id, { input, encoding }) => {
    relay.received.length = 0;
    const socket = connect(masking.port('smtp'), '127.0.0.1');
    socket.on('error', () => { /* the gateway may hang up on it */ });
    const bytes = Buffer.from(input, encoding === 'base64' ? 'base64' : encoding === 'latin1' ? 'latin1' : 'utf8').toString('latin1');
    const end = bytes.indexOf('DATA\r\n');
    const steps = [...bytes.slice(0, end < 0 ? bytes.length : end + 6).split(/(?<=\r\n)/), ...end < 0 ? [] : [bytes.slice(end + 6)]];
    let answers = '';
    for (const step of ['', ...steps]) {
      const answered = Promise.race([once(socket, 'data'), once(socket, 'close')]);
      if (step !== '') socket.write(Buffer.from(step, 'latin1'));
      const [chunk] = await answered as [Buffer | undefined];
      answers += String(chunk ?? '');
      if (socket.destroyed || socket.readableEnded) break;
    }
    socket.destroy();
    for (const received of relay.received) expect((await addressesIn(received)).filter((address) => !safe.test(address))).toEqual([]);
    expect(answers).toMatch(/^[245]\d\d/m);
  }, 20_000);
});
