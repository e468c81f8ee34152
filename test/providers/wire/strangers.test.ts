import { describe, expect, it } from 'vitest';
import type { Addressee } from '../../../src/model/recipient.ts';
import { strangers } from '../../../src/providers/wire/strangers.ts';
import { trimmed } from '../../../src/providers/wire/trim.ts';

const found = (text: string, already: readonly Addressee[] = []): readonly string[] =>
  strangers([{ path: 'CcNumber', text }], already).map(({ address, kind, role }) => `${kind} ${address} as ${role}`);

describe('strangers in a field nobody knows', () => {
  it.each([
    ['an address', 'victim@customer.example', ['email victim@customer.example as CcNumber']],
    ['an address in angle brackets', 'Ann <victim@customer.example>', ['email victim@customer.example as CcNumber']],
    ['two addresses', 'a@customer.example,b@customer.example', ['email a@customer.example as CcNumber', 'email b@customer.example as CcNumber']],
    ['an address with a number in it', 'qa+1234567abcde@example.test', ['email qa+1234567abcde@example.test as CcNumber']],
    ['a number', '+14155552671', ['phone +14155552671 as CcNumber']],
    ['a number with separators', '+1 (415) 555-2671', ['phone +1 (415) 555-2671 as CcNumber']],
    ['a number by 00', '0014155552671', ['phone 0014155552671 as CcNumber']],
    ['a number in JSON', '["+14155552671"]', ['phone +14155552671 as CcNumber']],
    ['an amount, an id and a date', '2000 MG1234567890 2026-11-21 C+1', []],
  ])('%s', (_what, text, expected) => expect(found(text)).toEqual(expected));

  it('whoever is a recipient already is not named twice', () => {
    expect(found('Ann@example.test', [{ address: 'ann@example.test', kind: 'email', role: 'to' }])).toEqual([]);
  });

  it('a megabyte of beginnings takes no more than its length', () => {
    const started = performance.now();
    strangers([{ path: 'x', text: 'a@'.repeat(500_000) }, { path: 'y', text: '+1 '.repeat(300_000) }, { path: 'z', text: 'a'.repeat(1_000_000) }], []);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

it('only blanks and tabs are taken off an address: what else stands there makes it another', () => {
  expect([' \tann@example.test \t', '\uFEFFann@example.test', 'ann@example.test\u00A0', 'ann@example.test\n'].map(trimmed))
    .toEqual(['ann@example.test', '\uFEFFann@example.test', 'ann@example.test\u00A0', 'ann@example.test\n']);
});
