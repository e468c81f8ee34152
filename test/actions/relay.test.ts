import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordingSmtp } from '../support/recording-smtp.ts';
import type { RecordingSmtp } from '../support/recording-smtp.ts';
import { startHouse } from './house.ts';
import type { RunningHouse } from './house.ts';

/** interface.md's own rules for mail, as they stand there. */
const policy = `version: 1
safe: { emails: ["*@example.test", "qa+*@ourcompany.test"], phones: ["+15005550006"] }
default: reject
rules:
  - { id: mail-to-ourselves, when: { channel: email, recipients: { every: safe } }, then: { forward: { via: smtp-relay } }, because: colleagues asked to see real mail }
  - { id: mail-to-customers, when: { channel: email, recipients: { some: real } }, then: { forward: { via: smtp-relay, rewrite: { recipients: "qa+{hash}@ourcompany.test", subject: "[staging] {subject}" } } }, because: real customers are never reached }
  - { id: closed-mailbox, when: { recipients: { some: "closed@example.test" } }, then: reject, because: this mailbox is closed }
`;
let relay: RecordingSmtp;
let house: RunningHouse;

beforeAll(async () => {
  relay = await recordingSmtp();
  house = await startHouse({ policy, relays: { 'smtp-relay': { host: '127.0.0.1', port: relay.port, tls: 'none', user: null, password: null } } });
});
afterAll(async () => {
  await house.stop();
  await relay.close();
});
beforeEach(() => {
  relay.received.length = 0;
  relay.answer(null);
});

const lines = (...all: readonly string[]): string => all.join('\r\n');

describe('a mail to colleagues', () => {
  it('is relayed, answered in our words, and recorded with what was sent', async () => {
    const answer = await house.mail({ from: 'shop@example.test', to: ['ann@example.test'], raw: lines('From: Shop <shop@example.test>', 'To: Ann <ann@example.test>', 'Subject: Hello', 'X-Order-Id: 42', '', '.a dot', 'text', '') });
    const capture = await house.capture();
    expect(answer).toBe(`250 2.0.0 relayed ${capture.id}`);
    expect(capture).toMatchObject({ action: 'forward', rule: 'mail-to-ourselves', outcome: 'relayed', decision: { plan: { sent: { to: { host: '127.0.0.1', port: relay.port }, recipients: [{ address: 'ann@example.test', standing: 'safe' }] } } } });
    expect(relay.received).toHaveLength(1);
    const [got] = relay.received;
    expect(got).toMatchObject({ from: 'shop@example.test', to: ['ann@example.test'] });
    expect(got!.message).toContain(`X-Fourthwall-Capture: ${capture.id}\r\n`);
    expect(got!.message).toContain('Subject: Hello\r\n');
    expect(got!.message).toContain('\r\n\r\n.a dot\r\ntext');
  });

  it('is refused where its header still names a customer, and says what would help', async () => {
    const answer = await house.mail({ from: 'shop@example.test', to: ['ann@example.test'], raw: lines('From: shop@example.test', 'To: ann@example.test', 'Subject: Question of victim@gmail.com', '', 'x') });
    expect(answer).toMatch(/^550 5\.7\.1 gateway:rewrite: .*header subject still names victim@gmail\.com.*mask/);
    expect(relay.received).toEqual([]);
    expect(await house.capture()).toMatchObject({ action: 'reject', rule: 'gateway:rewrite', outcome: 'rejected' });
  });
});

describe('a mail to customers', () => {
  const raw = lines('From: Shop <noreply@shop.example.com>', 'To: "Ann Miller" <ann@gmail.com>, qa@example.test', 'Cc: bob@gmail.com', 'Reply-To: help@shop.example.com', 'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=', '', 'Dear Ann', '');

  it('reaches stand-ins only, told apart by a keyed hash; the original stays in the record', async () => {
    const answer = await house.mail({ from: 'bounce@shop.example.com', to: ['ann@gmail.com', 'bob@gmail.com', 'qa@example.test'], raw });
    const capture = await house.capture();
    expect(answer).toBe(`250 2.0.0 relayed ${capture.id}`);
    const [got] = relay.received;
    expect(got!.to).toHaveLength(3);
    expect(new Set(got!.to).size).toBe(3);
    expect(got!.to.filter((address) => /^qa\+[0-9a-f]{12}@ourcompany\.test$/.test(address))).toHaveLength(2);
    expect(got!.to).toContain('qa@example.test');
    expect(got!.message).toMatch(/^To: "Ann Miller" <qa\+[0-9a-f]{12}@ourcompany\.test>, qa@example\.test\r$/m);
    expect(got!.message).toContain(`=?utf-8?B?${Buffer.from('[staging] Grüße').toString('base64')}?=`);
    expect(`${got!.from} ${got!.message}`).not.toMatch(/gmail|shop\.example\.com/);
    expect(capture.recipients.map(({ address }) => address)).toContain('ann@gmail.com');
    expect(capture).toMatchObject({ decision: { plan: { sent: { recipients: [{ standing: 'safe' }, { standing: 'safe' }, { standing: 'safe' }] } } } });
    const verdict = await house.api('/api/assert?expect=no-real-sends,min-captures=1&settle=0');
    expect(verdict.body['reasons']).not.toContainEqual(expect.objectContaining({ expectation: 'no-real-sends' }));
  });

  it('has the same stand-in for the same customer every time', async () => {
    const sendTo = (to: string): Promise<string> => house.mail({ from: '', to: [to], raw: lines('From: a@example.test', `To: ${to}`, 'Subject: t', '', 'x') });
    await sendTo('ann@gmail.com');
    await sendTo('Ann@gmail.com');
    await sendTo('bob@gmail.com');
    const [one, again, other] = relay.received.map(({ to }) => to[0]);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('is refused where the text still names a customer', async () => {
    const answer = await house.mail({ from: 'a@example.test', to: ['ann@gmail.com'], raw: lines('From: a@example.test', 'To: ann@gmail.com', 'Subject: t', 'Content-Type: text/html', 'Content-Transfer-Encoding: base64', '', Buffer.from('<a href="https://shop.test/u?m=ann%40gmail.com">you</a>').toString('base64')) });
    expect(answer).toMatch(/^550 .*gateway:rewrite.*still names ann@gmail\.com/);
    expect(relay.received).toEqual([]);
  });

  it('is refused where only what became of it matches a reject rule', async () => {
    const closing = await startHouse({
      policy: policy.replace('"closed@example.test"', '"qa+*@ourcompany.test"'),
      relays: { 'smtp-relay': { host: '127.0.0.1', port: relay.port, tls: 'none', user: null, password: null } },
    });
    const answer = await closing.mail({ from: 'a@example.test', to: ['ann@gmail.com'], raw: lines('From: a@example.test', 'To: ann@gmail.com', 'Subject: t', '', 'x') });
    expect(answer).toMatch(/^550 .*gateway:rewrite.*after rewriting, rule closed-mailbox rejects it/);
    expect(relay.received).toEqual([]);
    await closing.stop();
  });
});

describe('the relay', () => {
  const plain = { from: 'a@example.test', to: ['ann@example.test'], raw: lines('From: a@example.test', 'To: ann@example.test', 'Subject: t', '', 'x') };

  it('is given a mail only after the intent was recorded', async () => {
    const seen: unknown[] = [];
    relay.whileWaiting(async () => { seen.push(await house.capture()); });
    await house.mail(plain);
    relay.whileWaiting(null);
    expect(seen).toMatchObject([{ action: 'forward', outcome: 'pending', decision: { plan: { sent: { recipients: [{ address: 'ann@example.test' }] } } } }]);
  });

  it.each([[451, /^451 4\.4\.1 gateway:relay/], [554, /^550 5\.0\.0 gateway:relay/]])('that answers %i makes the outcome failed', async (code, answer) => {
    relay.answer(code);
    expect(await house.mail(plain)).toMatch(answer);
    expect(await house.capture()).toMatchObject({ action: 'forward', outcome: 'failed' });
  });

  it('that refuses some of the recipients has relayed it for the others, and we say so', async () => {
    relay.closed.add('bob@example.test');
    expect(await house.mail({ ...plain, to: ['ann@example.test', 'bob@example.test'] })).toMatch(/^250 2\.0\.0 relayed cap_\S+, but the relay refused 1 of 2 recipients/);
    expect(relay.received).toMatchObject([{ to: ['ann@example.test'] }]);
    expect(await house.mail({ ...plain, to: ['bob@example.test'] })).toMatch(/^550 5\.0\.0/);
    expect(await house.capture()).toMatchObject({ outcome: 'failed' });
    relay.closed.clear();
  });

  it('that falls silent after it was given the message leaves the outcome unknown', async () => {
    relay.whileWaiting(async () => { relay.hangUp(); });
    expect(await house.mail(plain)).toMatch(/^451 4\.4\.2 .*may have been delivered/);
    relay.whileWaiting(null);
    expect(await house.capture()).toMatchObject({ action: 'forward', outcome: 'unknown' });
  });

  it('that nobody has named is refused by name', async () => {
    const without = await startHouse({ policy });
    expect(await without.mail(plain)).toMatch(/^550 .*gateway:relay.*smtp-relay/);
    await without.stop();
  });

  it('cannot be the gateway itself', async () => {
    const relays = { 'smtp-relay': { host: 'relay.internal.test', port: 0, tls: 'none' as const, user: null, password: null } };
    const looping = await startHouse({ policy, relays, network: { resolve: () => Promise.resolve(['127.0.0.1']) } });
    relays['smtp-relay'].port = looping.port('smtp');
    expect(await looping.mail(plain)).toMatch(/^451 4\.4\.1/);
    expect(await looping.capture()).toMatchObject({ outcome: 'failed' });
    expect((await looping.api('/api/captures')).body['total']).toBe(1);
    await looping.stop();
  });
});
