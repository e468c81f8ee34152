import { describe, expect, it } from 'vitest';
import { addressesIn, besides, mailboxes } from '../../../src/providers/wire/address-field.ts';

describe('a field of addresses', () => {
  it.each([
    ['ann@example.test', ['ann@example.test']],
    ['Ann <ann@example.test>, "Lee, Bob" <bob@example.test>', ['ann@example.test', 'bob@example.test']],
    ['"eve@example.test" <ann@example.test>', ['ann@example.test']],
    ['undisclosed-recipients:;', []],
    [' \t', []],
    // no list by any grammar: the text itself, and everybody in it
    ['ann@example.test; bob@example.test', ['ann@example.test; bob@example.test', 'ann@example.test', 'bob@example.test']],
    ['ann@example.test,', ['ann@example.test,', 'ann@example.test']],
    ['ann', ['ann']],
  ])('%j names %j', (text, addresses) => {
    expect(addressesIn(text, 'to')).toEqual(addresses.map((address) => ({ address, kind: 'email', role: 'to' })));
  });

  it('cuts off a long text that is no list, with a mark', () => {
    const [whole] = addressesIn(`${'x'.repeat(600)} no address`, 'to');
    expect(whole?.address).toBe(`${'x'.repeat(500)} …`);
  });

  it('adds nobody twice, in whatever case', () => {
    const [ann] = addressesIn('ann@example.test', 'to');
    expect(besides([ann!], addressesIn('ANN@example.test, bob@example.test, Bob@example.test', 'cc')).map(({ address }) => address)).toEqual(['bob@example.test']);
  });
});

describe('a field that has to name somebody', () => {
  it.each([
    ['ann@x.test', ['ann@x.test']],
    ['"Ann, A." <ann@x.test>, bob@x.test', ['ann@x.test', 'bob@x.test']],
    ['  ann@x.test\t', ['ann@x.test']],
    // what is no list is one address that nobody will take for one; a list of none is not nobody
    ['ann@x.test bob@x.test', ['ann@x.test bob@x.test']],
    ['ann@x.test;bob@x.test', ['ann@x.test;bob@x.test']],
    ['undisclosed-recipients:;', ['undisclosed-recipients:;']],
    ['', ['']],
  ])('%j holds %j', (text, expected) => {
    expect(mailboxes(text)).toEqual(expected);
  });

  it('marks a text that was cut, so that its beginning is no address', () => {
    expect(mailboxes(`ann@x.test${' '.repeat(500)}bob@x.test`)).toEqual([`ann@x.test${' '.repeat(490)} …`]);
  });
});
