import { describe, expect, it } from 'vitest';
import { endToEnd, headFault } from '../../src/ingress/http-head.ts';
import type { HttpHead } from '../../src/ingress/http-head.ts';
import type { Headers } from '../../src/model/exchange.ts';
import { defaultLimits } from '../../src/model/limits.ts';

const head = (headers: Headers, changed: Partial<HttpHead> = {}): HttpHead => ({ method: 'POST', target: '/', version: '1.1', headers: [['Host', 'a.test'], ...headers], pseudo: null, ...changed });

/** Much of this Node refuses before us; our own judgement does not lean on that. */
describe('a head is refused by itself', () => {
  it.each([
    ['two Content-Length', [['Content-Length', '1'], ['content-length', '1']], /given twice/],
    ['a Content-Length with a sign', [['Content-Length', '+1']], /plain decimal/],
    ['a Content-Length that no number holds', [['Content-Length', '9'.repeat(16)]], /plain decimal/],
    ['both lengths', [['Content-Length', '1'], ['Transfer-Encoding', 'chunked']], /both given/],
    ['two Transfer-Encoding', [['Transfer-Encoding', 'chunked'], ['transfer-encoding', 'chunked']], /exactly "chunked"/],
    ['another coding', [['Transfer-Encoding', 'chunked\t']], /exactly "chunked"/],
    ['a name with a space', [['X A', '1']], /not a token/],
    ['an empty name', [['', '1']], /not a token/],
    ['a line break in a value', [['X', 'a\r\nY: b']], /control character/],
    ['a NUL in a value', [['X', 'a\0']], /control character/],
    ['DEL in a value', [['X', 'a\x7f']], /control character/],
  ] as [string, Headers, RegExp][])('for %s', (_, headers, reason) => {
    expect(headFault(head(headers), defaultLimits)).toMatchObject({ check: 'unreadable', status: 400, reason: expect.stringMatching(reason) as unknown });
  });

  it.each(['1.0', '2'] as const)('for Transfer-Encoding in HTTP/%s', (version) => {
    expect(headFault(head([['Transfer-Encoding', 'chunked']], { version }), defaultLimits)).toMatchObject({ check: 'unreadable', status: 400 });
  });

  it('and taken when nothing is wrong with it', () => {
    expect(headFault(head([['Content-Length', '0'], ['X-Tab', 'a\tb'], ['Expect', '100-Continue']]), defaultLimits)).toBeNull();
    expect(headFault(head([['Transfer-Encoding', 'Chunked']]), defaultLimits)).toBeNull();
    expect(headFault(head([['Expect', 'anything']], { version: '1.0' }), defaultLimits)).toBeNull();
  });
});

it('what ends with us is taken out, and nothing else', () => {
  const kept: Headers = [['Host', 'a.test'], ['authorization', 'Bearer x'], ['Content-Type', 'a/b'], ['X-Proxy', '1'], ['X-Fourth', '1']];
  const ended = ['Connection', 'keep-alive', 'TE', 'Trailer', 'transfer-encoding', 'Upgrade', 'HTTP2-Settings', 'Proxy-Authorization', 'proxy-connection', 'Proxy-Anything', 'Expect', 'X-Fourthwall-Run', 'x-fourthwall-anything'];
  expect(endToEnd([...ended.map((name): [string, string] => [name, '1']), ...kept])).toEqual(kept);
});
