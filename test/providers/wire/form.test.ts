import { array, assert, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formText, formTree, parseForm, parseQuery } from '../../../src/providers/wire/form.ts';

const fieldsOf = (text: string): unknown => {
  const form = parseForm(Buffer.from(text));
  return form.kind === 'form' ? form.fields : form.kind;
};
const treeOf = (text: string): unknown => {
  const form = parseForm(Buffer.from(text));
  const tree = form.kind === 'form' ? formTree(form.fields) : form;
  return tree.kind === 'tree' ? tree.value : tree.kind;
};

describe('parseForm', () => {
  it('reads back whatever formText writes', () => {
    assert(property(array(tuple(string({ unit: 'grapheme' }), string({ unit: 'grapheme' }))), (fields) => {
      const wellFormed = fields.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()] as const);
      const text = formText(wellFormed);
      expect(parseForm(Buffer.from(text))).toEqual({ kind: 'form', fields: text === '' ? [] : wellFormed });
    }));
  });

  it.each([
    ['To=%2B1&Body=a+b', [['To', '+1'], ['Body', 'a b']]],
    ['T%6f=1', [['To', '1']]],
    ['To=+1', [['To', ' 1']]],
    ['a=1&a=2', [['a', '1'], ['a', '2']]],
    ['a&b=&&=c', [['a', ''], ['b', ''], ['', 'c']]],
    ['a=b=c', [['a', 'b=c']]],
    ['Body=Grüße', [['Body', 'Grüße']]],
    ['', []],
  ])('reads %s', (text, fields) => {
    expect(fieldsOf(text)).toEqual(fields);
  });

  it.each(['a=%', 'a=%4', 'a=%zz', 'a=%ff', 'a=%c3%28', '%zz=1', '\uFEFFa=1'])('does not read %s', (text) => {
    expect(fieldsOf(text)).toBe('unreadable');
  });

  it('does not read what is not UTF-8, nor too many fields', () => {
    expect(parseForm(Buffer.from([0x61, 0x3d, 0xff])).kind).toBe('unreadable');
    expect(parseForm(Buffer.from('a&b&c'), { jsonKeys: 2 }).kind).toBe('unreadable');
  });

  it('reads a query, and none', () => {
    expect(parseQuery('DateSent%3E=2025')).toEqual({ kind: 'form', fields: [['DateSent>', '2025']] });
    expect(parseQuery(null)).toEqual({ kind: 'form', fields: [] });
  });
});

describe('formTree', () => {
  it.each([
    ['amount=42&metadata[order_id]=o-1', { amount: '42', metadata: { order_id: 'o-1' } }],
    ['expand[]=a&expand[]=b', { expand: ['a', 'b'] }],
    ['items[0][price]=p&items[1][price]=q', { items: [{ price: 'p' }, { price: 'q' }] }],
    ['items[1]=b&items[0]=a', { items: ['a', 'b'] }],
    ['items[1]=b', { items: { 1: 'b' } }],
    ['metadata[6735]=x', { metadata: { 6735: 'x' } }],
    ['a[b][c][]=1', { a: { b: { c: ['1'] } } }],
    ['constructor=1&toString[a]=2', { constructor: '1', toString: { a: '2' } }],
  ])('nests %s', (text, value) => {
    expect(treeOf(text)).toEqual(value);
  });

  it.each([
    'a=1&a=2', 'a=1&a[b]=2', 'a[b]=1&a=2', 'a[]=1&a[0]=2', 'a[0]=1&a[]=2', 'a[b]=1&a[b]=2', 'a[b=1', 'ab]=1', '[a]=1', 'a[b]c=1', 'a[][b]=1',
    '__proto__=1', '__proto__[x]=1', 'a[__proto__][x]=1', `a${'[b]'.repeat(64)}=1`, '=1',
  ])('does not read %s', (text) => {
    expect(treeOf(text)).toBe('unreadable');
  });
});
