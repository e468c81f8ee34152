import { describe, expect, it } from 'vitest';
import { linksIn } from '../../src/findings/links.ts';

describe('links', () => {
  it.each([
    ['See https://shop.test/a?b=1&c=2.', '', ['https://shop.test/a?b=1&c=2']],
    ['(https://shop.test/x) and <https://shop.test/y>, "https://shop.test/z"', '', ['https://shop.test/x', 'https://shop.test/y', 'https://shop.test/z']],
    ['https://shop.test/wiki_(disambiguation)', '', ['https://shop.test/wiki_(disambiguation)']],
    ['HTTP://Shop.test', '', ['HTTP://Shop.test']],
    ['ftp://x javascript:alert(1) mailto:a@b.test www.shop.test', '', []],
    ['', '<a class=x href="https://shop.test/a?b=1&amp;c=2">x</a><a href=\'https://shop.test/b\'>y</a><a href=https://shop.test/c>z</a>', ['https://shop.test/a?b=1&c=2', 'https://shop.test/b', 'https://shop.test/c']],
    ['', '<form action="https://shop.test/f"></form><img src="https://tracker.test/p.gif"><a href="javascript:alert(1)">', ['https://shop.test/f']],
    ['https://shop.test/a https://shop.test/a', '<a href="https://shop.test/a">', ['https://shop.test/a']],
  ])('of text %j and html %j are %j', (text, html, expected) => {
    expect(linksIn({ text, html })).toEqual(expected);
  });

  it('are at most 200, none longer than 2,048', () => {
    const text = Array.from({ length: 500 }, (_, n) => `https://shop.test/${n}`).join(' ');
    expect(linksIn({ text: `https://shop.test/${'x'.repeat(3_000)} ${text}`, html: '' })).toHaveLength(200);
  });
});
