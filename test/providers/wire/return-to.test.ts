import { expect, it } from 'vitest';
import { returnTo } from '../../../src/providers/wire/return-to.ts';

it.each<[string | null, string | null]>([
  ['https://shop.example.test/back', 'https://shop.example.test/back?id=a%2Fb'], ['http://localhost:3000/back?x=1#end', 'http://localhost:3000/back?x=1&id=a%2Fb#end'],
  [null, null], ['', null], ['/back', null], ['shop.example.test', null], ['myapp://back', null], ['javascript:alert(1)', null], ['data:text/html,x', null],
])('%s becomes %s', (url, to) => {
  expect(returnTo(url, [['id', 'a/b']])).toBe(to);
});
