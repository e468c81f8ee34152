import { domainToASCII } from 'node:url';
import * as fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import addressparser from 'nodemailer/lib/addressparser';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { parseAddressList } from '../../src/model/address/address-list.ts';
import type { Recipient } from '../../src/model/recipient.ts';
import type { SideEffect } from '../../src/model/side-effect.ts';
import { decide } from '../../src/policy/decide.ts';
import { guard } from '../../src/policy/guard.ts';
import type { DecisionInput } from '../../src/policy/input.ts';
import { glob } from '../../src/policy/pattern.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { judge } from '../../src/policy/standing.ts';
import { call, earlier, elsewhere, email, mail, payment, policy, readOf, recipient, sms, unrecognized } from './world.ts';

// ── calls ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const standing = fc.constantFrom('safe', 'safe', 'safe', 'safe', 'reserved', 'real', 'unknown', 'invalid');
const someone: fc.Arbitrary<Recipient> = fc.oneof(
  fc.tuple(fc.constantFrom('qa@example.test', 'ann@gmail.com', 'a b'), standing).map(([address, drawn]) => recipient(address, drawn)),
  fc.tuple(fc.constantFrom('+15005550006', '+14155552671'), standing).map(([address, drawn]) => recipient(address, drawn, 'phone')),
  standing.map((drawn) => recipient('cus_123', drawn, 'customer')),
);
const people = fc.array(someone, { maxLength: 3 });
const liveness = fc.constantFrom('live', 'test', 'test', 'unknown');
const effect: fc.Arbitrary<SideEffect<Recipient>> = fc.oneof(
  fc.record({ recipients: people, liveness }).map(email),
  fc.record({ recipients: people, liveness }).map(sms),
  fc.record({ recipients: people, liveness, amount: fc.constantFrom(null, { minor: '9900', exponent: 2, currency: 'EUR' }) }).map(payment),
);
const host = fc.constantFrom('a.test', 'b.internal.test', 'evil.com', 'api.stripe.com', '10.0.0.1');
const path = fc.constantFrom('/', '/x', '/x/y', '/public/../admin', '/%2e%2e/x', '//x', '/x;a');
const input: fc.Arbitrary<DecisionInput> = fc.tuple(
  fc.oneof(
    fc.tuple(fc.constantFrom('sendgrid', 'twilio', 'stripe'), fc.oneof(
      fc.array(effect, { maxLength: 3 }).map((effects) => ({ kind: 'effects', effects }) as const),
      liveness.map((drawn) => readOf('customers.retrieve', drawn)),
      fc.constant(unrecognized),
    )).map(([provider, decoded]) => call(provider, decoded)),
    people.map((all) => mail(...all)),
    fc.record({ host, path, method: fc.constantFrom('GET', 'POST'), port: fc.constantFrom(80, 443, 9000) }).map((part) => elsewhere(part.host, part)),
  ),
  fc.record({
    run: fc.constantFrom(null, 'r1'),
    findings: fc.subarray(['joke', 'null-name']),
    facts: fc.record({ tripped: fc.constantFrom(null, null, null, '2026-11-21T09:00:00.000Z') }),
  }),
).map(([part, more]) => ({ ...part, ...more }));

// ── policies ───────────────────────────────────────────────────────────────────────────────────────────────────────
const many = <T>(all: readonly T[]): fc.Arbitrary<readonly T[]> => fc.subarray([...all], { minLength: 1 });
const anybody = many(['safe', 'reserved', 'real', 'unknown', 'invalid', '*@gmail.com', '+1*']);
const conditions = {
  host: many(['a.test', '*.internal.test', '*', 'api.stripe.com', '10.0.0.1']), port: many([80, 443]), method: many(['GET', 'POST']), path: many(['/x', '/**', '/public/**', '/*']),
  provider: many(['sendgrid', 'stripe', 'unknown', 'smtp']), operation: many(['*', 'mail.send', 'customers.*']), channel: many(['email', 'sms', 'payment', 'voice']),
  liveness: many(['live', 'test', 'unknown']), space: many(['blue']), service: many(['shop', 'x*']), run: many(['r*']), decoded: many(['effects', 'read', 'unrecognized']),
  recipients: fc.record({ every: anybody, some: anybody, none: anybody }, { requiredKeys: [] }).filter((drawn) => Object.keys(drawn).length > 0),
  amount: fc.record({ over: many(['EUR 10', '98.99', 'USD 1']) }), finding: many(['joke', 'null-*']),
};
/** One to three conditions: with more, next to nothing would ever match. */
const flat = fc.subarray(Object.keys(conditions) as (keyof typeof conditions)[], { minLength: 1, maxLength: 3 })
  .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, conditions[key]])) as Partial<typeof conditions>));
const when = fc.oneof({ weight: 4, arbitrary: flat }, { weight: 1, arbitrary: flat.map((inner) => ({ not: inner })) }, { weight: 1, arbitrary: fc.tuple(flat, flat).map(([outer, inner]) => ({ ...outer, not: [inner] })) });
// oxlint-disable-next-line unicorn/no-thenable -- the word in the file
const rule = fc.record({ mode: fc.constantFrom('decide', 'decide', 'decide', 'report'), when, then: fc.constantFrom('capture', 'reject', 'forward', { forward: { via: 'relay' } }) });
const draft = fc.record({ default: fc.constantFrom('capture', 'reject'), rules: fc.array(rule, { maxLength: 5 }) });
type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

/** JSON is YAML. */
function compiled(drawn: Draft): Policy {
  return policy(JSON.stringify({ version: 1, ...drawn, rules: drawn.rules.map((each, index) => ({ id: `rule-${index}`, ...each, because: 'a property' })) }));
}

/** Reading a policy costs most of the time, so a few hundred of them meet many thousand calls. */
const drafts = fc.sample(draft, { numRuns: 300, seed: 20_261_121 });
const policies = drafts.map(compiled);
const which = fc.nat(drafts.length - 1);
const runs = { numRuns: 8_000 };

describe('decide', () => {
  it('is total and deterministic, and never forwards what the guard refuses', () => {
    let [forwarded, guarded] = [0, 0];
    fc.assert(fc.property(which, input, (at, given) => {
      const [one, drawn] = [policies[at]!, drafts[at]!];
      const decision = decide(one, given);
      expect(decision).toEqual(decide(one, structuredClone(given)));
      if (!('action' in decision)) throw new Error('undecided about a whole call');
      expect(decision.fault).toBe(null);
      if (decision.rule === 'gateway:guard') guarded += 1;
      if (decision.action !== 'forward') return;
      forwarded += 1;
      expect(given.facts.tripped).toBe(null);
      if (given.provider === null) expect(drawn.rules.find((_, index) => decision.rule === `rule-${index}`)?.when).toHaveProperty('host');
      else expect(guard(given.decoded!, { relay: decision.plan.via !== null })).toEqual({ ok: true });
    }), runs);
    expect(forwarded).toBeGreaterThan(10); // the property was put to the test
    expect(guarded).toBeGreaterThan(10);
  });

  it('is not changed by a rule in report mode, wherever it stands and whatever it would do', () => {
    fc.assert(fc.property(draft, rule, fc.nat(5), input, (drawn, added, at, given) => {
      const ids = drawn.rules.map((each, index) => ({ id: `rule-${index}`, ...each, because: 'a property' }));
      const reporting = { id: 'added', ...added, mode: 'report', because: 'a property' };
      const [plain, more] = [ids, [...ids.slice(0, at), reporting, ...ids.slice(at)]].map((all) => policy(JSON.stringify({ version: 1, default: drawn.default, rules: all })));
      const [before, after] = [decide(plain!, given), decide(more!, given)];
      if (!('action' in before && 'action' in after)) throw new Error('undecided about a whole call');
      expect({ action: after.action, rule: after.rule, reason: after.reason }).toEqual({ action: before.action, rule: before.rule, reason: before.reason });
    }), { numRuns: 300 });
  });

  it('says at an earlier stage nothing that the whole call contradicts', () => {
    let early = 0;
    fc.assert(fc.property(which, input, fc.constantFrom('connect', 'head'), (at, given, stage) => {
      const one = policies[at]!;
      const first = decide(one, earlier(given, stage));
      if (!('action' in first)) return;
      early += 1;
      expect(given.provider).toBe(null);
      expect(decide(one, given)).toMatchObject({ action: first.action });
    }), runs);
    expect(early).toBeGreaterThan(100);
  });

  it('leaves no condition open on the whole call, and closes none at an earlier stage that changes later', () => {
    fc.assert(fc.property(which, input, fc.constantFrom('connect', 'head'), (at, given, stage) => {
      for (const condition of policies[at]!.rules.flatMap((each) => each.conditions)) {
        const whole = condition.holds(given);
        expect(typeof whole, condition.sentence).toBe('boolean');
        const before = condition.holds(earlier(given, stage));
        if (before !== null) expect(before, condition.sentence).toBe(whole);
      }
    }), runs);
  });
});

// ── addresses ──────────────────────────────────────────────────────────────────────────────────────────────────────
const safe = policy(`version: 1
safe: { emails: ["*@example.test"], phones: ["+15005550006", "+1NXX5550100..+1NXX5550199"] }
default: reject
rules: []
`).safe;

const pieces = fc.constantFrom(
  'qa', 'victim', 'Ann', 'Team', 'example.test', 'gmail.com', '@', '@', '<', '>', ',', ';', ':', ' ', '\t', '\r\n ', '\n', '"', '\\', '(', ')', '.', '%', '!', '+', '=', '|', '/', '[', ']',
  '=?utf-8?q?a=40gmail.com?=', '=?', '?=', '\0', '\u00a0', '\u200b', '＠', '，', '。', 'а', 'ſ', 'é', '\u202e', "'", '`', '{', '}', '$', '&', '#', '?', 'mailto:', 'SRS0=', 'IMCEASMTP-', 'xn--', '1', '_', '-',
);
const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')) },
  // a safe address, spoilt in one place: where parsers are most likely to differ
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('qa@example.test', 'Ann <qa@example.test>', '"Ann" <qa@example.test>', 'T: qa@example.test;', 'qa@example.test, q2@example.test', '(c) qa@example.test', '"v@gmail.com" <qa@example.test>', '"<v@gmail.com>, x" <qa@example.test>', 'Ann\r\n <qa@example.test>'), fc.nat(34), fc.array(pieces, { maxLength: 4 }))
    .map(([text, at, all]) => text.slice(0, at) + all.join('') + text.slice(at)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

/** Where nodemailer would send it. */
function nodemailer(text: string): readonly string[] {
  return addressparser(text, { flatten: true }).map(({ address }) => address);
}

function oneSpelling(address: string): string {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  return `${local}@${domainToASCII(domain)}`;
}

describe('safe', () => {
  it('is nobody whom another parser reads as somebody else: one address', () => {
    let seen = 0;
    fc.assert(fc.property(hostile, (text) => {
      if (judge(safe, { kind: 'email', address: text, role: 'to' }).standing !== 'safe') return;
      seen += 1;
      expect(text).toMatch(/^[^@]+@example\.test$/i);
      expect(nodemailer(text)).toEqual([text]);
    }), { numRuns: 8_000 });
    expect(seen).toBeGreaterThan(20);
  });

  it('is no list in which another parser reads somebody else', () => {
    let seen = 0;
    fc.assert(fc.property(hostile, (text) => {
      const list = parseAddressList(text);
      if (list.kind === 'invalid') return;
      seen += 1;
      expect(nodemailer(text.replace(/\r\n(?=[ \t])/g, '')).map((address) => address.toLowerCase())).toEqual(list.addresses.map(({ address }) => address.toLowerCase()));
    }), { numRuns: 8_000 });
    expect(seen).toBeGreaterThan(100);
  });

  it('is no header in which the MIME parser reads somebody else', async () => {
    let seen = 0;
    await fc.assert(fc.asyncProperty(hostile, async (text) => {
      const list = parseAddressList(text);
      if (list.kind === 'invalid' || list.addresses.length === 0) return;
      seen += 1;
      const { to } = await simpleParser(`To: ${text}\r\nSubject: x\r\n\r\nbody\r\n`);
      const read = [to ?? []].flat().flatMap(({ value }) => value).flatMap((each) => each.group ?? [each]).map(({ address }) => address);
      // it shows A-labels in Unicode: the same name, so both sides are compared in the one spelling
      expect(read.map((address) => oneSpelling(address ?? ''))).toEqual(list.addresses.map(({ address }) => oneSpelling(address)));
    }), { numRuns: 2_000 });
    expect(seen).toBeGreaterThan(50);
  });

  it('is no number that the telephone library reads as another', () => {
    let seen = 0;
    const digits = fc.constantFrom('+', '1', '500', '555', '0006', '0142', '202', '44', '(', ')', ' ', '.', '-', '0', ',', ';', 'ext', 'x', '#', 'whatsapp:', 'tel:', '１', '\u200b', '/', '(0)', '9');
    const number = fc.oneof(
      fc.array(digits, { maxLength: 10 }).map((all) => all.join('')),
      fc.tuple(fc.constantFrom('+15005550006', '+12025550142', 'whatsapp:+15005550006'), fc.nat(22), fc.array(digits, { maxLength: 3 })).map(([text, at, all]) => text.slice(0, at) + all.join('') + text.slice(at)),
    );
    fc.assert(fc.property(number, (text) => {
      if (judge(safe, { kind: 'phone', address: text, role: 'to' }).standing !== 'safe') return;
      seen += 1;
      const read = parsePhoneNumberFromString(text.replace(/^(?:whatsapp|sms|rcs|tel):/i, ''));
      expect(read?.ext).toBe(undefined);
      expect(read?.number).toMatch(/^\+1(?:5005550006|[2-9]\d\d55501\d\d)$/);
    }), { numRuns: 8_000 });
    expect(seen).toBeGreaterThan(20);
  });
});

describe('glob', () => {
  it('matches as the regular expression it stands for', () => {
    const parts = fc.array(fc.constantFrom('a', 'b', '/', '.', '*', '**'), { maxLength: 7 }).map((all) => all.join(''));
    fc.assert(fc.property(parts, fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*'), maxLength: 10 }), (pattern, text) => {
      const source = pattern.replace(/\*\*|[^]/g, (token) => (token === '**' ? '[^]*' : token === '*' ? '[^/]*' : `\\${token}`.replace(/\\([ab])/, '$1')));
      expect(glob(pattern, { shown: pattern, stop: '/' }).matches(text)).toBe(new RegExp(`^${source}$`).test(text));
    }), runs);
  });

  it('takes no longer than text times pattern', () => {
    const started = performance.now();
    expect(glob(`${'*a'.repeat(50)}b`, { shown: '' }).matches('a'.repeat(16_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
