import { describe, expect, it } from 'vitest';
import { findingsAgain, findingsOfCall } from '../../src/findings/from-call.ts';
import { liveCredentialIn } from '../../src/findings/live-credential.ts';
import type { HttpRequest, Request } from '../../src/model/exchange.ts';

// put together here, so that nothing in this file looks like a live key
const stripe = ['sk', 'live', 'a1B2c3D4e5F6'].join('_');
const mollie = ['live', '0123456789abcdefABCDEF01234567'].join('_');
const http = (given: Partial<HttpRequest> = {}): HttpRequest => ({
  kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.nobody.test', port: 8443 }, path: '/v9/what', query: null, version: '1.1',
  headers: [], trailers: [], body: new Uint8Array(0), ...given,
});
const places = (request: Request): readonly string[] => liveCredentialIn(request).map(({ id, where }) => `${id} @ ${where}`);

describe('a live credential in a call as it was sent', () => {
  it.each([
    stripe, ['rk', 'live', 'a1B2c3D4'].join('_'), ['pk', 'live', 'a1B2c3D4'].join('_'), ['sk', 'org', 'live', 'a1B2c3D4'].join('_'), mollie, ['rzp', 'live', 'a1B2c3D4e5'].join('_'),
    ['pdl', 'live', 'apikey', 'a1b2c3'].join('_'), ['access', 'production', '01234567-0123'].join('-'),
  ])('is known by its look: %#', (key) => {
    expect(places(http({ headers: [['Authorization', `Bearer ${key}`]] }))).toEqual(['live-credential @ header Authorization']);
  });

  it.each<[string, Partial<HttpRequest>, string]>([
    ['Basic', { headers: [['Authorization', `Basic ${Buffer.from(`${stripe}:`).toString('base64')}`]] }, 'header Authorization'],
    ['a cookie', { headers: [['Accept', '*/*'], ['Cookie', `k=${stripe}`]] }, 'header Cookie'],
    ['the path', { path: `/charge/${stripe}` }, 'target'],
    ['the query, escaped', { query: `key=${stripe.replaceAll('_', '%5F')}` }, 'target'],
    ['the query, escaped twice', { query: `key=${stripe.replaceAll('_', '%255F')}` }, 'target'],
    ['a trailer', { trailers: [['X-Key', stripe]] }, 'header X-Key'],
    ['a form', { body: Buffer.from(`amount=1&key=${stripe}`) }, 'body'],
    ['JSON that no provider can read', { body: Buffer.from(`{"key":"${stripe.replaceAll('_', '\\u005f')}","key":1`) }, 'body'],
    ['a large body', { body: Buffer.from(`${'x'.repeat(400_000)} ${stripe}`) }, 'body'],
  ])('is found in %s', (_what, given, where) => {
    expect(places(http(given))).toEqual([`live-credential @ ${where}`]);
  });

  it('is found in a refused tunnel, a mail and what could not be read', () => {
    expect(places({ kind: 'connect', via: 'connect', authority: null, headers: [['Proxy-Authorization', `Bearer ${stripe}`]] })).toEqual(['live-credential @ header Proxy-Authorization']);
    expect(places({ kind: 'mail', helo: null, tls: null, authUser: null, from: { address: '', parameters: [] }, to: [], message: Buffer.from(`Subject: x\r\n\r\n${stripe}`) })).toEqual(['live-credential @ body']);
    expect(places({ kind: 'unreadable', protocol: 'http', authority: null, received: Buffer.from(`GET / HTTP/9\r\nAuthorization: Bearer ${stripe}`) })).toEqual(['live-credential @ body']);
  });

  it.each([
    ['sk', 'test', 'a1B2c3D4e5F6'].join('_'), ['test', '0123456789abcdefABCDEF01234567'].join('_'), 'is_live_now', 'live_migration_of_all_the_tables_in_spring', 'delive_ry',
    'access-sandbox-01234567-0123', 'pk_live_', `my${stripe}`, `cs_${['live', '0123456789abcdefABCDEF01234567'].join('_')}`,
  ])('is not seen in %s', (text) => {
    expect(places(http({ headers: [['Authorization', `Bearer ${text}`]], body: Buffer.from(text) }))).toEqual([]);
  });

  it('is a finding of a call that was not understood, once, and its excerpt does not tell the key', () => {
    const request = http({ headers: [['Authorization', `Bearer ${stripe}`]], body: Buffer.from(stripe) });
    const found = findingsOfCall({ kind: 'unrecognized', why: 'no provider claims it' }, request);
    expect(found.map(({ id }) => id)).toEqual(['live-credential']);
    expect(JSON.stringify(found)).not.toContain('a1B2');
    expect(findingsOfCall({ kind: 'read', operation: 'balance.get', liveness: 'live' }, request)).toHaveLength(1);
  });

  it('is kept when the call is judged again from its record, where the key is cut', () => {
    expect(findingsAgain({ kind: 'unrecognized', why: 'x' }, ['live-credential', 'real-recipient', 'null-name'])).toEqual(['live-credential', 'null-name']);
  });
});
