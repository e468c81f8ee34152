import { randomBytes } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { startS3, type S3Server } from '../support/s3.ts';

let s3: S3Server;
let gateway: RunningGateway;
const logs: string[] = [];
const settings = (more: Readonly<Record<string, string>> = {}): Parameters<typeof startGateway>[0] => ({
  gateway: `bucket: { endpoint: "${s3.settings.endpoint}", region: ${s3.settings.region}, name: ${s3.settings.name}, accessKey: "\${BUCKET_KEY}", secretKey: "\${BUCKET_SECRET}" }\n`,
  env: { BUCKET_KEY: s3.settings.accessKey, BUCKET_SECRET: s3.settings.secretKey, ...more },
});
beforeAll(async () => {
  s3 = await startS3();
  gateway = await startGateway(settings());
});
afterAll(async () => {
  await discard(gateway);
  await s3.close();
});

const large = (): string => randomBytes(400_000).toString('base64');
const mail = async (text: string): Promise<string> => {
  const transport = createTransport({ host: '127.0.0.1', port: gateway.ports['smtp']!, ignoreTLS: true });
  return transport.sendMail({ from: 'a@example.test', to: 'b@example.test', subject: 'x', text }).then(({ response }) => response, (error: { readonly response?: string }) => error.response ?? String(error));
};
const call = (content: string): Promise<Response> => fetch(`http://127.0.0.1:${gateway.ports['http']}/~/api.sendgrid.com/v3/mail/send`, {
  method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
  body: JSON.stringify({ personalizations: [{ to: [{ email: 'b@example.test' }] }], from: { email: 'a@example.test' }, subject: 'x', content: [{ type: 'text/plain', value: 'see' }],
    attachments: [{ content, filename: 'a.bin', type: 'application/octet-stream' }] }),
});
const metrics = async (): Promise<string> => (await fetch(`${gateway.control}/metrics`)).text();
const kept = (): readonly number[] => [...s3.objects.entries()].flatMap(([key, bytes]) => (key.startsWith('store-') ? [] : bytes.length));

test('a large mail and a large call lie in the bucket and are read from there', async () => {
  const id = /captured (cap_\w+)/.exec(await mail(large()))![1]!;
  const text = large();
  expect((await call(text)).status).toBe(202);
  expect(kept().length).toBeGreaterThanOrEqual(2);
  const { size } = await gateway.api<{ readonly size: number }>(`/api/captures/${id}`);
  expect((await (await fetch(`${gateway.control}/api/captures/${id}/raw`)).arrayBuffer()).byteLength).toBe(size);
  const sent = await gateway.api<{ readonly items: readonly { readonly id: string }[] }>('/api/captures?provider=sendgrid');
  const attached = await (await fetch(`${gateway.control}/api/captures/${sent.items[0]!.id}/attachments/0`)).arrayBuffer();
  expect(Buffer.from(attached).toString('base64')).toBe(text);
  expect(await gateway.api('/readyz')).toMatchObject({ ready: true, store: 'ok', bucket: 'ok' });
  for (const sample of ['fourthwall_bucket_healthy 1\n', 'fourthwall_bucket_garbage 0\n']) expect(await metrics()).toContain(sample);
});

test('while the bucket is away, large ones are refused and said to be lost, and everything else goes on; then it is back', async () => {
  const before = (await gateway.api<{ readonly total: number }>('/api/captures')).total;
  s3.fault = () => ({ kind: 'answer', status: 503, code: 'ServiceUnavailable' });
  expect(await mail(large())).toMatch(/^451 4\.3\.0 /);
  const refused = await call(large());
  expect([refused.status, refused.headers.get('retry-after') === null]).toEqual([503, false]);
  expect(await mail('small')).toMatch(/^250 /);
  expect((await call('c21hbGw=')).status).toBe(202);
  expect((await gateway.api<{ readonly total: number }>('/api/captures')).total).toBe(before + 2);
  const why = async (): Promise<unknown> => gateway.api('/readyz');
  while ((await why() as { readonly bucket: string }).bucket !== 'unavailable');
  expect(await why()).toMatchObject({ ready: true, store: 'ok', bucket: 'unavailable' });
  expect(await metrics()).toContain('fourthwall_bucket_healthy 0\n');
  // what was not recorded is not forgotten
  expect(await gateway.api('/api/assert?expect=min-captures=1&settle=0')).toMatchObject({ verdict: 'inconclusive' });
  s3.fault = () => null;
  expect(await mail(large())).toMatch(/^250 /);
});

test('what is deleted by the API is deleted from the bucket', async () => {
  await gateway.api('/api/captures', { method: 'DELETE' });
  while ((await metrics()).includes('fourthwall_bucket_garbage 0\n') === false);
  expect(kept().filter((length) => length > 1_000)).toEqual([]);
});

test('no key is in what it logs, nor in what it says when it cannot start', async () => {
  s3.fault = () => ({ kind: 'answer', status: 403, code: 'AccessDenied' });
  await mail(large());
  await gateway.stop();
  logs.push(gateway.log());
  s3.fault = () => null;
  const wrong = ['quite', 'another', 'secret'].join('-');
  const failure = await startGateway({ ...settings({ BUCKET_SECRET: wrong }), directory: gateway.directory }).then(() => null, (error: unknown) => String(error));
  expect(failure).toContain('ended with 1 before it was ready');
  expect(failure).toMatch(/the bucket captures at 127\.0\.0\.1:\d+ did not take the object probe-\S+: 403 SignatureDoesNotMatch/);
  const said = [...logs, failure].join('\n');
  for (const secret of [s3.settings.secretKey, s3.settings.accessKey, wrong]) expect(said).not.toContain(secret);
});
