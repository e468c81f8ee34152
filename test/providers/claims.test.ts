import { describe, expect, it } from 'vitest';
import type { HttpProvider, ProviderHost } from '../../src/model/provider.ts';
import { createClaims } from '../../src/providers/claims.ts';
import { httpProviders } from '../../src/providers/index.ts';
import { emptyReply } from '../../src/providers/wire/reply.ts';

function provider(name: string, ...hosts: readonly ProviderHost[]): HttpProvider {
  return {
    name, hosts, channels: [], about: { operations: [], fidelity: '', verified: null }, account: () => null, decode: () => ({ kind: 'unrecognized', why: 'a fake' }),
    simulate: async () => ({ reply: emptyReply(200) }), reject: () => emptyReply(403),
  };
}

describe('createClaims', () => {
  const acme = provider('acme', { host: 'api.acme.test' }, { host: '*.eu.acme.test', ports: [2197] }, { host: 'mail.*.acme.test' });
  const claims = createClaims([acme]);

  it.each([
    ['api.acme.test', 443, true], ['api.acme.test', 80, true], ['api.acme.test', 2197, false], ['api.acme.test', 8443, false],
    ['a.eu.acme.test', 443, true], ['a.eu.acme.test', 2197, true],
    ['eu.acme.test', 443, false], ['b.a.eu.acme.test', 443, false], ['xapi.acme.test', 443, false], ['api.acme.test.evil.test', 443, false],
    ['mail.eu-1.acme.test', 443, true], ['mail.eu.1.acme.test', 443, false], ['mail.acme.test', 443, false], ['xmail.eu-1.acme.test', 443, false],
    ['acme.test', 443, false], ['*.eu.acme.test.evil.test', 443, false], ['', 443, false],
  ] as const)('%s:%d belongs to acme: %s', (host, port, expected) => {
    expect(claims.claim(host, port)?.name ?? null).toBe(expected ? 'acme' : null);
  });

  it.each<[string, ProviderHost, ProviderHost]>([
    ['the same name', { host: 'x.test' }, { host: 'x.test' }],
    ['a name under a wildcard', { host: '*.x.test' }, { host: 'a.x.test' }],
    ['wildcards in different labels', { host: 'a.*.x.test' }, { host: '*.b.x.test' }],
    ['a name under an inner wildcard', { host: 'a.b.x.test' }, { host: 'a.*.x.test' }],
    ['a wildcard over a name', { host: 'a.x.test' }, { host: '*.x.test' }],
    ['the same wildcard', { host: '*.x.test' }, { host: '*.x.test' }],
    ['the same name on different ports', { host: 'x.test', ports: [1] }, { host: 'x.test', ports: [2] }],
  ])('refuses to start when two providers claim %s', (_what, one, other) => {
    expect(() => createClaims([provider('one', one), provider('other', other)])).toThrow(/providers one and other both claim .*x\.test/);
  });

  it('refuses to start on one name twice in one provider', () => {
    expect(() => createClaims([provider('one', { host: 'x.test' }, { host: 'x.test' })])).toThrow(/both claim x\.test/);
  });

  it.each(['API.acme.test', 'acme', '*', '*.test', 'acme.*', 'api.*.test', 'api*.acme.test', 'acme.test:443', 'https://acme.test', '10.0.0.1', 'acme.test.'])('refuses to start on the host %s', (host) => {
    expect(() => createClaims([provider('one', { host })])).toThrow(/a host is a lower-case name/);
  });

  it.each([
    ['api.stripe.com', 'stripe'], ['uploads.stripe.com', 'stripe'], ['a.b.payments.stripe.com', 'stripe'], ['stripe.com', 'stripe'],
    ['smtp.sendgrid.com', 'sendgrid'], ['comms.twilio.com', 'twilio'], ['email.twilio.com', 'sendgrid'], ['notstripe.com', null], ['stripe.com.evil.test', null], ['com', null], ['10.0.0.1', null], ['::1', null],
  ] as const)('%s is a host of %s, claimed or not', (host, expected) => {
    expect(createClaims(httpProviders).owner(host)?.name ?? null).toBe(expected);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['api.acme.co.uk', ['acme.co.uk', 'www.acme.co.uk'], ['other.co.uk', 'co.uk']],
    ['*.eu.acme.test', ['acme.test', 'us.acme.test'], ['other.test']],
    ['email.eu-west-1.amazonaws.com', ['email.eu-west-1.amazonaws.com', 'vpce.email.eu-west-1.amazonaws.com'], ['s3.eu-west-1.amazonaws.com', 'amazonaws.com']],
    ['email.*.amazonaws.com', ['email.eu-west-1.amazonaws.com', 'vpce.email.eu-west-1.amazonaws.com'], ['s3.eu-west-1.amazonaws.com', 'amazonaws.com', 'email.amazonaws.com']],
    ['email.*.api.aws', ['email.eu-west-1.api.aws'], ['s3.eu-west-1.api.aws', 'api.aws']],
    ['email.*.amazonaws.com.cn', ['email.cn-north-1.amazonaws.com.cn'], ['s3.cn-north-1.amazonaws.com.cn', 'amazonaws.com.cn']],
    ['*.push.googleapis.com', ['push.googleapis.com', 'a.b.push.googleapis.com'], ['storage.googleapis.com']],
  ])('whoever claims %s has the domain of its own, and nothing that others share', (host, own, others) => {
    const { owner } = createClaims([provider('acme', { host })]);
    expect(own.map((name) => owner(name)?.name)).toEqual(own.map(() => 'acme'));
    expect(others.map((name) => owner(name))).toEqual(others.map(() => null));
  });

  it('starts with the providers there are, and tells them apart where hosts are neighbours', () => {
    const real = createClaims(httpProviders);
    expect(['api.twilio.com', 'api.dublin.ie1.twilio.com', 'email.twilio.com', 'api.eu.sendgrid.com', 'www.twilio.com'].map((host) => real.claim(host, 443)?.name ?? null))
      .toEqual(['twilio', 'twilio', 'sendgrid', 'sendgrid', null]);
  });
});
