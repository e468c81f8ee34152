import { describe, expect, it } from 'vitest';
import { judged } from '../../src/doctor/canary.ts';
import { caSettings, certificateFiles, proxySettings } from '../../src/doctor/settings.ts';

const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const gateway = { ca: pem('AAAA') + pem('BBBB'), addresses: ['10.4.0.2'], proxy: '10.4.0.2:8080' };
const hosts = ['api.stripe.com', 'api.sendgrid.com'];
const states = (env: Record<string, string>): readonly string[] => proxySettings(env, gateway, hosts).map(({ subject, state }) => `${subject} ${state}`);

describe('the proxy settings', () => {
  it('are closed when every variable names the gateway', () => {
    expect(states({ HTTPS_PROXY: 'http://shop:x@10.4.0.2:8080', http_proxy: 'http://10.4.0.2:8080', NO_PROXY: 'localhost,.internal.test,10.0.0.0/8' }))
      .toEqual(['HTTPS_PROXY closed', 'http_proxy closed']);
  });

  it('are open when one names another proxy, broken when it is no address, unknown when there is none', () => {
    expect(states({ HTTPS_PROXY: 'http://proxy.corp.example:3128', HTTP_PROXY: 'nonsense' })).toEqual(['HTTPS_PROXY open', 'HTTP_PROXY broken']);
    expect(states({})).toEqual(['HTTPS_PROXY unknown']);
  });

  it.each(['*', 'api.stripe.com', '.stripe.com', '*.stripe.com', 'stripe.com', 'com', 'API.Stripe.com:443'])('are open when NO_PROXY says %s', (entry) => {
    expect(states({ HTTPS_PROXY: 'http://10.4.0.2:8080', NO_PROXY: `localhost, ${entry}` })).toEqual(['HTTPS_PROXY closed', 'NO_PROXY open']);
  });
});

describe('the certificate settings', () => {
  const env = { NODE_EXTRA_CA_CERTS: '/ca.pem', SSL_CERT_FILE: '/bundle.pem' };
  it('are closed when each file holds every certificate of the gateway, and broken when one lacks the next one', () => {
    const files = new Map([['/ca.pem', pem('AAAA')], ['/bundle.pem', pem('0000') + gateway.ca]]);
    expect(certificateFiles(env)).toEqual(['/ca.pem', '/bundle.pem']);
    expect(caSettings(env, gateway, files).map(({ subject, state }) => [subject, state])).toEqual([['NODE_EXTRA_CA_CERTS', 'broken'], ['SSL_CERT_FILE', 'closed']]);
    expect(caSettings(env, gateway, new Map([['/ca.pem', null]]))[0]).toMatchObject({ state: 'broken', what: expect.stringContaining('cannot be read') });
  });

  it('say that they do not know when the gateway or the files cannot be had', () => {
    expect(caSettings(env, { ...gateway, ca: null }, new Map())).toMatchObject([{ state: 'unknown' }]);
    expect(caSettings({}, gateway, new Map())).toMatchObject([{ state: 'unknown' }]);
  });
});

describe('a canary', () => {
  it.each([
    ['answered 401 cap_01J', 'closed'], ['answered 401 ', 'open'], ['answered 200', 'open'], ['answered 000 ', 'broken'], ['failed ECONNREFUSED', 'broken'], ['', 'broken'],
  ])('that says %j is %s', (said, state) => {
    expect(judged('curl', 'https://api.stripe.com/', said).state).toBe(state);
  });

  it('that does not trust the certificate is told how to', () => {
    expect(judged('curl', 'https://api.stripe.com/', 'failed UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate').remedy).toContain('install-hint');
  });
});
