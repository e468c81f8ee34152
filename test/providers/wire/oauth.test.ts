import { describe, expect, it } from 'vitest';
import { callerOf, claimsOf, readGrant, unsignedToken } from '../../../src/providers/wire/oauth.ts';
import { parseHttpFile } from '../../support/http-file.ts';

describe('a token request', () => {
  const ask = (body: string, { query = '', type = 'application/x-www-form-urlencoded' } = {}): string => {
    const grant = readGrant(parseHttpFile(Buffer.from(`POST /token${query} HTTP/1.1\nHost: x.test\nContent-Type: ${type}\n\n${body}`)), ['refresh_token']);
    return 'kind' in grant ? grant.why : 'read';
  };

  it.each([
    ['grant_type=refresh_token&refresh_token=x', {}, 'read'],
    ['grant_type=password', {}, 'the grant is none of refresh_token'],
    ['refresh_token=x', {}, 'the grant is none of refresh_token'],
    ['grant_type=refresh_token&scope=a&scope=b', {}, 'a field is given twice'],
    ['grant_type=refresh_token', { query: '?grant_type=password' }, 'the call carries parameters in its query'],
    ['{"grant_type":"refresh_token"}', { type: 'application/json' }, 'content-type is not one application/x-www-form-urlencoded in UTF-8'],
  ])('%s %j', (body, how, expected) => expect(ask(body, how)).toBe(expected));
});

it('reads the claims of its own tokens, and of nothing that is none', () => {
  expect(claimsOf(unsignedToken({ tid: 't' }))).toEqual({ tid: 't' });
  for (const no of ['', 'opaque', 'a.b', 'e30.W10.x', 'e30.e30.x.y', 'e30.eyJhIjoxLCJhIjoyfQ.x']) expect(claimsOf(no)).toBeNull();
});

it('names the same caller the same way, and two lists of facts apart', () => {
  expect(callerOf('a', 'b')).toBe(callerOf('a', 'b'));
  expect(callerOf('a', 'b')).not.toBe(callerOf('ab', ''));
  expect(callerOf('secret')).toMatch(/^[0-9a-f]{32}$/);
});
