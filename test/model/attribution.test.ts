import { describe, expect, test } from 'vitest';
import { attributeRun, claims, isRunName } from '../../src/model/attribution.ts';
import type { AttributableCall } from '../../src/model/attribution.ts';
import type { Claim, Run } from '../../src/model/run.ts';

function run(name: string, list: readonly Claim[], more: Partial<Run> = {}): Run {
  return { name, space: null, claims: list, registered: true, openedAt: '2026-11-21T10:00:00.000Z', closedAt: null, openedSeq: 1, closedSeq: null, ...more };
}

function call(more: { run?: string; service?: string; space?: string; to?: readonly string[]; keys?: AttributableCall['keys']; trace?: string } = {}): AttributableCall {
  return {
    origin: { space: more.space ?? null, service: more.service ?? 'unattributed', run: more.run ?? null },
    decoded: {
      kind: 'effects',
      effects: [{
        channel: 'sms', provider: 'twilio', operation: 'messages.create', liveness: 'test', from: null, text: 'hi', media: [], template: null, keys: [],
        recipients: (more.to ?? []).map((address) => ({ address, kind: 'email', role: 'to', standing: 'real', why: 'nothing says otherwise' })),
      }],
    },
    keys: more.keys ?? [],
    trace: more.trace ?? null,
  };
}

const toR7 = run('r7', [{ kind: 'recipient', pattern: '*+r7f3@*' }]);
const ofShop = run('shop-run', [{ kind: 'service', service: 'shop' }]);
const ofOrder = run('order-run', [{ kind: 'key', value: 'order_id:A-17' }]);
const ofTrace = run('trace-run', [{ kind: 'trace', trace: '4bf92f3577b34da6a3ce929d0e0e4736' }]);
const open = [toR7, ofShop, ofOrder, ofTrace];

describe('attributeRun', () => {
  test.each<[string, AttributableCall, string | null]>([
    ['what the caller said wins over message and claims', call({ run: 'said', service: 'shop', keys: [{ name: 'fourthwall_run', value: 'other' }] }), 'said'],
    ['the message names its run', call({ keys: [{ name: 'fourthwall_run', value: 'from-metadata' }], service: 'shop' }), 'from-metadata'],
    ['the message names its run twice, alike', call({ keys: [{ name: 'fourthwall_run', value: 'a' }, { name: 'fourthwall_run', value: 'a' }] }), 'a'],
    ['the message names two runs', call({ keys: [{ name: 'fourthwall_run', value: 'a' }, { name: 'fourthwall_run', value: 'b' }] }), 'ambiguous'],
    ['a name outside the grammar is no attribution', call({ keys: [{ name: 'fourthwall_run', value: 'a b' }] }), null],
    ['a recipient pattern claims, whatever the case', call({ to: ['someone@x.test', 'QA+R7F3@example.test'] }), 'r7'],
    ['a recipient pattern must hold whole', call({ to: ['qa+r7f3'] }), null],
    ['a service claims', call({ service: 'shop' }), 'shop-run'],
    ['a key claims by name and value', call({ keys: [{ name: 'order_id', value: 'A-17' }] }), 'order-run'],
    ['a key of another name does not', call({ keys: [{ name: 'basket', value: 'A-17' }] }), null],
    ['a trace claims', call({ trace: '4bf92f3577b34da6a3ce929d0e0e4736' }), 'trace-run'],
    ['two runs claim one call', call({ service: 'shop', to: ['a+r7f3@x.test'] }), 'ambiguous'],
    ['nobody claims', call({ service: 'billing', to: ['a@x.test'] }), null],
  ])('%s', (_name, given, expected) => {
    expect(attributeRun(given, open)).toBe(expected);
  });

  test('a closed run claims nothing', () => {
    expect(attributeRun(call({ service: 'shop' }), [{ ...ofShop, closedAt: '2026-11-21T11:00:00.000Z', closedSeq: 9 }])).toBeNull();
  });

  test('two claims of one run are not ambiguous', () => {
    const both = run('both', [{ kind: 'service', service: 'shop' }, { kind: 'recipient', pattern: '*@x.test' }]);
    expect(attributeRun(call({ service: 'shop', to: ['a@x.test'] }), [both])).toBe('both');
  });

  test('a run of one space has no claim on a call of another', () => {
    expect(attributeRun(call({ service: 'shop', space: 'blue' }), [{ ...ofShop, space: 'green' }])).toBeNull();
    expect(attributeRun(call({ service: 'shop', space: 'green' }), [{ ...ofShop, space: 'green' }])).toBe('shop-run');
  });
});

function held(pattern: string, address: string): boolean {
  return claims(run('x', [{ kind: 'recipient', pattern }]), { space: null, service: 's', recipients: [{ address }], keys: [], trace: null });
}

describe('recipient patterns', () => {
  test.each<[string, string, boolean]>([
    ['a@x.test', 'a@x.test', true], ['a@x.test', 'ba@x.test', false], ['*', '', true], ['*@x.test', 'a@x.test.evil', false],
    ['a*b*c', 'a-b-c', true], ['a*b*c', 'a-c-b', false], ['ab*ba', 'aba', false], ['*aa*aa', 'aaa', false], ['+49*', '+4915', true],
  ])('%s on %s: %s', (pattern, address, expected) => {
    expect(held(pattern, address)).toBe(expected);
  });
});

test('run names follow the grammar, and the word for two claims is nobody\'s name', () => {
  expect(['ci-1', 'A.b_c-9', 'x'.repeat(100)].every(isRunName)).toBe(true);
  expect(['', '-a', 'a b', 'x'.repeat(101), 'ambiguous', 'a/b'].some(isRunName)).toBe(false);
});
