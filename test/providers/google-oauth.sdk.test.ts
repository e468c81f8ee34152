import { generateKeyPairSync } from 'node:crypto';
import { JWT, OAuth2Client } from 'google-auth-library';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gmail } from '../../src/providers/gmail/index.ts';
import { googleOauth } from '../../src/providers/google-oauth/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

describe('google-auth-library', () => {
  let vendor: VendorServer;
  let oauth: OAuth2Client;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

  /** The token endpoint is fixed within it: its requests are sent to ours at the last moment. */
  function account(subject: string): JWT {
    const jwt = new JWT({ email: 'mailer@project.test', subject, scopes: ['https://mail.google.com/'], key });
    jwt.transporter.interceptors.request.add({ resolved: async (config) => ({ ...config, url: new URL(config.url.href.replace('https://oauth2.googleapis.com', `http://127.0.0.1:${vendor.port}`)) }) });
    return jwt;
  }

  beforeAll(async () => {
    vendor = await serveVendor(googleOauth, 'oauth2.googleapis.com');
    const url = `http://127.0.0.1:${vendor.port}`;
    oauth = new OAuth2Client({ clientId: 'staging', clientSecret: 'fake', redirectUri: 'https://app.example.test', endpoints: { oauth2TokenUrl: `${url}/token`, tokenInfoUrl: `${url}/tokeninfo` } });
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('gets a service account a token, and the same account again with a new one', async () => {
    const [first, again, other] = await Promise.all(['shop', 'shop', 'ann'].map(async (name) => (await account(`${name}@ourcompany.test`).authorize()).access_token!));
    expect(first).toMatch(/^ya29\.fourthwall\./);
    expect(again).not.toBe(first);
    const as = (token: string | undefined): string | null => gmail.account({ ...vendor.calls[0]!.request, headers: [['Authorization', `Bearer ${token}`]] });
    expect(as(again)).toBe(as(first));
    expect(as(other)).not.toBe(as(first));
    expect(vendor.calls.at(-1)?.decoded).toEqual({ kind: 'read', operation: 'token.create', liveness: 'unknown' });
  });

  it('exchanges a code and refreshes what it got, without saying the secrets it was given', async () => {
    const { tokens } = await oauth.getToken('one-time-code');
    expect(tokens).toMatchObject({ token_type: 'Bearer', refresh_token: expect.stringContaining('fourthwall') });
    oauth.setCredentials({ refresh_token: tokens.refresh_token! });
    const { token } = await oauth.getAccessToken();
    expect(token).toMatch(/^ya29\.fourthwall\./);
    expect(JSON.stringify([tokens, token])).not.toContain('one-time-code');
    expect(await oauth.getTokenInfo(token!)).toMatchObject({ scopes: ['https://mail.google.com/'] });
  });

  it('rejects with rule and reason after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-tokens', reason: 'this credential is a live one' });
    const before = vendor.calls.length;
    const error: unknown = await oauth.getToken('one-time-code').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 403, response: { data: { error: 'access_denied', error_description: expect.stringContaining('no-tokens: this credential is a live one') } } });
    expect((error as Error).constructor.name).toBe('GaxiosError');
    expect(vendor.calls.length - before).toBe(1);
  });
});
