import { describe, expect, it } from 'vitest';
import { microsoftLogin } from '../../src/providers/microsoft-login/index.ts';
import { msgraph } from '../../src/providers/msgraph/index.ts';
import { claimsOf } from '../../src/providers/wire/oauth.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

async function asked(fields: Readonly<Record<string, string>>, { tenant = 'ourcompany.onmicrosoft.com', call = 1 } = {}): Promise<Record<string, unknown>> {
  const request = parseHttpFile(Buffer.from(`POST /${tenant}/oauth2/v2.0/token HTTP/1.1\nHost: login.microsoftonline.com\nContent-Type: application/x-www-form-urlencoded\n\n${new URLSearchParams(fields).toString()}`));
  expect(microsoftLogin.decode(request)).toEqual({ kind: 'read', operation: 'token.create', liveness: 'unknown' });
  const { reply } = await microsoftLogin.simulate(request, microsoftLogin.decode(request), memory().context({ call }));
  expect(reply.status).toBe(200);
  return JSON.parse(Buffer.from(reply.body).toString()) as Record<string, unknown>;
}

const app = { grant_type: 'client_credentials', client_id: 'app-1', client_secret: 'very-secret', scope: 'https://graph.microsoft.com/.default' };

describe('a token', () => {
  it('for an application says whose it is, who made it, and none of its secret', async () => {
    const body = await asked(app);
    expect(body).toEqual({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: expect.any(String) });
    expect(claimsOf(String(body['access_token']))).toMatchObject({
      iss: 'https://fourthwall.invalid/', aud: 'https://graph.microsoft.com', tid: 'ourcompany.onmicrosoft.com', appid: 'app-1', idtyp: 'app', roles: expect.arrayContaining(['Mail.Send']), exp: Math.floor(fixedNow / 1000) + 3599,
    });
    expect(Buffer.from(String(body['access_token']), 'base64url').toString()).not.toContain('very-secret');
  });

  it('opens the same objects at Graph as the one before it, and others for another application or tenant', async () => {
    const graph = async (...given: Parameters<typeof asked>): Promise<string | null> =>
      msgraph.account(parseHttpFile(Buffer.from(`GET /v1.0/me HTTP/1.1\nHost: graph.microsoft.com\nAuthorization: Bearer ${String((await asked(...given))['access_token'])}\n\n`)));
    expect(await graph(app, { call: 2 })).toBe(await graph(app));
    expect(await graph({ ...app, client_id: 'app-2' })).not.toBe(await graph(app));
    expect(await graph(app, { tenant: 'other' })).not.toBe(await graph(app));
    expect(await graph({ ...app, grant_type: 'refresh_token', refresh_token: 'r' })).not.toBe(await graph(app));
  });

  it('for a person comes with what its library wants, and with a refresh token that is theirs', async () => {
    const first = await asked({ grant_type: 'authorization_code', client_id: 'app-1', code: 'one-time', scope: 'Mail.Send openid' });
    expect(first).toMatchObject({ scope: 'Mail.Send openid', refresh_token: expect.stringMatching(/^fourthwall-/), id_token: expect.any(String), client_info: expect.any(String) });
    const again = await asked({ grant_type: 'refresh_token', client_id: 'app-1', refresh_token: String(first['refresh_token']) });
    expect(claimsOf(String(again['access_token']))?.['oid']).toBe(claimsOf(String(first['access_token']))?.['oid']);
    expect(again['refresh_token']).toBe(first['refresh_token']);
  });
});

it.each([
  ['/common/discovery/instance?api-version=1.1', { tenant_discovery_endpoint: expect.stringContaining('/v2.0/.well-known/openid-configuration'), metadata: [{ aliases: ['login.microsoftonline.com'] }] }],
  ['/t.onmicrosoft.com/v2.0/.well-known/openid-configuration', { token_endpoint: 'https://login.microsoftonline.com/t.onmicrosoft.com/oauth2/v2.0/token', issuer: 'https://login.microsoftonline.com/t.onmicrosoft.com/v2.0' }],
  ['/common/discovery/v2.0/keys', { keys: [] }],
])('answers %s', async (path, body) => {
  const request = parseHttpFile(Buffer.from(`GET ${path} HTTP/1.1\nHost: login.microsoftonline.com\n\n`));
  const { reply } = await microsoftLogin.simulate(request, microsoftLogin.decode(request), memory().context());
  expect(JSON.parse(Buffer.from(reply.body).toString())).toMatchObject(body);
});

it.each([
  ['a discovery with a body', 'GET /common/discovery/instance HTTP/1.1\nHost: login.microsoftonline.com\n\nx'],
  ['a token request for a path of dots', 'POST /../oauth2/v2.0/token HTTP/1.1\nHost: login.microsoftonline.com\n\n'],
  ['another method in a header', 'GET /common/discovery/instance HTTP/1.1\nHost: login.microsoftonline.com\nX-HTTP-Method: POST\n\n'],
])('does not understand %s', (_what, text) => expect(microsoftLogin.decode(parseHttpFile(Buffer.from(text))).kind).toBe('unrecognized'));
