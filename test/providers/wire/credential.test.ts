import { describe, expect, it } from 'vitest';
import { basic, bearer } from '../../../src/providers/wire/credential.ts';

const auth = (...values: readonly string[]): readonly (readonly [string, string])[] => values.map((value) => ['Authorization', value]);
const encode = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('basic and bearer', () => {
  it('read the one credential there is', () => {
    expect(basic(auth(encode('AC1:se:cret')))).toEqual({ user: 'AC1', password: 'se:cret' });
    expect(basic(auth(encode('key:').replace('Basic', 'basic')))).toEqual({ user: 'key', password: '' });
    expect(bearer(auth('Bearer SG.a.b'))).toBe('SG.a.b');
  });

  it.each([
    ['none', []], ['two', [encode('a:b'), encode('c:d')]], ['one without a colon', [encode('ab')]], ['one that is not base64', ['Basic a:b']],
    ['one that is not UTF-8', [`Basic ${Buffer.from([0xff, 0x3a]).toString('base64')}`]], ['an empty one', ['Basic ']], ['another scheme', ['Digest abc']],
  ] as const)('read nothing from %s', (_what, values) => {
    expect(basic(auth(...values))).toBeNull();
    expect(bearer(auth(...values))).toBeNull();
  });
});
