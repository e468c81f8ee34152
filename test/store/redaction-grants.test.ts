import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/store/redaction.ts';
import { answer, draft, http } from '../contract/store-drafts.ts';

const key = new Uint8Array(32).fill(1);
/** Made at run time: a string that looks like a key stands in no file. */
const secret = createHash('sha512').update('grant').digest('base64url').replaceAll(/[-_]/g, 'a').slice(0, 40);
const types = { json: 'application/json', form: 'application/x-www-form-urlencoded', parts: 'multipart/form-data; boundary=b' } as const;

/** All that is kept of a call with this body. */
function kept(type: keyof typeof types, body: string, more: Partial<Parameters<typeof http>[0]> = {}, reply = ''): string {
  const made = redact(draft({ protocol: 'http', request: http({ headers: [['Content-Type', types[type]]], body: Buffer.from(body), ...more }), reply: answer({ body: Buffer.from(reply) }) }), key);
  return [JSON.stringify(made), made.request.kind === 'http' ? Buffer.from(made.request.body).toString('latin1') : '', made.reply?.kind === 'http' ? Buffer.from(made.reply.body).toString('latin1') : ''].join('\n');
}

describe('of a call that gets a token nothing is kept that gets another', () => {
  const part = (name: string, value: string): string => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  it.each([
    ['an authorization code', 'form', `grant_type=authorization_code&code=${secret}&client_id=a`],
    ['one in JSON, whatever the order', 'json', JSON.stringify({ code: secret, grant_type: 'authorization_code' })],
    ['one in parts', 'parts', `${part('grant_type', 'authorization_code')}${part('code', secret)}--b--\r\n`],
    ["one of Slack's, which has no grant_type", 'form', `code=${secret}&client_id=1.2&redirect_uri=https%3A%2F%2Fshop.test%2Fslack`],
    ['the verifier of one (RFC 7636)', 'form', `grant_type=authorization_code&code=x&code_verifier=${secret}`],
    ['the code of a device (RFC 8628)', 'form', `device_code=${secret}&client_id=a`],
  ] as const)('%s', (_what, type, body) => {
    expect(kept(type, body, {}, `{"error":"${secret} was used before"}`)).not.toContain(secret.slice(-12));
  });

  it('a code in the query', () => {
    expect(kept('form', '', { method: 'GET', query: `grant_type=authorization_code&code=${secret}` })).not.toContain(secret.slice(-12));
  });

  it('a code that a person is to type stays', () => {
    expect(kept('json', JSON.stringify({ to: 'ann@shop.test', code: 'K7QX-22PL', text: 'Your code is 482913' }))).toContain('K7QX-22PL');
  });
});

describe('secrets under names that vendors have for them', () => {
  it.each([
    ['the key of a push service, as AWS has it', 'form', `Action=CreatePlatformApplication&Attributes.entry.1.key=PlatformCredential&Attributes.entry.1.value=${secret}`],
    ["Microsoft Graph's clientState", 'json', JSON.stringify({ changeType: 'created', clientState: secret })],
    ["OneSignal's proof of who somebody is", 'json', JSON.stringify({ identifier_auth_hash: secret })],
    ['a server key', 'json', JSON.stringify({ gcm_key: secret })],
    ['a callback whose name says so otherwise', 'json', JSON.stringify({ webhook_failover_url: `https://shop.test/x?token=${secret}` })],
    ['another', 'json', JSON.stringify({ notifyUrl: `https://shop.test/x?token=${secret}` })],
  ] as const)('%s', (_what, type, body) => {
    expect(kept(type, body)).not.toContain(secret.slice(-12));
  });

  it("Brevo's partner key", () => {
    expect(kept('json', '{}', { headers: [['Partner-Key', secret]] })).not.toContain(secret.slice(-12));
  });

  it.each([
    ['a bot behind two slashes', `//bot123456789:${secret}/sendMessage`], ['a bot with a long number', `/bot1234567890123456:${secret}/sendMessage`], ['a bot in capitals', `/BOT123456789%3a${secret}/getMe`],
    ['a webhook of Slack behind two slashes', `//services/T0AB1CD2E/B0AB1CD2E/${secret}`],
    ['an older connector of Teams', `/webhook/3f2a6c1e-0b5d-4c7e-9a81-5d2e4f6a7b8c@7b1d2c3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e/IncomingWebhook/${secret}/3f2a6c1e-0b5d-4c7e-9a81-5d2e4f6a7b8d`],
  ])('%s', (_what, path) => {
    expect(kept('json', '{}', { path })).not.toContain(secret.slice(-12));
  });
});
