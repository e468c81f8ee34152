import { describe, expect, it } from 'vitest';
import { apiQuery, chipsOf, readTyped, withChip, withText, withoutChip } from '../../src/web/search/filters.ts';
import { rowsInView, scrollFor } from '../../src/web/timeline/window.ts';

describe('what is typed into the search', () => {
  it.each([
    ['refund', 'refund', []],
    ['service:shop refund', 'refund', ['service=shop']],
    ['refund service:shop', 'refund', ['service=shop']],
    ['run:"nightly 7" x', 'x', ['run=nightly 7']],
    ['channel:sms channel:email', '', ['channel=sms', 'channel=email']],
    ['key:order:42', '', ['key=order:42']],
    ['https://shop.test', 'https://shop.test', []],
    ['colour:red', 'colour:red', []],
    ['service:', 'service:', []],
    ['"a service:shop phrase"', '"a service:shop phrase"', []],
  ] as const)('%j', (typed, text, chips) => {
    const read = readTyped(typed);
    expect(read.text.replace(/\s+/g, ' ')).toBe(text);
    expect(read.chips.map(({ name, value }) => `${name}=${value}`)).toEqual(chips);
  });

  it('becomes an address and comes back from it', () => {
    const query = withText(withChip(withChip(new URLSearchParams(), { name: 'channel', value: 'sms' }), { name: 'channel', value: 'email' }), 'a b');
    expect(query.toString()).toBe('channel=sms&channel=email&q=a+b');
    expect(chipsOf(query)).toEqual([{ name: 'channel', value: 'sms' }, { name: 'channel', value: 'email' }]);
    expect(withoutChip(query, { name: 'channel', value: 'sms' }).toString()).toBe('channel=email&q=a+b');
    expect(withChip(query, { name: 'channel', value: 'sms' }).toString()).toBe(query.toString());
  });

  it('asks the API only for filters it knows', () => {
    expect(apiQuery(new URLSearchParams('channel=sms&utm_source=x&q=&limit=9&token=x')).toString()).toBe('channel=sms');
  });
});

describe('a long list', () => {
  it('renders only what is in view and a little around it', () => {
    expect(rowsInView({ top: 5800, height: 580, rowHeight: 58, count: 100_000, overscan: 8 })).toEqual({ first: 92, last: 118 });
    expect(rowsInView({ top: 0, height: 580, rowHeight: 58, count: 3, overscan: 8 })).toEqual({ first: 0, last: 3 });
    expect(rowsInView({ top: 99999, height: 580, rowHeight: 58, count: 3, overscan: 8 })).toEqual({ first: 3, last: 3 });
  });

  it('scrolls no further than needed to show a row', () => {
    const view = { top: 580, height: 580, rowHeight: 58 };
    expect(scrollFor(12, view)).toBe(580);
    expect(scrollFor(2, view)).toBe(116);
    expect(scrollFor(20, view)).toBe(638);
  });
});
