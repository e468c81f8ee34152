import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/model/decision.ts';
import { decide, rejectRuleFor } from '../../src/policy/decide.ts';
import type { DecisionInput } from '../../src/policy/input.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { call, customer, earlier, elsewhere, email, mail, payment, readOf, recipient, rules, sends, sms, unrecognized } from './world.ts';

function decided(policy: Policy, input: DecisionInput): Decision {
  const verdict = decide(policy, input);
  if (!('action' in verdict)) throw new Error('undecided');
  return verdict;
}

const forwardAll = rules(['{ id: out, when: { not: { service: nobody } }, then: forward, because: somebody wished so }']);
const relayAll = rules(['{ id: relay, when: { channel: email }, then: { forward: { via: smtp-relay } }, because: colleagues asked }']);
const colleague = recipient('qa@example.test', 'safe');

describe('decide: rules', () => {
  it('takes the first rule that matches', () => {
    const policy = rules([
      '{ id: one, when: { channel: payment }, then: reject, because: no money }',
      '{ id: two, when: { channel: sms }, then: capture, because: texts stay }',
      '{ id: three, when: { channel: sms }, then: reject, because: too late }',
    ]);
    expect(decided(policy, sends(sms()))).toEqual({
      action: 'capture', rule: 'two', reason: 'texts stay', reply: null, reported: [], fault: null, policy: { sha256: policy.sha256 },
      trace: [
        { rule: 'one', matched: false, because: "not so: some effect's channel is payment" },
        { rule: 'two', matched: true, because: "some effect's channel is sms" },
      ],
    });
  });

  it('falls to the default, which names itself', () => {
    expect(decided(rules([]), sends(sms()))).toMatchObject({ action: 'reject', rule: 'default', reason: 'no rule matches, and the default is reject' });
    expect(decided(rules([], { default: 'capture' }), sends(sms()))).toMatchObject({ action: 'capture', rule: 'default', reply: null });
  });

  it('notes rules in report mode and goes on', () => {
    const policy = rules([
      '{ id: trial, mode: report, when: { channel: sms }, then: forward, because: would be nice }',
      '{ id: other, mode: report, when: { channel: email }, then: reject, because: not this }',
      '{ id: real, when: { channel: sms }, then: reject, because: texts stay }',
      '{ id: behind, mode: report, when: { channel: sms }, then: reject, because: never asked }',
    ]);
    expect(decided(policy, sends(sms()))).toMatchObject({ action: 'reject', rule: 'real', reported: ['trial'] });
  });

  it('gives the reply that a capture rule dictates', () => {
    const policy = rules(['{ id: mock, when: { host: mock.test }, then: { capture: { reply: { status: 200, headers: { X-A: b }, body: ok } } }, because: a stand-in }']);
    expect(decided(policy, elsewhere('mock.test'))).toMatchObject({ action: 'capture', reply: { status: 200, headers: [['X-A', 'b']], body: 'ok' } });
  });
});

describe('decide: what no rule overrides', () => {
  it('refuses a host that nobody claims unless the rule names it', () => {
    for (const when of ['{ method: GET }', '{ host: "*" }', '{ not: { host: other.test } }', '{ provider: unknown }', '{ port: 443 }']) {
      const policy = rules([`{ id: out, when: ${when}, then: forward, because: somebody wished so }`]);
      expect(decided(policy, elsewhere('anywhere.com')), when).toMatchObject({ action: 'reject', rule: 'gateway:guard', reason: expect.stringContaining('anywhere.com') });
    }
    for (const host of ['svc.internal.test', '"*.internal.test"']) {
      const policy = rules([`{ id: ours, when: { host: ${host} }, then: { forward: { internal: true } }, because: part of staging }`]);
      expect(decided(policy, elsewhere('svc.internal.test')), host).toMatchObject({ action: 'forward', rule: 'ours', plan: { internal: true, via: null, rewrites: [] } });
      expect(decided(policy, elsewhere('svc.elsewhere.com')), host).toMatchObject({ action: 'reject', rule: 'default' });
    }
  });

  it('never forwards what a provider did not understand, named host or not', () => {
    const policy = rules(['{ id: out, when: { host: api.stripe.com }, then: { forward: { internal: true, rewrite: { host: sandbox.test } } }, because: somebody wished so }']);
    expect(decided(policy, call('stripe', unrecognized))).toMatchObject({ action: 'reject', rule: 'gateway:guard', reason: expect.stringContaining('not understood') });
  });

  it.each([
    ['a real recipient', sends(email({ recipients: [colleague, customer] })), 'ann@shop-customer.com stands in the way: its standing is real'],
    ['a reserved recipient', sends(email({ recipients: [recipient('a@example.com', 'reserved')] })), 'its standing is reserved'],
    ['an unknown recipient', sends(email({ recipients: [recipient('list 5', 'unknown', 'audience')] })), 'its standing is unknown'],
    ['an invalid recipient', sends(email({ recipients: [recipient('a b', 'invalid')] })), 'its standing is invalid'],
    ['a real recipient in the second effect', sends(email(), email({ recipients: [customer] })), 'its standing is real'],
    ['nobody named', sends(email({ recipients: [] })), 'names no recipient'],
    ['a live credential', sends(payment({ liveness: 'live' })), 'its liveness is live'],
    ['an unknown credential', sends(payment({ liveness: 'unknown' })), 'its liveness is unknown'],
    ['one live effect of two', sends(payment(), payment({ liveness: 'live' })), 'its liveness is live'],
    ['a read with a live credential', call('stripe', readOf('customers.retrieve', 'live')), 'its liveness is live'],
    ['a read nothing is known of', call('stripe', readOf('customers.retrieve', 'unknown')), 'its liveness is unknown'],
  ])('refuses to forward %s', (_name, input, why) => {
    expect(decided(forwardAll, input)).toMatchObject({ action: 'reject', rule: 'gateway:guard', reason: expect.stringContaining(why) });
  });

  it('forwards what is safe and a test', () => {
    const plan = { internal: false, via: null, rewrites: [] };
    expect(decided(forwardAll, sends(email()))).toMatchObject({ action: 'forward', rule: 'out', reason: 'somebody wished so', plan });
    expect(decided(forwardAll, sends(payment({ recipients: [recipient('cus_123', 'reserved', 'customer')] })))).toMatchObject({ action: 'forward', plan });
    expect(decided(forwardAll, call('stripe', readOf('customers.retrieve', 'test')))).toMatchObject({ action: 'forward', plan });
  });

  it('takes a reserved payer for an account id only where it is one', () => {
    expect(decided(forwardAll, sends(payment({ recipients: [recipient('a@example.com', 'reserved', 'customer')] })))).toMatchObject({ action: 'reject', rule: 'gateway:guard' });
    expect(decided(forwardAll, sends(email({ recipients: [recipient('cus_123', 'reserved', 'customer')] })))).toMatchObject({ action: 'reject', rule: 'gateway:guard' });
  });

  it('keeps the rewrites of a rule for later, when the result is put to the guard', () => {
    const policy = rules(
      ['{ id: to-test, when: { provider: stripe, liveness: live }, then: { forward: { rewrite: { credential: "${KEY}" } } }, because: a live key is never used }'],
      { env: { KEY: 'the-test-key' } },
    );
    expect(decided(policy, sends(payment({ liveness: 'live' })))).toMatchObject({ action: 'forward', plan: { rewrites: [{ kind: 'credential', value: 'the-test-key' }] } });
  });

  it('sends mail by a relay only, to safe recipients, and asks no liveness there', () => {
    expect(decided(relayAll, mail(colleague))).toMatchObject({ action: 'forward', plan: { via: 'smtp-relay' } });
    expect(decided(relayAll, mail(colleague, customer))).toMatchObject({ action: 'reject', rule: 'gateway:guard' });
    expect(decided(forwardAll, mail(colleague))).toMatchObject({ action: 'reject', rule: 'gateway:guard', reason: expect.stringContaining('mail leaves via a relay only') });
    const textsByRelay = rules(['{ id: relay, when: { channel: sms }, then: { forward: { via: smtp-relay } }, because: a slip }']);
    expect(decided(textsByRelay, sends(sms()))).toMatchObject({ action: 'reject', reason: expect.stringContaining('only mail goes via a relay') });
    const elsewhereByRelay = rules(['{ id: relay, when: { host: a.test }, then: { forward: { via: smtp-relay } }, because: a slip }']);
    expect(decided(elsewhereByRelay, elsewhere('a.test'))).toMatchObject({ action: 'reject', rule: 'gateway:guard' });
  });

  it('turns every forward into a refusal while the breaker is tripped, and nothing else', () => {
    const tripped = { tripped: '2026-11-21T09:00:00.000Z' };
    expect(decided(forwardAll, { ...sends(email()), facts: tripped })).toMatchObject({ action: 'reject', rule: 'gateway:breaker', reason: expect.stringContaining('shop is tripped since 2026-11-21') });
    const capture = rules(['{ id: stay, when: { channel: email }, then: capture, because: mail stays }']);
    expect(decided(capture, { ...sends(email()), facts: tripped })).toMatchObject({ action: 'capture', rule: 'stay' });
  });

  it('refuses a forward of a call that was not decoded at all', () => {
    expect(decided(forwardAll, { ...sends(email()), decoded: null })).toMatchObject({ action: 'reject', rule: 'gateway:guard' });
    expect(decided(forwardAll, call('stripe', { kind: 'effects', effects: [] }))).toMatchObject({ action: 'reject', rule: 'gateway:guard' });
  });
});

describe('decide: stages', () => {
  const captureMock = '{ id: mock, when: { host: mock.test }, then: capture, because: a stand-in }';

  it('refuses a tunnel to a host that nothing could let through', () => {
    const policy = rules([captureMock, '{ id: all, when: { decoded: [effects, read, unrecognized] }, then: capture, because: understood }']);
    expect(decide(policy, earlier(elsewhere('evil.com'), 'connect'))).toMatchObject({ action: 'reject', rule: 'default' });
    expect(decide(policy, earlier(elsewhere('mock.test'), 'connect'))).toMatchObject({ action: 'capture', rule: 'mock' });
  });

  it("leaves a provider's host undecided until the call was read", () => {
    const policy = rules(['{ id: no, when: { provider: stripe }, then: reject, because: no money }']);
    expect(decide(policy, earlier(sends(payment()), 'connect'))).toEqual({ kind: 'undecided' });
    expect(decide(policy, earlier(sends(payment()), 'head'))).toEqual({ kind: 'undecided' });
    expect(decided(policy, sends(payment()))).toMatchObject({ action: 'reject', rule: 'no' });
  });

  it('waits while an earlier rule may still let it through', () => {
    const policy = rules(['{ id: get, when: { host: a.test, method: GET }, then: capture, because: reads stay }']);
    expect(decide(policy, earlier(elsewhere('a.test'), 'connect'))).toEqual({ kind: 'undecided' });
    expect(decide(policy, earlier(elsewhere('b.test'), 'connect'))).toMatchObject({ action: 'reject', rule: 'default' });
    expect(decide(policy, earlier(elsewhere('a.test'), 'head'))).toMatchObject({ action: 'capture', rule: 'get' });
  });

  it('does not wait for a rule that can only reject, or only report', () => {
    const policy = rules([
      '{ id: post, when: { method: POST }, then: reject, because: nothing is written }',
      '{ id: trial, mode: report, when: { method: GET }, then: forward, because: would be nice }',
    ]);
    expect(decide(policy, earlier(elsewhere('b.test'), 'connect'))).toMatchObject({ action: 'reject', rule: 'default', reported: [] });
    expect(decide(rules(['{ id: post, when: { method: POST }, then: reject, because: x }'], { default: 'capture' }), earlier(elsewhere('b.test'), 'connect'))).toEqual({ kind: 'undecided' });
  });
});

describe('rejectRuleFor', () => {
  it('asks every reject rule in force again, wherever it stands', () => {
    const policy = rules([
      '{ id: all, when: { channel: email }, then: capture, because: mail stays }',
      '{ id: trial, mode: report, when: { channel: email }, then: reject, because: a trial }',
      '{ id: no-joke, when: { finding: joke }, then: reject, because: no jokes leave }',
    ]);
    expect(rejectRuleFor(policy, { ...sends(email()), findings: ['joke'] })?.id).toBe('no-joke');
    expect(rejectRuleFor(policy, sends(email()))).toBe(null);
  });
});
