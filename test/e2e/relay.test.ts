import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discard, startGateway } from '../support/gateway.ts';
import type { RunningGateway } from '../support/gateway.ts';
import { recordingSmtp } from '../support/recording-smtp.ts';
import type { RecordingSmtp } from '../support/recording-smtp.ts';

const policy = `version: 1
safe: { emails: ["*@example.test", "qa+*@ourcompany.test"] }
default: reject
rules:
  - { id: mail-to-customers, when: { channel: email, recipients: { some: real } }, then: { forward: { via: smtp-relay, rewrite: { recipients: "qa+{hash}@ourcompany.test", subject: "[staging] {subject}", body: mask } } }, because: real customers are never reached }
  - { id: by-another-relay, when: { channel: email }, then: { forward: { via: nowhere } }, because: somebody mistyped }
`;
let relay: RecordingSmtp;
let gateway: RunningGateway;

beforeAll(async () => {
  relay = await recordingSmtp();
  gateway = await startGateway({ policy, gateway: `relays:\n  smtp-relay: { host: 127.0.0.1, port: ${relay.port}, tls: none }\n` });
}, 60_000);
afterAll(async () => {
  await discard(gateway);
  await relay.close();
});

it('a mailshot to customers arrives at colleagues, masked, and the run\'s verdict says that nobody real was reached', async () => {
  const transport = createTransport({ host: '127.0.0.1', port: gateway.ports['smtp']!, auth: { user: 'shop+r1', pass: 'x' }, tls: { rejectUnauthorized: false } });
  const { response } = await transport.sendMail({
    from: 'Shop <noreply@shop.com>', to: ['Ann <ann@gmail.com>', 'bob@gmail.com'], bcc: 'eve@gmail.com', subject: 'News', text: 'Dear ann@gmail.com, call +49 171 1234567', html: '<p>Dear ann@gmail.com</p>',
    attachments: [{ filename: 'a.bin', content: Buffer.from([0, 255, 1]) }],
  });
  expect(response).toMatch(/^250 2\.0\.0 relayed cap_/);
  expect(relay.received).toHaveLength(1);
  const [got] = relay.received;
  expect(got!.to).toHaveLength(3);
  for (const address of got!.to) expect(address).toMatch(/^qa\+[0-9a-f]{12}@ourcompany\.test$/);
  expect(got!.message).not.toMatch(/gmail|shop\.com|1234567/);
  expect(got!.message).toContain('Dear [masked], call [masked]');
  const capture = await gateway.api<{ id: string; recipients: { address: string }[]; outcome: string; run: string }>('/api/captures/latest');
  expect(capture).toMatchObject({ outcome: 'relayed', run: 'r1' });
  expect(capture.recipients.map(({ address }) => address)).toContain('eve@gmail.com');
  expect(await (await fetch(`${gateway.control}/api/captures/latest/raw`)).text()).toContain('ann@gmail.com');
  expect(await gateway.api('/api/assert?run=r1&expect=no-real-sends,min-captures=1')).toMatchObject({ verdict: 'pass' });
  expect(await gateway.api('/api/assert?run=r1&expect=no-forwarded')).toMatchObject({ verdict: 'fail' });
});

it('says at start which relay of the policy is missing', () => {
  expect(gateway.log()).toMatch(/"relays":\["nowhere"\]/);
});
