import { describe, expect, it } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import type { DecisionInput } from '../../src/policy/input.ts';
import { call, customer, earlier, elsewhere, email, mail, payment, readOf, recipient, rules, sends, sms, unrecognized } from './world.ts';

/** Does a capture rule with this `when` match this call? */
function captures(when: string, input: DecisionInput): boolean {
  const decision = decide(rules([`{ id: it, when: ${when}, then: capture, because: a test }`]), input);
  return 'rule' in decision && decision.rule === 'it';
}

const path = (value: string): DecisionInput => elsewhere('internal.test', { path: value });

const table: readonly (readonly [when: string, input: DecisionInput, matches: boolean, name: string])[] = [
  ['{ host: a.b.test }', elsewhere('a.b.test'), true, 'an exact host'],
  ['{ host: a.b.test }', elsewhere('x.a.b.test'), false, 'an exact host is not its subdomain'],
  ['{ host: "*.b.test" }', elsewhere('a.b.test'), true, '* before a name'],
  ['{ host: "*.b.test" }', elsewhere('x.a.b.test'), true, '* spans labels'],
  ['{ host: "*.b.test" }', elsewhere('b.test'), false, '* excludes the apex'],
  ['{ host: "*.b.test" }', elsewhere('evilb.test'), false, '* needs the dot'],
  ['{ host: [c.test, a.test] }', elsewhere('a.test'), true, 'a list is or'],
  ['{ host: "*" }', mail(customer), false, 'mail by SMTP has no host'],
  ['{ port: 443 }', elsewhere('a.test'), true, 'a port'],
  ['{ port: [80, 8443] }', elsewhere('a.test'), false, 'another port'],
  ['{ method: GET }', elsewhere('a.test'), true, 'a method'],
  ['{ method: [POST, PUT] }', elsewhere('a.test'), false, 'another method'],
  ['{ path: /a/*/c }', path('/a/b/c'), true, '* within a path segment'],
  ['{ path: /a/*/c }', path('/a/b/x/c'), false, '* stops at /'],
  ['{ path: "/a/**" }', path('/a/b/x/c'), true, '** does not stop'],
  ['{ path: /admin }', path('/public/../admin'), true, 'a captured path is matched in every reading: dot segments'],
  ['{ path: /admin }', path('/%61dmin'), true, 'a captured path is matched in every reading: escapes'],
  ['{ path: /admin }', path('//admin'), true, 'a captured path is matched in every reading: double slashes'],
  ['{ path: /admin }', path('/x/%252e%252e/admin'), true, 'a captured path is matched in every reading: escaped twice'],
  ['{ path: /admin }', path('/admin;v=1'), true, 'a captured path is matched in every reading: parameters'],
  ['{ path: /admin }', path('/administrator'), false, 'another path'],
  ['{ provider: twilio }', sends(sms()), true, 'a provider'],
  ['{ provider: unknown }', elsewhere('a.test'), true, 'nobody claims the host'],
  ['{ operation: "messages.*" }', sends(sms()), true, 'an operation with *'],
  ['{ operation: calls.create }', sends(sms()), false, 'another operation'],
  ['{ operation: customers.retrieve }', call('stripe', readOf('customers.retrieve', 'test')), true, 'the operation of a read'],
  ['{ channel: sms }', sends(sms()), true, 'the channel of an effect'],
  ['{ channel: voice }', sends(sms()), false, 'not the other channels of its provider'],
  ['{ channel: voice }', call('twilio', unrecognized), true, "an unrecognized call has its provider's channels"],
  ['{ channel: payment }', call('stripe', readOf('customers.retrieve', 'test')), true, "a read has its provider's channels"],
  ['{ channel: email }', elsewhere('a.test'), false, 'an unclaimed host has no channel'],
  ['{ channel: sms }', sends(email(), sms()), true, 'some effect is enough to capture'],
  ['{ liveness: live }', sends(payment({ liveness: 'live' })), true, 'live'],
  ['{ liveness: live }', sends(payment({ liveness: 'unknown' })), false, 'unknown is not live in a condition'],
  ['{ liveness: unknown }', call('stripe', unrecognized), true, 'nothing tells of an unrecognized call'],
  ['{ liveness: [live, test, unknown] }', elsewhere('a.test'), false, 'an unclaimed host has no liveness'],
  ['{ service: shop }', sends(sms()), true, 'the service'],
  ['{ service: "shop-*" }', sends(sms()), false, 'another service'],
  ['{ space: blue }', { ...sends(sms()), origin: { ...sends(sms()).origin, space: 'blue' } }, true, 'the space'],
  ['{ space: "*" }', sends(sms()), false, 'no space is not any space'],
  ['{ run: nightly-7 }', { ...sends(sms()), run: 'nightly-7' }, true, 'the run'],
  ['{ run: "*" }', sends(sms()), false, 'no run is not any run'],
  ['{ decoded: effects }', sends(sms()), true, 'effects'],
  ['{ decoded: [read, unrecognized] }', call('stripe', unrecognized), true, 'unrecognized at a provider'],
  ['{ decoded: unrecognized }', elsewhere('a.test'), false, 'nothing is decoded where nobody claims the host'],
  ['{ recipients: { every: safe } }', sends(email()), true, 'every recipient safe'],
  ['{ recipients: { every: safe } }', sends(email({ recipients: [] })), false, 'every is never true of none'],
  ['{ recipients: { every: safe } }', sends(email(), email({ recipients: [customer] })), false, 'every is over all effects'],
  ['{ recipients: { every: [safe, real] } }', sends(email(), email({ recipients: [customer] })), true, 'a list of standings is or'],
  ['{ recipients: { some: real } }', sends(email(), email({ recipients: [customer] })), true, 'some recipient real'],
  ['{ recipients: { some: "*@SHOP-customer.com" } }', sends(email({ recipients: [customer] })), true, 'an address pattern ignores case'],
  ['{ recipients: { some: "+1500*" } }', sends(sms()), true, 'a number pattern'],
  ["{ recipients: { some: '/qa@example\\.test/' } }", sends(email()), true, 'a regular expression'],
  ["{ recipients: { some: '/example\\.test/' } }", sends(email()), false, 'a regular expression is for the whole address'],
  ['{ recipients: { none: real } }', sends(email()), true, 'none real'],
  ['{ recipients: { none: real } }', sends(email({ recipients: [] })), true, 'none is true of none'],
  ['{ recipients: { some: safe, none: real } }', sends(email({ recipients: [customer] })), false, 'two quantifiers are and'],
  ['{ amount: { over: "41.99" } }', sends(payment()), true, 'over an amount'],
  ['{ amount: { over: "42" } }', sends(payment()), false, 'over is not equal'],
  ['{ amount: { over: "EUR 10" } }', sends(payment()), true, 'over an amount in its currency'],
  ['{ amount: { over: "USD 10" } }', sends(payment()), false, 'another currency is not compared'],
  ['{ amount: { over: ["USD 10", "EUR 10"] } }', sends(payment()), true, 'amounts in a list are or'],
  ['{ amount: { over: "100" } }', sends(payment({ amount: { minor: '101', exponent: 0, currency: 'JPY' } })), true, 'a currency without decimals'],
  ['{ amount: { over: "0" } }', sends(payment({ amount: null })), false, 'no amount'],
  ['{ finding: null-name }', { ...sends(email()), findings: ['null-name'] }, true, 'a finding'],
  ['{ finding: "live-*" }', { ...sends(email()), findings: ['null-name'] }, false, 'another finding'],
  ['{ not: { channel: email } }', sends(sms()), true, 'not'],
  ['{ not: { channel: sms } }', sends(sms()), false, 'not of what holds'],
  ['{ not: { channel: sms } }', sends(email(), sms()), true, 'some effect is not an sms'],
  ['{ not: [{ channel: sms }, { service: shop }] }', sends(email()), false, 'not of a list is neither'],
  ['{ not: { channel: sms, service: other } }', sends(sms()), true, 'not of several keys is not all of them'],
  ['{ not: { not: { channel: sms } } }', sends(sms()), true, 'not not'],
  ['{ channel: sms, service: shop }', sends(sms()), true, 'keys are and'],
  ['{ channel: sms, service: other }', sends(sms()), false, 'one key fails'],
];

describe('conditions', () => {
  it.each(table.map(([when, input, matches, name]) => [name, when, matches, input] as const))('%s: %s is %s', (_name, when, matches, input) => {
    expect(captures(when, input)).toBe(matches);
  });

  it('holds a forward to every effect, every reading and, inside not, to none', () => {
    const forwards = (when: string, input: DecisionInput): boolean => {
      const decision = decide(rules([`{ id: it, when: ${when}, then: forward, because: a test }`]), input);
      return 'trace' in decision && decision.trace[0]?.matched === true;
    };
    expect(forwards('{ channel: sms }', sends(sms(), sms()))).toBe(true);
    expect(forwards('{ channel: sms }', sends(sms(), email()))).toBe(false);
    expect(forwards('{ liveness: test }', sends(payment(), payment({ liveness: 'live' })))).toBe(false);
    expect(forwards('{ not: { channel: sms } }', sends(sms(), email()))).toBe(false);
    expect(forwards('{ not: { path: "/admin/**" } }', path('/public/../admin/x'))).toBe(false);
    expect(forwards('{ path: "/public/**" }', path('/public/x'))).toBe(true);
    expect(forwards('{ path: "/public/**" }', path('/public/%2e%2e/admin'))).toBe(false);
    expect(forwards('{ path: "/public/**" }', path('/public/..\\admin'))).toBe(false);
  });

  it('does not know before the stage at which a thing is known', () => {
    const fares = (when: string, input: DecisionInput): boolean | null => {
      const decision = decide(rules([`{ id: it, when: ${when}, then: reject, because: a test }`]), input);
      return 'trace' in decision ? decision.trace[0]!.matched : null;
    };
    const input = elsewhere('a.test');
    expect(fares('{ host: a.test }', earlier(input, 'connect'))).toBe(true);
    expect(fares('{ host: b.test }', earlier(input, 'connect'))).toBe(false);
    for (const when of ['{ method: GET }', '{ path: /x }', '{ service: shop }', '{ space: a }', '{ run: a }', '{ finding: a }']) {
      expect(fares(when, earlier(input, 'connect')), when).toBe(null);
      expect(fares(`{ not: ${when} }`, earlier(input, 'connect')), when).toBe(null);
    }
    expect(fares('{ method: GET }', earlier(input, 'head'))).toBe(true);
    expect(fares('{ path: /x }', earlier(input, 'head'))).toBe(true);
    expect(fares('{ service: shop }', earlier(input, 'head'))).toBe(true);
    expect(fares('{ host: b.test, path: /x }', earlier(input, 'connect'))).toBe(false);
    // a host that nobody claims will never have any of these
    for (const when of ['{ channel: email }', '{ liveness: live }', '{ decoded: effects }', '{ recipients: { some: real } }', '{ amount: { over: "1" } }']) {
      expect(fares(when, earlier(input, 'connect')), when).toBe(false);
    }
  });

  it('says in a sentence what it checks', () => {
    const policy = rules(['{ id: it, when: { channel: [email, sms], recipients: { some: real, none: safe }, not: { service: "batch-*" } }, then: reject, because: a test }']);
    const decision = decide(policy, sends(email({ recipients: [recipient('ann@x.com', 'real')] })));
    expect(decision).toMatchObject({
      trace: [{
        rule: 'it', matched: true,
        because: "some effect's channel is email or sms and some recipient is real and no recipient is safe and not (service is batch-*)",
      }],
    });
  });
});
