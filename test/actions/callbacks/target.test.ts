import { describe, expect, it } from 'vitest';
import { queued, unsent } from '../../../src/actions/callbacks/queue.ts';
import { pauseAfter } from '../../../src/actions/callbacks/schedule.ts';
import { resolveTarget } from '../../../src/actions/callbacks/target.ts';

const webhooks = {
  twilio: { url: 'http://shop.test:3000/twilio', secret: 'token' },
  stripe: { url: 'http://shop.test:3000/stripe?k=1', secret: 'whsec_1' },
  pay: { url: 'https://pay.test/hook', secret: null },
};
const to = (target: string, provider = 'twilio', cut = false): unknown => {
  const resolved = resolveTarget(webhooks, { target, provider, cut });
  return resolved.kind === 'to' ? [resolved.url.href, resolved.secret] : resolved.why;
};

describe('a callback goes', () => {
  it.each([
    ['to the webhook it names', 'stripe', 'stripe', 'http://shop.test:3000/stripe?k=1', 'whsec_1'],
    ['to its own path and query at a configured place', 'http://shop.test:3000/status?order=1', 'twilio', 'http://shop.test:3000/status?order=1', 'token'],
    ['with the secret of the webhook that is exactly there', 'http://shop.test:3000/stripe?k=1', 'twilio', 'http://shop.test:3000/stripe?k=1', 'whsec_1'],
    ['with the secret of its provider where several are there', 'http://SHOP.test:3000/x', 'stripe', 'http://shop.test:3000/x', 'whsec_1'],
    ['with the only one there is', 'https://pay.test:443/other', 'twilio', 'https://pay.test/other', null],
    ['without its fragment', 'https://pay.test/other#rc=3', 'twilio', 'https://pay.test/other', null],
  ])('%s', (_what, target, provider, url, secret) => {
    expect(to(target, provider)).toEqual([url, secret]);
  });

  it.each([
    ['another port', 'http://shop.test:3001/status', /no webhook of gateway.yaml is at http:\/\/shop.test:3001.*webhooks: \{ twilio: \{ url: "http:\/\/shop.test:3001\/status" \} \}/],
    ['another scheme', 'https://shop.test:3000/status', /is at https:\/\/shop.test:3000/],
    ['another host', 'http://shop.test.evil.test:3000/status', /shop.test.evil.test/],
    ['a host below', 'http://a.shop.test:3000/status', /a.shop.test/],
    ['a user that looks like the host', 'http://shop.test:3000@evil.test/', /names a user/],
    ['a user', 'http://ann@shop.test:3000/status', /names a user/],
    ['no address at all', 'shop', /no webhook "shop".*webhooks: \{ shop: \{ url:/],
    ["the name of another vendor's webhook", 'stripe', /^"stripe" is no address, and the webhook of that name is none of twilio's$/],
    ['a name that every object has', 'constructor', /no webhook "constructor"/],
    ['another scheme altogether', 'file:///etc/passwd', /no webhook "file/],
    ['what only looks like a target', '//shop.test:3000/x', /no webhook/],
    ['a backslash address', 'http:\\\\evil.test\\@shop.test:3000/', /evil\.test/],
  ])('nowhere by %s, and is told the line that would let it go', (_what, target, why) => {
    expect(to(target)).toMatch(why);
  });

  it('nowhere when its secret was cut out, unless it is exactly a configured address', () => {
    expect(to('http://shop.test:3000/status?token=********', 'twilio', true)).toMatch(/carries a secret, which is never stored.*TWILIO_WEBHOOK_URL/);
    const own = { twilio: { url: 'http://shop.test:3000/status?token=hunter2hunter2', secret: null } };
    expect(resolveTarget(own, { target: 'http://shop.test:3000/status?token=**************', provider: 'twilio', cut: true })).toMatchObject({ kind: 'to', url: { search: '?token=hunter2hunter2' } });
  });
});

describe('queued', () => {
  const draft = { target: 'http://shop.test:3000/status', object: 'SM1', notBeforeMs: 1, method: 'POST', headers: [], body: 'a=1', contentType: 'application/x-www-form-urlencoded' };

  it('with where it goes, or why it does not', () => {
    expect(queued(webhooks, draft, 'twilio')).toEqual({ ...draft, url: 'http://shop.test:3000/status' });
    expect(queued({}, draft, 'twilio')).toEqual({ ...draft, skipped: expect.stringContaining('no webhook of gateway.yaml') });
    expect(queued(webhooks, { ...draft, method: 'CONNECT' }, 'twilio')).toMatchObject({ skipped: 'no callback is sent by CONNECT' });
  });

  it('or told and not kept, where it names a webhook that nobody configured', () => {
    expect(unsent(webhooks, { ...draft, target: 'sendgrid', event: 'delivered' }, 'sendgrid')).toEqual({ target: 'sendgrid', event: 'delivered', notBeforeMs: 1, why: expect.stringContaining('webhooks: { sendgrid:') });
    expect(unsent(webhooks, { ...draft, target: 'stripe' }, 'stripe')).toBeNull();
    expect(unsent({}, draft, 'twilio')).toBeNull();
  });

  it('without the secret of its address, and only where the whole address is configured', () => {
    const secret = { ...draft, target: 'http://shop.test:3000/status?token=hunter2hunter2' };
    const cut = queued(webhooks, secret, 'twilio');
    expect(cut).toMatchObject({ target: 'http://shop.test:3000/status?token=**************', cut: true, skipped: expect.stringContaining('carries a secret') });
    const known = queued({ twilio: { url: secret.target, secret: null } }, secret, 'twilio');
    expect(known).toMatchObject({ cut: true, url: 'http://shop.test:3000/status?token=**************' });
    const other = queued({ twilio: { url: secret.target.replace('hunter2hunter2', 'another-secret'), secret: null } }, secret, 'twilio');
    expect(other).toMatchObject({ cut: true, skipped: expect.any(String) });
    expect(JSON.stringify([cut, known, other])).not.toMatch(/hunter2|another-secret/);
  });
});

it('is tried again after a second, five, thirty, two minutes and ten, and then given up', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(pauseAfter)).toEqual([1_000, 5_000, 30_000, 120_000, 600_000, null, null]);
});
