import { describe, expect, it } from 'vitest';
import { googleOauth } from '../../src/providers/google-oauth/index.ts';
import { claimsOf } from '../../src/providers/wire/oauth.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

async function asked(fields: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const request = parseHttpFile(Buffer.from(`POST /token HTTP/1.1\nHost: oauth2.googleapis.com\nContent-Type: application/x-www-form-urlencoded\n\n${new URLSearchParams(fields).toString()}`));
  const { reply } = await googleOauth.simulate(request, googleOauth.decode(request), memory().context());
  return { status: reply.status, body: JSON.parse(Buffer.from(reply.body).toString()) as Record<string, unknown> };
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const assertion = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

describe('a service account', () => {
  it('gets an identity token where it asks for an audience', async () => {
    const { body } = await asked({ grant_type: jwtBearer, assertion: assertion({ iss: 'a@project.test', target_audience: 'https://service.example.test' }) });
    expect(Object.keys(body)).toEqual(['id_token']);
    expect(claimsOf(String(body['id_token']))).toMatchObject({ iss: 'https://fourthwall.invalid/', aud: 'https://service.example.test' });
  });

  it('is told when what it signed is no token', async () => {
    expect(await asked({ grant_type: jwtBearer, assertion: 'x' })).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

it.each([
  ['a question about a token at another host', 'GET /tokeninfo?access_token=x HTTP/1.1\nHost: accounts.google.com\n\n'],
  ['a question about a token with a body', 'POST /tokeninfo HTTP/1.1\nHost: oauth2.googleapis.com\nAuthorization: Bearer x\nContent-Type: text/plain\n\nx'],
  ['a question about nothing', 'GET /tokeninfo HTTP/1.1\nHost: oauth2.googleapis.com\n\n'],
  ['another method in a header', 'GET /tokeninfo?access_token=x HTTP/1.1\nHost: oauth2.googleapis.com\nX-HTTP-Method-Override: POST\n\n'],
])('does not understand %s', (_what, text) => expect(googleOauth.decode(parseHttpFile(Buffer.from(text))).kind).toBe('unrecognized'));
