import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../src/providers/wire/json.ts';
import { fieldPaths, leaves, unknownTexts } from '../../../src/providers/wire/unknown-fields.ts';

const known = fieldPaths(['subject', 'from/**', 'to/*/email', '@odata.type', '$set/**', 'a+b']);

describe('an address outside the known fields', () => {
  it.each<[string, JsonValue, readonly string[]]>([
    ['is in none', { subject: 'a@x.test', from: { email: 'a@x.test', deep: ['b@x.test'] }, to: [{ email: 'c@x.test' }], '@odata.type': 'd@x.test', $set: { e: 'e@x.test' }, 'a+b': 'f@x.test' }, []],
    ['stands beside a known one', { to: [{ email: 'a@x.test', cc: 'b@x.test' }] }, ['to/0/cc b@x.test']],
    ['stands below a known text', { subject: { cc: 'b@x.test' } }, ['subject/cc b@x.test']],
    ['stands below an unknown one', { bcc: [['a@x.test']] }, ['bcc/0/0 a@x.test']],
    ['stands under a name that only looks like a known path', { 'from/x': 'a@x.test', '@odataXtype': 'b@x.test', aab: 'c@x.test', xfrom: 'd@x.test' }, ['from|x a@x.test', '@odataXtype b@x.test', 'aab c@x.test', 'xfrom d@x.test']],
    ['is itself the name of a field', { 'a@x.test': true, to: { 'b@x.test': { email: 'c@x.test' } } }, ['a@x.test a@x.test', 'to/b@x.test b@x.test']],
  ])('%s', (_where, value, expected) => {
    expect([...unknownTexts(value, known)].filter(({ text }) => text.endsWith('@x.test')).map(({ path, text }) => `${path} ${text}`)).toEqual(expected);
  });
});

describe('all leaves', () => {
  it('are every text, number and field name with its path', () => {
    expect([...leaves({ a: ['x', { 'b@c.test': 7 }], d: null, e: true }, 'body')].map(({ path, text }) => `${path}=${text}`)).toEqual([
      'body/a=a', 'body/a/0=x', 'body/a/1/b@c.test=b@c.test', 'body/a/1/b@c.test=7', 'body/d=d', 'body/e=e',
    ]);
  });

  it('are a bare text as it is, and nothing of no value', () => {
    expect([...leaves('x', 'p'), ...leaves(undefined, 'p'), ...leaves(null, 'p')]).toEqual([{ path: 'p', text: 'x' }]);
  });
});
