import { describe, expect, it } from 'vitest';
import { defaultCorrelate, patternFault } from '../../src/config/correlate.ts';

const order = new RegExp(defaultCorrelate[0]?.pattern ?? '(?!)', 'giu');
const orders = (text: string) => [...text.matchAll(order)].map((match) => match[1]);

describe('correlate patterns', () => {
  it.each([
    ['Your order #A-1001 is on its way', ['A-1001']],
    ['Order number: 2024-17.', ['2024-17']],
    ['Bestellung 4711 ist da', ['4711']],
    ['Ihre Bestellnummer: DE-20/77', ['DE-20/77']],
    ['votre commande n° 12', ['12']],
    ['pedido número 991', ['991']],
    ['order # 5 and order no. 6', ['5', '6']],
    ['in order to ship 4 boxes', []],
    ['reorder quickly', []],
    ['border 12', []],
  ])('finds the order numbers of %j', (text, expected) => {
    expect(orders(text)).toEqual(expected);
  });

  it('keeps its own default within the bounds it asks of others', () => {
    expect(defaultCorrelate.map(({ pattern }) => patternFault(pattern))).toEqual([null]);
  });

  it.each(['a*', 'a+', '(a|b){2,}', '(?=x)a', '(?<!x)a', '(a)\\1', 'a{101}', '(((a{0,100}){0,100}){0,100}){0,100}', '[', '(?<n>a)\\k<n>'])('refuses %s', (pattern) => {
    expect(patternFault(pattern)).not.toBeNull();
  });

  it.each(['a\\+', '[*+]', 'T-(\\d{1,12})', '(?:a|b)?c'])('accepts %s', (pattern) => {
    expect(patternFault(pattern)).toBeNull();
  });
});
