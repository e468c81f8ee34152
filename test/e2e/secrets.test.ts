import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/** What was planted on the way in is found nowhere afterwards: not in the store, its log, our logs or the API. */
let gateway: RunningGateway;
/** Ends the gateway as a fault nobody thought of would. */
const crash = `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { throw new Error('a planted fault'); });`)}`;
beforeAll(async () => { gateway = await startGateway({ logLevel: 'trace', env: { NODE_OPTIONS: `--import=${crash}` } }); });
afterAll(() => discard(gateway));

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const planted: string[] = [];
const plant = (secret: string): string => { planted.push(secret); return secret; };
const card = ['4539', '5787', '6362', '1486'].join('');

function written(): string {
  const files = readdirSync(join(gateway.directory, 'data'), { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n');
}

it('a secret in a header, an address, a form, JSON, a mail, an object kept for later reads or a refused call is written nowhere', async () => {
  const call = (path: string, init: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${gateway.ports['http']}/~/${path}`, init);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const live = plant(`sk_${'test'}_${hex(16)}`);
  await call('api.stripe.com/v1/payment_intents', { method: 'POST', headers: { ...form, authorization: `Bearer ${live}` }, body: `amount=100&currency=eur&metadata[note]=${plant(`sk_${'live'}_${hex(16)}`)}&metadata[card]=${card}` });
  planted.push(card);
  // accepted, so it is remembered as an object: what the application put into it stays in no file either
  const kept = await call('api.stripe.com/v1/customers', { method: 'POST', headers: { ...form, authorization: `Bearer ${live}` }, body: `email=ann%40example.test&metadata[note]=${card}&metadata[password]=${plant(hex(12))}` });
  expect(kept.status).toBe(200);
  await call('api.stripe.com/v1/payment_methods', { method: 'POST', headers: { ...form, authorization: `Basic ${Buffer.from(`${live}:`).toString('base64')}` }, body: `type=card&card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=2031&card[cvc]=${'9'.repeat(3)}` });
  planted.push(Buffer.from(`${live}:`).toString('base64'));
  await call('api.sendgrid.com/v3/mail/send', {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${plant(['SG', hex(11), hex(22).slice(0, 43)].join('.'))}`, cookie: `session=${plant(hex(20))}` },
    body: JSON.stringify({ personalizations: [{ to: [{ email: 'ann@example.test' }] }], from: { email: 'a@example.test' }, subject: 'x', content: [{ type: 'text/plain', value: `Your key is ${plant(['SG', hex(11), hex(22).slice(0, 43)].join('.'))}` }] }),
  });
  await call(`api.sendgrid.com/v3/scopes?api_key=${plant(hex(20))}`, { headers: { 'x-api-key': plant(hex(20)) } });
  await call('unknown.example/', { method: 'POST', headers: form, body: `payload=${encodeURIComponent(JSON.stringify({ inner: JSON.stringify({ user_password: plant(hex(12)) }) }))}&smtp_pass=${plant(hex(12))}` });
  await call(`bob:${plant(hex(12))}@shop.test/`, {}).catch(() => undefined);
  await call(`api.twilio.com/2010-04-01/Accounts/AC${hex(16)}/Messages.json`, { method: 'POST', headers: form,
    body: `To=%2B15005550006&From=%2B15005550006&Body=x&StatusCallback=${encodeURIComponent(`https://u:${plant(hex(12))}@hook.example.test/?token=${plant(hex(12))}`)}` });
  await call('unknown.example/', { method: 'POST', headers: { authorization: `Bearer ${plant(hex(20))}`, 'content-type': 'application/json' }, body: JSON.stringify({ password: plant(hex(12)) }) });
  await createTransport({ host: '127.0.0.1', port: gateway.ports['smtp'], ignoreTLS: true, auth: { user: 'shop', pass: plant(hex(16)) } })
    .sendMail({ from: 'a@example.test', to: 'ann@example.test', subject: 'keys', text: `your card is ${card}`, html: `<p>your key: ${plant(`sk_${'live'}_${hex(16)}`)}</p>` });
  // Postmark: one token as user and password; Mailjet: an API key as user
  const token = plant(randomUUID());
  for (const auth of [{ user: token, pass: token }, { user: plant(hex(16)), pass: plant(hex(16)) }]) {
    await createTransport({ host: '127.0.0.1', port: gateway.ports['smtp'], ignoreTLS: true, auth })
      .sendMail({ from: 'a@example.test', to: 'ann@example.test', subject: 'keys', text: 'x', headers: { 'X-Auth-Token': plant(hex(12)) } });
  }
  await gateway.api('/api/captures/wait?q=keys&timeout=10');

  const shown = JSON.stringify(await gateway.api('/api/captures?limit=100'));
  const stored = written();
  expect(stored.length).toBeGreaterThan(10_000);
  const found = planted.filter((secret) => stored.includes(secret) || gateway.log().includes(secret) || shown.includes(secret)
    || stored.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '')));
  expect(found).toEqual([]);
});

it('a gateway that crashes over it all says why, and neither its last words nor what it leaves behind have a secret', async () => {
  const before = new Set(readdirSync(process.cwd()));
  const ended = once(gateway.process, 'close');
  gateway.process.kill('SIGUSR2');
  const [code] = await ended as [number | null];
  expect(code).toBe(1);
  expect(gateway.log()).toContain('a planted fault');
  const left = written();
  expect(planted.filter((secret) => gateway.log().includes(secret) || left.includes(secret))).toEqual([]);
  // no report, no heap, no core
  const fresh = [...readdirSync(process.cwd()).filter((name) => !before.has(name)), ...readdirSync(gateway.directory), ...readdirSync(join(gateway.directory, 'data'), { recursive: true, encoding: 'utf8' })];
  expect(fresh.filter((name) => /^core(\.|$)|^report\.|\.heapsnapshot$/.test(name))).toEqual([]);
});
