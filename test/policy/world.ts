import type { Recipient, RecipientKind, Standing } from '../../src/model/recipient.ts';
import type { Decoded, Email, Liveness, Payment, SideEffect, Sms } from '../../src/model/side-effect.ts';
import type { DecisionInput } from '../../src/policy/input.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Problem } from '../../src/policy/problem.ts';

/** Small builders for the tests of this room: a policy from text, and calls as the gateway would describe them. */

export const providers = [
  { name: 'smtp', channels: ['email'] },
  { name: 'sendgrid', channels: ['email'] },
  { name: 'twilio', channels: ['sms', 'voice'] },
  { name: 'stripe', channels: ['payment'] },
];

export function read(text: string, env: Readonly<Record<string, string>> = {}): ReturnType<typeof loadPolicy> {
  return loadPolicy(text, { file: 'policy.yaml', env, providers });
}

export function policy(text: string, env: Readonly<Record<string, string>> = {}): Policy {
  const loaded = read(text, env);
  if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded.policy;
}

export function problems(text: string, env: Readonly<Record<string, string>> = {}): readonly Problem[] {
  const loaded = read(text, env);
  return loaded.kind === 'problems' ? loaded.problems : [];
}

/** A policy of these rules (YAML flow mappings, one a line), some safe addresses and a default. */
export function rules(lines: readonly string[], options: { readonly default?: 'capture' | 'reject'; readonly env?: Readonly<Record<string, string>> } = {}): Policy {
  return policy(`version: 1
safe: { emails: ["*@example.test", "qa+*@ourcompany.test"], phones: ["+15005550006"], devices: ["staging-*"] }
default: ${options.default ?? 'reject'}
rules:${lines.length === 0 ? ' []' : ''}
${lines.map((line) => `  - ${line}`).join('\n')}
`, options.env);
}

export function recipient(address: string, standing: Standing, kind: RecipientKind = 'email'): Recipient {
  return { address, kind, role: 'to', standing, why: `a ${standing} one` };
}

const colleague = recipient('qa@example.test', 'safe');
export const customer = recipient('ann@shop-customer.com', 'real');

export function email(part: Partial<Email<Recipient>> = {}): Email<Recipient> {
  return {
    channel: 'email', provider: 'sendgrid', operation: 'mail.send', liveness: 'test', recipients: [colleague], keys: [],
    from: 'app@example.test', subject: 'Hello', text: null, html: null, attachments: [], template: null, ...part,
  };
}

export function sms(part: Partial<Sms<Recipient>> = {}): Sms<Recipient> {
  return {
    channel: 'sms', provider: 'twilio', operation: 'messages.create', liveness: 'test', keys: [],
    recipients: [recipient('+15005550006', 'safe', 'phone')], from: null, text: 'Hello', media: [], template: null, ...part,
  };
}

export function payment(part: Partial<Payment<Recipient>> = {}): Payment<Recipient> {
  return {
    channel: 'payment', provider: 'stripe', operation: 'payment_intents.create', liveness: 'test', recipients: [], keys: [],
    amount: { minor: '4200', exponent: 2, currency: 'EUR' }, movesMoney: true, customer: null, method: null, object: null, description: null, ...part,
  };
}

const effects = (...all: readonly SideEffect<Recipient>[]): Decoded<Recipient> => ({ kind: 'effects', effects: all });
export const readOf = (operation: string, liveness: Liveness): Decoded<Recipient> => ({ kind: 'read', operation, liveness });
export const unrecognized: Decoded<Recipient> = { kind: 'unrecognized', why: 'the path is not known' };

const base: DecisionInput = {
  stage: 'whole',
  origin: { space: null, service: 'shop', run: null, trace: null, address: '127.0.0.1', via: 'proxy' },
  run: null, target: null, provider: null, decoded: null, findings: [], facts: { tripped: null },
};

function target(host: string, path: string, method = 'POST', port = 443): NonNullable<DecisionInput['target']> {
  return { scheme: 'https', host, port, method, path };
}

/** A whole call to a provider. */
export function call(provider: 'sendgrid' | 'twilio' | 'stripe', decoded: Decoded<Recipient>, part: Partial<DecisionInput> = {}): DecisionInput {
  const channels = providers.find((each) => each.name === provider)!.channels;
  return { ...base, provider: { name: provider, channels }, decoded, target: target(`api.${provider}.com`, '/v1/things'), ...part };
}

export function sends(...all: readonly SideEffect<Recipient>[]): DecisionInput {
  return call(all[0]!.provider as 'sendgrid', effects(...all));
}

/** A mail that came by SMTP. */
export function mail(...recipients: readonly Recipient[]): DecisionInput {
  return { ...base, provider: { name: 'smtp', channels: ['email'] }, decoded: effects(email({ provider: 'smtp', liveness: 'unknown', recipients })) };
}

/** A whole call to a host that no provider claims, as the gateway describes it. */
export function elsewhere(host: string, part: Partial<NonNullable<DecisionInput['target']>> = {}): DecisionInput {
  return { ...base, target: { ...target(host, '/x', 'GET'), ...part }, decoded: { kind: 'unrecognized', why: 'no provider claims the host' } };
}

/** The same call, as much of it as is known earlier. */
export function earlier(input: DecisionInput, stage: 'connect' | 'head'): DecisionInput {
  return {
    ...input, stage, decoded: null, findings: [],
    target: input.target === null || stage === 'head' ? input.target : { ...input.target, method: null, path: null },
  };
}
