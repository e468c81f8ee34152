import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { HttpProvider } from '../../src/model/provider.ts';
import { discord } from '../../src/providers/discord/index.ts';
import { slack } from '../../src/providers/slack/index.ts';
import { teams } from '../../src/providers/teams/index.ts';
import { redact } from '../../src/store/redaction.ts';
import { draft, http } from '../contract/store-drafts.ts';

/** Made at run time: an address that whoever reads it could post to stands in no file. */
const grown = (length: number): string => createHash('sha512').update(String(length)).digest('base64url').replaceAll(/[-_]/g, 'a').repeat(8).slice(0, length);
const hex = createHash('sha512').update('connector').digest('hex').slice(0, 32);
const team = '3f2a6c1e-0b5d-4c7e-9a81-5d2e4f6a7b8c@7b1d2c3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e';
const key = new Uint8Array(32).fill(1);

const addresses: readonly (readonly [what: string, host: string, path: string, query: string | null, secret: string])[] = [
  ['an incoming webhook of Slack', 'hooks.slack.com', `/services/T0AB1CD2E/B0AB1CD2E/${grown(24)}`, null, grown(24)],
  ['a trigger of a Slack workflow', 'hooks.slack.com', `/triggers/T0AB1CD2E/1234567890123/${grown(32)}`, null, grown(32)],
  ['an older one', 'hooks.slack.com', `/workflows/T0AB1CD2E/A0AB1CD2E/123456789012345678/${grown(24)}`, null, grown(24)],
  ['where an interaction of Slack is answered', 'hooks.slack.com', `/commands/T0AB1CD2E/1234567890123/${grown(24)}`, null, grown(24)],
  ['a webhook of Discord', 'discord.com', `/api/v10/webhooks/112233445566778899/${grown(68)}`, null, grown(68)],
  ['a message of one', 'discord.com', `/api/webhooks/112233445566778899/${grown(68)}/messages/@original`, null, grown(68)],
  ['where an interaction of Discord is answered', 'discord.com', `/api/v10/interactions/112233445566778899/${grown(216)}/callback`, null, grown(216)],
  ['a follow-up to one', 'discord.com', `/api/v10/webhooks/112233445566778899/${grown(216)}`, null, grown(216)],
  ['a connector of Teams', 'contoso.webhook.office.com', `/webhookb2/${team}/IncomingWebhook/${hex}/3f2a6c1e-0b5d-4c7e-9a81-5d2e4f6a7b8d`, null, hex],
  ['one with its @ escaped', 'contoso.webhook.office.com', `/webhookb2/${team.replace('@', '%40')}/IncomingWebhook/${hex}/3f2a6c1e-0b5d-4c7e-9a81-5d2e4f6a7b8d`, null, hex],
  ['one with a token behind', 'contoso.webhook.office.com', `/webhookb2/${team}/IncomingWebhook/${hex}/3f2a6c1e-0b5d-4c7e-9a81-5d2e4f6a7b8d/V2${grown(20)}_${grown(21)}`, null, grown(21)],
  ['a workflow of Teams', 'prod-00.westeurope.logic.azure.com', `/workflows/${hex}/triggers/manual/paths/invoke`, `api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${grown(43)}`, grown(43)],
];

it.each(addresses)('%s is kept without what opens it, in the path and in every text', (_what, host, path, query, secret) => {
  const url = `https://${host}${path}${query === null ? '' : `?${query}`}`;
  const made = draft({ request: http({ authority: { host, port: 443 }, path, query, headers: [['Content-Type', 'application/json']], body: Buffer.from(JSON.stringify({ text: `see ${url} here` })) }) });
  const kept = redact(made, key);
  const texts = [JSON.stringify(kept), kept.request.kind === 'http' ? Buffer.from(kept.request.body).toString() : ''];
  expect(texts.filter((text) => text.includes(secret) || text.includes(secret.slice(-14)))).toEqual([]);
  expect(kept.redactions.map(({ kind }) => kind)).toContain('credential');
});

it.each(addresses)('%s is cut out of a call to somebody else that only tells of it', (_what, host, path, query, secret) => {
  const url = `https://${host}${path}${query === null ? '' : `?${query}`}`;
  const kept = redact(draft({ request: http({ authority: { host: 'api.shop.test', port: 443 }, path: '/settings', query: null, headers: [['Content-Type', 'application/json']], body: Buffer.from(JSON.stringify({ note: `posts to ${url} now` })) }) }), key);
  const texts = [JSON.stringify(kept), kept.request.kind === 'http' ? Buffer.from(kept.request.body).toString() : ''];
  expect(texts.filter((text) => text.includes(secret.slice(-14)))).toEqual([]);
});

it.each(addresses.filter(([, , , query]) => query === null))('%s can still be told from others by whom it reaches', (_what, host, path, _query, secret) => {
  const provider: HttpProvider = host.includes('slack') ? slack : host.includes('discord') ? discord : teams;
  const request = http({ method: 'POST', authority: { host, port: 443 }, path, query: null, headers: [['Content-Type', 'application/json']], body: Buffer.from('{"text":"hi","content":"hi"}') });
  const decoded = provider.decode(request);
  expect(JSON.stringify(decoded)).not.toContain(secret);
  if (decoded.kind !== 'effects') return;
  const kept = redact(draft({ request, decoded: { kind: 'effects', effects: decoded.effects.map((effect) => ({ ...effect, recipients: effect.recipients.map((each) => ({ ...each, standing: 'unknown', why: 'a test' })) })) as never } }), key);
  expect(kept.decoded).toMatchObject({ effects: [{ recipients: [{ address: decoded.effects[0]!.recipients[0]!.address }] }] });
});
