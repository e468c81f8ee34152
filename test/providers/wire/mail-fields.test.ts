import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/providers/wire/json.ts';
import { firstLink, fourthwallKeys, namesRecipient, people } from '../../../src/providers/wire/mail-fields.ts';

describe('people', () => {
  it.each<[string, JsonObject, readonly string[] | null]>([
    ['no field', {}, []],
    ['null', { to: null }, []],
    ['a list', { to: [{ email: ' ann@x.test ' }, { email: 'bob@x.test', name: 'Bob' }] }, ['ann@x.test', 'bob@x.test']],
    ['one that is in no list', { to: { email: 'ann@x.test' } }, null],
    ['a text', { to: ['ann@x.test'] }, null],
    ['an empty address', { to: [{ email: '' }] }, null],
    ['a second spelling of email', { to: [{ email: 'ann@x.test', Email: 'bob@x.test' }] }, null],
    ['nobody in the place of somebody', { to: [null] }, null],
  ])('reads %s, or says that it cannot', (_what, object, expected) => {
    const found = people(object, 'to');
    expect('kind' in found ? null : found.map(({ address }) => address)).toEqual(expected);
  });
});

describe('namesRecipient', () => {
  it.each([['Bcc', true], ['TO ', true], ['resent-cc', true], ['Apparently-To', true], [' cc:', true], ['X-Bcc-Count', false], ['Reply-To', false], ['Topic', false]] as const)('%s: %s', (name, expected) => {
    expect(namesRecipient(name)).toBe(expected);
  });
});

describe('what else is read of a mail', () => {
  it('is the headers of our own as keys', () => {
    expect(fourthwallKeys([['X-Fourthwall-Order-Id', 'o-42'], ['x-fourthwall-n', 7], ['X-Other', 'x']])).toEqual([{ name: 'fourthwall_order_id', value: 'o-42' }, { name: 'fourthwall_n', value: '7' }]);
  });

  it('is the first link that somebody could follow', () => {
    expect(firstLink(null, 'see https://shop.test/a?b=c>or http://other.test')).toBe('https://shop.test/a?b=c');
    expect(firstLink('<a href="https://shop.test/x">', 'https://other.test')).toBe('https://shop.test/x');
    expect(firstLink(null)).toBe('https://example.com/');
  });
});
