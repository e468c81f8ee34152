import { describe, expect, it } from 'vitest';
import type { Header, HttpRequest } from '../../../src/model/exchange.ts';
import type { Change } from '../../../src/model/provider.ts';
import type { Addressee } from '../../../src/model/recipient.ts';
import type { Decoded } from '../../../src/model/side-effect.ts';
import { basicKey, bearerKey, headerKey } from '../../../src/providers/wire/sandbox-credential.ts';
import { toSandbox, type SandboxWay } from '../../../src/providers/wire/sandbox.ts';

const people: readonly Addressee[] = [{ address: 'ann@gmail.com', kind: 'email', role: 'payer' }, { address: '+4915112345678', kind: 'phone', role: 'payer' }, { address: 'cus_1', kind: 'customer', role: 'payer' }];
/** Whoever of them is named somewhere in it. */
const understood = ({ query, body }: HttpRequest): Decoded => ({ kind: 'effects', effects: [{
  channel: 'payment', provider: 'x', operation: 'pay', liveness: 'test', keys: [], amount: null, movesMoney: true, customer: null, method: null, object: null, description: null,
  recipients: people.filter(({ address }) => `${query ?? ''} ${Buffer.from(body).toString()}`.replaceAll('%40', '@').toLowerCase().includes(address)),
} as never] });
const change = (given: Partial<Change> = {}): Change => ({
  capture: 'cap_1', host: null, credential: null, recipient: ({ address }) => address, sender: (address) => address, subject: (subject) => subject, value: (value) => value, text: (text) => text, ...given,
});
const call = (body: string, given: Partial<HttpRequest> = {}): HttpRequest => ({
  kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.vendor.test', port: 443 }, path: '/v1/pay', query: null, version: '1.1', trailers: [], body: Buffer.from(body),
  headers: [['Authorization', 'Bearer old'], ['Cookie', 'a=b'], ['X-Idempotency', 'i1'], ...(body === '' ? [] : [['Content-Type', body.startsWith('{') || body.startsWith('[') ? 'application/json' : 'application/x-www-form-urlencoded'] as Header])], ...given,
});
const way: SandboxWay = { keep: ['x-idempotency'], present: bearerKey };
function made(request: HttpRequest, given: Partial<Change> = {}, by: SandboxWay = way): { readonly path: string; readonly query: string | null; readonly headers: readonly Header[]; readonly body: string } {
  const result = toSandbox(understood, by).rewrite(request, change(given));
  if (result.kind === 'impossible') throw new Error(result.why);
  return { ...result.request, headers: result.request.headers, body: Buffer.from(result.request.body).toString() };
}
const refused = (request: HttpRequest, given: Partial<Change> = {}, decoded: (request: HttpRequest) => Decoded = understood, by: SandboxWay = way): string => {
  const result = toSandbox(decoded, by).rewrite(request, change(given));
  return result.kind === 'impossible' ? result.why : 'rewritten';
};

describe('a call on its way to the sandbox', () => {
  it('carries the header fields that are named, the credential of the rule and no other', () => {
    expect(made(call('{"a":1}'), { credential: 'new' }).headers).toEqual([['X-Idempotency', 'i1'], ['Authorization', 'Bearer new'], ['Content-Type', 'application/json']]);
    expect(made(call('{"a":1}')).headers).toContainEqual(['Authorization', 'Bearer old']);
  });

  it('replaces whoever stands alone in a field, in JSON, in a form and in the query, and leaves customer ids', () => {
    const recipient: Change['recipient'] = ({ kind }) => (kind === 'phone' ? '+15005550006' : 'qa@example.test');
    expect(made(call('{"to":[{"email":" Ann@gmail.com "},"x"],"phone":"+4915112345678","customer":"cus_1","n":1.50,"none":null,"list":[null,true]}'), { recipient }).body)
      .toBe('{"to":[{"email":"qa@example.test"},"x"],"phone":"+15005550006","customer":"cus_1","n":1.5,"none":null,"list":[null,true]}');
    expect(made(call('email=ann%40gmail.com&a=1'), { recipient }).body).toBe('email=qa%40example.test&a=1');
    expect(made(call('', { method: 'GET', query: 'email=ann%40gmail.com&a=1' }), { recipient }).query).toBe('email=qa%40example.test&a=1');
  });

  it('takes out who is not to be reached, with the field', () => {
    const recipient: Change['recipient'] = () => null;
    expect(made(call('{"to":["ann@gmail.com","x"],"email":"ann@gmail.com","a":1}'), { recipient }).body).toBe('{"to":["x"],"a":1}');
    expect(made(call('email=ann%40gmail.com&a=1'), { recipient }).body).toBe('a=1');
  });

  it("puts the sandbox's ids for the live ones, in the path too", () => {
    const ids: Partial<Change> = { value: (value) => (value === 'LIVE1' ? 'SANDBOX1' : value), text: (text) => (text === 'LIVE1' ? 'SANDBOX1' : text) };
    const { path, body } = made(call('{"location_id":"LIVE1"}', { path: '/merchants/LIVE1/pay' }), ids);
    expect([path, body]).toEqual(['/merchants/SANDBOX1/pay', '{"location_id":"SANDBOX1"}']);
    const numbers: Partial<Change> = { value: (value) => ({ 12345: '999', 77: 'seven', 1.5: '2.5' })[value] ?? value };
    expect(made(call('{"profile":12345,"ids":[77,78,1.5],"amount":10.1}'), numbers).body).toBe('{"profile":999,"ids":["seven",78,2.5],"amount":10.1}');
  });

  it.each(['a/b', '..', '.', 'a b', '', 'a%2fb', '?'])('refuses to put %j into a path', (value) => {
    expect(refused(call('', { path: '/merchants/LIVE1/pay' }), { value: (given) => (given === 'LIVE1' ? value : given) })).toBe('an id of the rule cannot stand in a path');
  });

  it('changes the path where it is another at the host it goes to, and only then', () => {
    const by: SandboxWay = { ...way, path: (path, host) => `/${host}${path}` };
    expect(made(call(''), { host: 'sandbox.vendor.test' }, by).path).toBe('/sandbox.vendor.test/v1/pay');
    expect(made(call(''), {}, by).path).toBe('/v1/pay');
  });

  it('presents a credential as the vendor takes it', () => {
    expect(made(call(''), { credential: 'me:pass:word' }, { ...way, present: basicKey }).headers).toContainEqual(['Authorization', `Basic ${Buffer.from('me:pass:word').toString('base64')}`]);
    expect(made(call('', { headers: [['X-Api-Key', 'old']] }), { credential: 'new' }, { keep: ['x-api-key'], present: headerKey('X-API-Key') }).headers).toEqual([['X-API-Key', 'new']]);
    expect(made(call('', { headers: [['X-Api-Key', 'old']] }), {}, { keep: ['x-api-key'], present: headerKey('X-API-Key') }).headers).toEqual([['X-Api-Key', 'old']]);
    expect(made(call('{"secret":"old","a":1}'), { credential: 'new' }, { ...way, present: (secret) => ({ body: (body) => ({ ...body, secret }) }) }).body).toBe('{"secret":"new","a":1}');
    expect(made(call(''), { credential: 'new' }, { ...way, present: () => null }).headers).toContainEqual(['Authorization', 'Bearer old']);
  });

  it.each<[string, string]>([
    ['a credential that is none of the vendor', refused(call(''), { credential: 'no-colon' }, understood, { ...way, present: basicKey })],
    ['a credential that fits in no header', refused(call(''), { credential: 'a\nb' })],
    ['a call that was not understood', refused(call('{}'), {}, () => ({ kind: 'unrecognized', why: 'nobody knows' }))],
    ['somebody who is named inside a text, and would stay there', refused(call('{"note":"call ann@gmail.com"}'), { recipient: () => 'qa@example.test' })],
    ['a number that would be written as another', refused(call('{"order":12345678901234567890}'))],
    ['a body that is cut', refused(call('{"a":'))],
    ['a body with a key twice', refused(call('{"a":1,"a":2}'))],
    ['XML', refused(call('<a/>', { headers: [['Content-Type', 'text/xml']] }))],
    ['an upload', refused(call('--x', { headers: [['Content-Type', 'multipart/form-data; boundary=x']] }))],
    ['a query that cannot be read', refused(call('', { query: 'a=%ff' }))],
  ])('is not made of %s', (_what, why) => {
    expect(why).not.toBe('rewritten');
  });

  it('says every text of the call, and nothing of one that cannot be read', () => {
    const { said } = toSandbox(understood, way);
    expect(said(call('{"a":{"note":"call ann@gmail.com"}}', { query: 'q=bob' }))?.map(({ text }) => text)).toEqual(expect.arrayContaining(['call ann@gmail.com', '/v1/pay', 'q=bob', 'note', 'i1']));
    expect(said(call('note=call+ann'))?.map(({ text }) => text)).toContain('call ann');
    expect(said(call('{"a":'))).toBeNull();
    expect(said(call('{}', { headers: [['Content-Type', 'application/json'], ['Content-Encoding', 'gzip']] }))).toBeNull();
  });
});
