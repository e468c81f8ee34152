import { expect, it } from 'vitest';
import type { Header } from '../../../src/model/exchange.ts';
import { livenessOf } from '../../../src/providers/stripe/credential.ts';
import { liveKey } from './fixtures.ts';
import { stripeRequest } from './desk.ts';

const escaped = liveKey.replaceAll('_', '%5F');
it.each<[string, string, readonly Header[]]>([
  ['escaped in a cookie', '/v1/charges', [['Cookie', `a=b; stripe=${escaped}`]]],
  ['escaped in a second header', '/v1/charges', [['X-Key', escaped]]],
  ['in base64 in a second header', '/v1/charges', [['X-Auth', `Basic ${Buffer.from(`${liveKey}:`).toString('base64')}`]]],
  ['in base64 in the query', `/v1/charges?auth=${Buffer.from(liveKey).toString('base64url')}`, []],
  ['escaped twice in the query', `/v1/charges?key=${escaped.replaceAll('%', '%25')}`, []],
])('a live key %s makes the call live beside a test key', (_where, target, headers) => {
  const request = stripeRequest('POST', target, 'amount=1');
  expect(livenessOf({ ...request, query: null }, {})).toBe('test');
  const [path = '', query = null] = target.split('?');
  expect(livenessOf({ ...request, path, query, headers: [...request.headers, ...headers] }, {})).toBe('live');
});
