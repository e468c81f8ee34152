import { describe, expect, it } from 'vitest';
import { goBack, returnTo } from '../../../src/providers/wire/go-back.ts';

describe('the URL that a payer goes back to', () => {
  it.each<[string | null, string | null]>([
    ['https://shop.example.test/back', 'https://shop.example.test/back?id=a%2Fb'], ['http://localhost:3000/back?x=1#end', 'http://localhost:3000/back?x=1&id=a%2Fb#end'], ['https://shop.example.test?x=1&', 'https://shop.example.test/?x=1&id=a%2Fb'],
    [null, null], ['', null], ['/back', null], ['shop.example.test', null], ['myapp://back', null], ['javascript:alert(1)', null], ['data:text/html,x', null],
  ])('%s becomes %s', (url, to) => {
    expect(returnTo(url, [['id', 'a/b']])).toBe(to);
  });

  it('keeps the query as the application wrote it', () => {
    expect(returnTo('https://shop.example.test/?next=%2Fa%20b&x=%7e', [['id', 'a b']])).toBe('https://shop.example.test/?next=%2Fa%20b&x=%7e&id=a+b');
    expect(returnTo('https://shop.example.test/?next=%2Fa%20b', [])).toBe('https://shop.example.test/?next=%2Fa%20b');
  });

  it('can be made of whatever text a vendor adds', () => {
    expect(returnTo('https://shop.example.test/', [['error[reason]', 'a&b=\u{d800}']])).toBe('https://shop.example.test/?error%5Breason%5D=a%26b%3D%EF%BF%BD');
  });
});

describe('a payer goes back', () => {
  it('and is told nothing here', () => {
    expect(goBack('https://shop.example.test/back', [['id', '1']], 'Paid.')).toEqual({ goTo: 'https://shop.example.test/back?id=1', says: null });
  });

  it.each([null, ''])('or stays where there is no URL (%j), and is told what came of it', (url) => {
    expect(goBack(url, [['id', '1']], 'Paid.')).toEqual({ goTo: null, says: 'Paid.' });
  });

  it.each([
    ['myapp://back', 'myapp://back?id=1'], ['not a URL', 'not a URL'],
  ])('or is told where to, where that is no address of the web: %s', (url, named) => {
    expect(goBack(url, [['id', '1']], 'Paid.')).toEqual({ goTo: null, says: `Paid. The payer would go back to ${named}, which is no http or https address and is not opened from here.` });
  });

  it('and is not told more than fits', () => {
    expect(goBack(`myapp://${'a'.repeat(5_000)}`, [], 'Paid.').says!.length).toBeLessThan(700);
  });
});
