import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { conditionNames } from '../../src/policy/conditions/when.ts';
import { decide } from '../../src/policy/decide.ts';
import { policySchema } from '../../src/policy/file/policy-file.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { problemText } from '../../src/policy/problem.ts';
import { call, customer, earlier, elsewhere, email, mail, payment, providers, readOf, sends, sms, unrecognized } from './world.ts';

const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Without a single variable, as on a fresh machine. */
function shipped(path: string): Policy {
  const read = loadPolicy(file(path), { file: path, env: {}, providers });
  if (read.kind === 'problems') throw new Error(read.problems.map(problemText).join('\n'));
  return read.policy;
}

describe('config/policy.yaml', () => {
  const policy = shipped('config/policy.yaml');

  it.each([
    ['a mail by SMTP to a customer', mail(customer), 'capture', 'everything-we-understand'],
    ['a mail by API', sends(email()), 'capture', 'everything-we-understand'],
    ['a text', sends(sms()), 'capture', 'everything-we-understand'],
    ['a payment with a live key', sends(payment({ liveness: 'live' })), 'capture', 'everything-we-understand'],
    ['a read', call('stripe', readOf('customers.retrieve', 'live')), 'capture', 'provider-reads'],
    ['what a provider does not understand', call('stripe', unrecognized), 'reject', 'default'],
    ['a host that nobody claims', elsewhere('api.github.com'), 'reject', 'default'],
    ['a tunnel to a host that nobody claims', earlier(elsewhere('api.github.com'), 'connect'), 'reject', 'default'],
  ])('answers %s', (_name, input, action, rule) => {
    expect(decide(policy, input)).toMatchObject({ action, rule });
  });

  it('has no rule that forwards', () => {
    expect(policy.rules.filter((rule) => rule.consequence.action === 'forward')).toEqual([]);
  });
});

describe('config/examples/demo-policy.yaml', () => {
  const policy = shipped('config/examples/demo-policy.yaml');

  it.each([
    ['a live Stripe key', sends(payment({ liveness: 'live' })), 'reject', 'live-keys-are-refused'],
    ['a read with a live Stripe key', call('stripe', readOf('customers.retrieve', 'live')), 'reject', 'live-keys-are-refused'],
    ['a test payment', sends(payment()), 'capture', 'shop-payments'],
    ['a mail to a real customer', mail(customer), 'capture', 'shop-messages'],
    ['a text', sends(sms()), 'capture', 'shop-messages'],
    ['what a provider does not understand', call('twilio', unrecognized), 'reject', 'default'],
    ['a host that nobody claims', elsewhere('api.github.com'), 'reject', 'default'],
  ])('answers %s', (_name, input, action, rule) => {
    expect(decide(policy, input)).toMatchObject({ action, rule });
  });
});

describe('config/policy.schema.json', () => {
  const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(policySchema);

  it('is the schema that the loader reads by', () => {
    expect(JSON.parse(file('config/policy.schema.json'))).toEqual(policySchema);
  });

  it.each(['config/policy.yaml', 'config/examples/demo-policy.yaml', ...['mail-only', 'capture-all', 'test-mode', 'strict'].map((profile) => `config/profiles/${profile}.yaml`)])('accepts %s', (path) => {
    expect(validate(parse(file(path))), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    'version: 2\ndefault: reject\nrules: []', 'version: 1\ndefault: forward\nrules: []', 'version: 1\nrules: []',
    'version: 1\ndefault: reject\nrules: [{ id: a, when: { chanel: sms }, then: capture, because: x }]',
    'version: 1\ndefault: reject\nrules: [{ id: a, when: {}, then: capture, because: x }]',
    'version: 1\ndefault: reject\nrules: [{ id: a, when: { not: { liveness: dead } }, then: capture, because: x }]',
    'version: 1\ndefault: reject\nrules: [{ id: a, when: { port: 1 }, then: capture }]',
    'version: 1\ndefault: reject\nrules: [{ id: a, when: { port: 1 }, then: tunnel, because: x }]',
    'version: 1\ndefault: reject\nrules: [{ id: a, when: { port: 1 }, then: { forward: { rewrite: { credential: plain } } }, because: x }]',
  ])('refuses %s', (text) => {
    expect(validate(parse(text))).toBe(false);
  });
});

describe('docs/policy.md', () => {
  const page = file('docs/policy.md');

  it('has every condition, with an example', () => {
    for (const name of conditionNames) expect(page, name).toMatch(new RegExp(`\\| \`${name}\` \\|[^|]*\`[^|]*\\b${name}: `));
  });

  it('shows policies that load', () => {
    const examples = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text ?? '');
    expect(examples.length).toBeGreaterThan(0);
    for (const text of examples) {
      const read = loadPolicy(text, { file: 'docs/policy.md', env: { STRIPE_TEST_KEY: 'a-test-key' }, providers });
      expect(read.kind === 'problems' ? read.problems.map(problemText) : []).toEqual([]);
    }
  });

  it('shows conditions that load', () => {
    const cells = [...page.matchAll(/`when: (\{.*?\})`/g)].map(([, text]) => text ?? '');
    expect(cells.length).toBeGreaterThanOrEqual(conditionNames.length);
    for (const cell of cells) {
      const read = loadPolicy(`version: 1\ndefault: reject\nrules: [{ id: a, when: ${cell}, then: capture, because: x }]`, { file: cell, env: {}, providers });
      expect(read.kind === 'problems' ? read.problems.map(problemText) : []).toEqual([]);
    }
  });
});
