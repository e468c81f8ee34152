import { expect, it } from 'vitest';
import type { Call, House } from '../../src/actions/call.ts';
import { prepared } from '../../src/actions/prepare.ts';
import type { CaptureDraft } from '../../src/model/capture.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';

const request: HttpRequest = {
  kind: 'http', method: 'GET', scheme: 'https', authority: { host: 'a.example', port: 443 }, path: '/', query: null, version: '1.1', headers: [], trailers: [], body: new Uint8Array(0),
};
const call = { request, target: null, provider: null } as unknown as Call<HttpResponse>;
const draft = { id: 'cap_1', run: null, findings: [], decoded: { kind: 'unrecognized', why: '' } } as unknown as CaptureDraft;
const house = { policy: () => ({ sha256: 'now' }), claims: { claim: () => null, owner: () => null } } as unknown as House;
const forward = (sha256: string, plan: Partial<Extract<Decision, { action: 'forward' }>['plan']> = {}): Extract<Decision, { action: 'forward' }> =>
  ({ action: 'forward', plan: { internal: true, via: null, rewrites: [], ...plan }, rule: 'r', reason: '', trace: [], reported: [], policy: { sha256 }, fault: null });

it('lets nothing out on the word of a policy that was replaced meanwhile', () => {
  expect(prepared(house, call, draft, forward('now'))).toMatchObject({ kind: 'http' });
  expect(prepared(house, call, draft, forward('before'))).toMatchObject({ kind: 'refused', check: 'forward' });
});

it('changes the host of a call between our own services, but never to a vendor on a port nobody can read', () => {
  const named = (host: string): House => ({ ...house, policy: () => ({ sha256: 'now', rules: [], safe: { emails: [], phones: [], devices: [] } }), claims: { claim: () => null, owner: (asked: string) => (asked === host ? { name: 'stripe' } : null) }, findingsOf: () => [] }) as unknown as House;
  const odd = { ...call, request: { ...request, authority: { host: 'a.example', port: 8443 } } } as unknown as Call<HttpResponse>;
  const plan = { rewrites: [{ kind: 'host', host: 'api.stripe.com' }] } as const;
  expect(prepared(named('other.example'), odd, draft, forward('now', plan))).toMatchObject({ kind: 'http', request: { authority: { host: 'api.stripe.com', port: 8443 } } });
  expect(prepared(named('api.stripe.com'), odd, draft, forward('now', plan))).toMatchObject({ kind: 'refused', check: 'guard' });
});

it('rewrites nothing of a host that nobody claims but the host itself', () => {
  const rewrites = [{ kind: 'host', host: 'b.example' }, { kind: 'credential', value: 'x' }] as const;
  expect(prepared(house, call, draft, forward('now', { rewrites }))).toMatchObject({ kind: 'refused', check: 'rewrite', why: expect.stringContaining('credential') });
});
