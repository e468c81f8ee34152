import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { offlinePolicy } from '../../src/assembly/offline-policy.ts';
import { run } from '../../src/cli/run.ts';
import type { Io } from '../../src/cli/io.ts';
import { forwardedTo, harness, record } from '../control/harness.ts';
import type { Harness } from '../control/harness.ts';

let at: Harness;
let directory: string;
beforeAll(async () => {
  at = await harness();
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-cli-'));
});
afterAll(async () => {
  await at.close();
  await rm(directory, { recursive: true, force: true });
});

interface Ran { readonly code: number; readonly out: string; readonly err: string }

function sink(chunks: Uint8Array[]): Io['stdout'] {
  return { write: (chunk) => chunks.push(Buffer.from(chunk)) };
}

async function fourthwall(argv: readonly string[], more: Partial<Io> = {}): Promise<Ran> {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const code = await run(argv, { env: { FOURTHWALL_URL: at.url }, openPolicy: offlinePolicy, stdout: sink(out), stderr: sink(err), ...more });
  return { code, out: Buffer.concat(out).toString('latin1'), err: Buffer.concat(err).toString('utf8') };
}

async function openRun(name: string): Promise<string> {
  await at.client.openRun({ name });
  return name;
}

describe('assert', () => {
  test('pass: 0', async () => {
    const name = await openRun('cli-pass');
    await record(at.store, { run: name });
    const { code, out, err } = await fourthwall(['assert', '--run', name]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe('PASS  no-real-sends,no-unrecognized,min-captures=1  (1 captures: 1 captured, 0 forwarded, 0 rejected)\n');
  });

  test('fail: 1, with the offender, the rule and the line to change', async () => {
    const name = await openRun('cli-fail');
    const { sha256 } = await at.client.policy();
    const id = await record(at.store, { run: name, channel: 'email', to: 'ann@privatbank.eu', standing: 'real', text: 'Your statement', decision: {
      ...forwardedTo(), rule: 'mail-to-ourselves', reason: 'colleagues look at it here', policy: { sha256 } } });
    const { code, out } = await fourthwall(['assert', '--run', name]);
    expect(code).toBe(1);
    expect(out).toContain('FAIL  no-real-sends: 1 of 1 captures left the gateway');
    expect(out).toContain(id);
    expect(out).toContain('ann@privatbank.eu (real)');
    expect(out).toContain('"Your statement"');
    expect(out).toContain('decided by mail-to-ourselves, change config/policy.yaml:6: colleagues look at it here');
  });

  test('inconclusive: 3, with the cause', async () => {
    const { code, out } = await fourthwall(['assert', '--run', 'never-opened']);
    expect(code).toBe(3);
    expect(out).toContain('INCONCLUSIVE  unknown-run: no run "never-opened"');
    expect(out).toMatch(/INCONCLUSIVE {2}no-real-sends/);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['an unknown expectation', ['assert', '--expect', 'no-real-send'], /unknown expectation "no-real-send"; known are no-forwarded/],
    ['an unknown flag', ['assert', '--chanel', 'email'], /unknown option '--chanel'/],
    ['an unknown value', ['assert', '--channel', 'emial'], /channel: unknown value "emial"/],
    ['a number that is none', ['assert', '--settle', 'soon'], /--settle: expected a number/],
    ['an argument too many', ['assert', 'everything'], /too many arguments/],
    ['an unknown command', ['asert'], /unknown command/],
    ['a file that cannot be written', ['assert', '--run', 'cli-pass', '--junit', '/nowhere/at/all.xml'], /cannot be written/],
    ['an address that is none', ['assert', '--url', 'localhost:8025'], /expected http:\/\/host:port/],
    ['nobody there', ['assert', '--url', 'http://127.0.0.1:1'], /does not answer/],
  ])('%s: 2', async (_name, argv, why) => {
    const { code, err } = await fourthwall(argv);
    expect([code, err]).toEqual([2, expect.stringMatching(why)]);
  });

  test('a token is sent when there is one, and asked for when there is none', async () => {
    const closed = await harness({ auth: { kind: 'tokens', tokens: [{ token: 'let-me-in', role: 'unmasker', expires: null }] } });
    await record(closed.store);
    const without = await fourthwall(['assert'], { env: { FOURTHWALL_URL: closed.url } });
    expect([without.code, without.err]).toEqual([2, expect.stringContaining('set FOURTHWALL_TOKEN')]);
    expect((await fourthwall(['assert'], { env: { FOURTHWALL_URL: closed.url, FOURTHWALL_TOKEN: 'let-me-in' } })).code).toBe(0);
    await closed.close();
  });

  test('the port variable finds the gateway', async () => {
    expect((await fourthwall(['captures', 'list', '--limit', '1'], { env: { FOURTHWALL_CONTROL_PORT: new URL(at.url).port } })).code).toBe(0);
  });

  test('JUnit and JSON: a doubt is an error and never a green case', async () => {
    const name = await openRun('cli-files');
    await record(at.store, { run: name, decision: forwardedTo(), standing: 'real', text: 'a <b> & "c" \u0001' });
    await record(at.store, { run: name, decision: forwardedTo({ internal: true }), outcome: 'pending' });
    const [junit, json] = [join(directory, 'out.xml'), join(directory, 'out.json')];
    const { code } = await fourthwall(['assert', '--run', name, '--settle', '0', '--junit', junit, '--json', json]);
    expect(code).toBe(1);
    const xml = await readFile(junit, 'utf8');
    expect(xml).toContain('<testsuite name="fourthwall" tests="4" failures="1" errors="1" skipped="0">');
    expect(xml).toMatch(/<testcase classname="fourthwall" name="no-real-sends"><failure message="1 of 2/);
    expect(xml).toMatch(/<testcase classname="fourthwall" name="outcome"><error message="the outcome of 1 calls is not known/);
    expect(xml).toContain('<testcase classname="fourthwall" name="min-captures=1"/>');
    expect(xml).toContain('a &lt;b&gt; &amp; ');
    expect([...xml].filter((character) => /\p{Cc}/u.test(character) && character !== '\n')).toEqual([]);
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ verdict: 'fail', scope: { filter: { run: [name] } } });
  });
});

describe('captures', () => {
  let sms: string;
  let mail: string;
  beforeAll(async () => {
    sms = await record(at.store, { service: 'exporter', text: 'hello \u001b[31mred' });
    mail = await record(at.store, { service: 'exporter', channel: 'email', to: 'a@example.test', text: 'From here' });
  });

  test('list shows one line each and never obeys what was captured', async () => {
    const { out } = await fourthwall(['captures', 'list', '--service', 'exporter']);
    expect(out.trimEnd().split('\n')).toHaveLength(2);
    expect(out).toContain(mail);
    expect(out).not.toContain('\u001b');
    const json = await fourthwall(['captures', 'list', '--service', 'exporter', '--json', '--limit', '1']);
    expect(JSON.parse(json.out)).toMatchObject({ id: mail });
  });

  test('show tells why', async () => {
    const { out } = await fourthwall(['captures', 'show', sms]);
    expect(out).toContain('decision   capture by everything-understood: staging sends nothing');
    expect(out).toContain('recipient  +15005550006 (to) is safe: said so');
    expect(out).not.toContain('\u001b');
    expect((await fourthwall(['captures', 'show', mail, '--raw'])).out).toBe('Subject: From here\r\nTo: a@example.test\r\n\r\nFrom here\r\n');
    expect(await fourthwall(['captures', 'show', 'cap_none'])).toMatchObject({ code: 2, err: expect.stringContaining('no capture cap_none') as unknown });
  });

  test('wait: 0 when they came, 1 when not', async () => {
    expect((await fourthwall(['captures', 'wait', '--service', 'exporter', '--count', '2', '--timeout', '0'])).code).toBe(0);
    const late = await fourthwall(['captures', 'wait', '--service', 'exporter', '--recipient', 'nobody@example.test', '--timeout', '0']);
    expect(late.code).toBe(1);
    expect(late.err).toContain('0 of 1 captures came in time');
    expect(late.err).toContain('(not recipient)');
  });

  test('export: jsonl holds everything, oldest first', async () => {
    const { out, err } = await fourthwall(['captures', 'export', '--service', 'exporter', '--format', 'jsonl']);
    expect(out.trimEnd().split('\n').map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([sms, mail]);
    expect(err).toBe('fourthwall: 2 exported\n');
  });

  test('export: mbox holds the mails, From_ lines quoted', async () => {
    const { out, err } = await fourthwall(['captures', 'export', '--service', 'exporter', '--format', 'mbox']);
    expect(out).toMatch(/^From shop@?\S* \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\nSubject: From here\nTo: a@example\.test\n\n>From here\n\n$/);
    expect(err).toContain('1 left out (mbox holds mail by SMTP only; jsonl holds everything)');
  });

  test('export: eml as it arrived, into a directory by our own names', async () => {
    const folder = join(directory, 'mails');
    await fourthwall(['captures', 'export', '--service', 'exporter', '--format', 'eml', '--output', folder]);
    expect(await readdir(folder)).toEqual([`${mail}.eml`]);
    expect((await simpleParser(await readFile(join(folder, `${mail}.eml`)))).subject).toBe('From here');
    expect((await fourthwall(['captures', 'export', '--service', 'exporter', '--format', 'eml'])).out).toContain('Subject: From here\r\n');
    expect((await fourthwall(['captures', 'export', '--service', 'nobody', '--format', 'eml'])).code).toBe(2);
  });

  test('export: har holds the HTTP calls, and an existing file is not overwritten', async () => {
    const file = join(directory, 'calls.har');
    await fourthwall(['captures', 'export', '--service', 'exporter', '--format', 'har', '--output', file]);
    const har = JSON.parse(await readFile(file, 'utf8')) as { log: { version: string; entries: { request: object; comment: string }[] } };
    expect(har.log.version).toBe('1.2');
    expect(har.log.entries).toMatchObject([{ request: { method: 'POST', url: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json', postData: { mimeType: 'application/x-www-form-urlencoded' } } }]);
    expect(har.log.entries[0]?.comment).toContain(sms);
    expect((await fourthwall(['captures', 'export', '--format', 'har', '--output', file])).code).toBe(2);
  });

  test('export of nothing is a valid HAR', async () => {
    const { out } = await fourthwall(['captures', 'export', '--service', 'nobody', '--format', 'har']);
    expect(JSON.parse(out)).toMatchObject({ log: { entries: [] } });
  });

  test('erase shows what would go, takes it with a proof, and says whether anything is left', async () => {
    const id = await record(at.store, { to: 'jane@customer.example', channel: 'email' });
    expect((await fourthwall(['captures', 'erase', 'jane'])).code).toBe(2);
    expect((await fourthwall(['captures', 'erase', 'jane@customer.example', '--dry-run', '--verify'])).code).toBe(2);
    expect(await fourthwall(['captures', 'erase', 'jane@customer.example', '--dry-run'])).toMatchObject({ code: 0, out: expect.stringMatching(/^found: 1 captures/) as string });
    expect((await fourthwall(['captures', 'erase', 'jane@customer.example', '--verify'])).code).toBe(3);
    expect(await at.store.capture(id)).not.toBeNull();
    const file = join(tmpdir(), `fourthwall-proof-${process.pid}.json`);
    const done = await fourthwall(['captures', 'erase', 'jane@customer.example', '+4917012345678', 'customer:cus_jane', '--json', file]);
    expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^erased: 1 captures.*\nnothing is left .*\nproof era_\w+ sha256 [0-9a-f]{64}\n$/s) as string });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ clean: true, erased: { captures: 1 } });
    await rm(file);
    expect(await at.store.capture(id)).toBeNull();
    expect(await fourthwall(['captures', 'erase', 'jane@customer.example', '--verify'])).toMatchObject({ code: 0, out: expect.stringMatching(/clean\n$/) as string });
  });

  test('delete asks what is meant', async () => {
    expect((await fourthwall(['captures', 'delete'])).code).toBe(2);
    expect((await fourthwall(['captures', 'delete', '--all', '--service', 'exporter'])).code).toBe(2);
    const id = await record(at.store, { service: 'to-delete' });
    await record(at.store, { service: 'to-delete' });
    expect((await fourthwall(['captures', 'delete', id])).out).toBe('1 deleted\n');
    expect((await fourthwall(['captures', 'delete', '--service', 'to-delete'])).out).toBe('1 deleted\n');
  });
});

describe('the others', () => {
  test('tail prints what comes and matches', async () => {
    const { seq } = await at.client.capture('latest');
    await record(at.store, { service: 'tailed' });
    await record(at.store, { service: 'other' });
    await record(at.store, { service: 'tailed' });
    const { code, out } = await fourthwall(['tail', '--service', 'tailed', '--after', String(seq), '--count', '2', '--json']);
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n').map((line) => (JSON.parse(line) as { service: string }).service)).toEqual(['tailed', 'tailed']);
  });

  test('tail ends with its signal', async () => {
    expect((await fourthwall(['tail'], { signal: AbortSignal.abort() })).code).toBe(0);
  });

  test('policy check says what is wrong and where', async () => {
    const [good, bad] = [join(directory, 'good.yaml'), join(directory, 'bad.yaml')];
    await writeFile(good, (await at.client.policy()).text);
    await writeFile(bad, 'version: 1\ndefault: allow\nrules: []\n');
    expect(await fourthwall(['policy', 'check', good])).toMatchObject({ code: 0, out: `${good} is valid\n` });
    expect(await fourthwall(['policy', 'check', bad])).toMatchObject({ code: 1, out: expect.stringMatching(/:2:\d+: .*allow/) as unknown });
    expect(await fourthwall(['policy', 'check'])).toMatchObject({ code: 0, out: expect.stringMatching(/^current {2}[0-9a-f]{12} {2}config\/policy\.yaml\n$/) as unknown });
    expect((await fourthwall(['policy', 'check', join(directory, 'none.yaml')])).code).toBe(2);
  });

  test('policy explain decides a described call', async () => {
    const { code, out } = await fourthwall(['policy', 'explain', '--to', 'a@example.test']);
    expect(code).toBe(0);
    expect(out).toContain('capture by mail-to-ourselves: colleagues look at it here');
    expect(out).toContain('a@example.test is safe');
    expect((await fourthwall(['policy', 'explain', 'https://evil.example/'])).out).toContain('reject by default');
  });

  test('ca print', async () => {
    expect((await fourthwall(['ca', 'print'])).out).toContain('BEGIN CERTIFICATE');
  });

  test.each<[string, RegExp]>([
    ['shell', /^export HTTPS_PROXY='http:\/\/shop\+ci-7:token@127\.0\.0\.1:8080'$/m],
    ['dotenv', /^HTTPS_PROXY='http:\/\/shop\+ci-7:token@127\.0\.0\.1:8080'$/m],
    ['docker', /^HTTPS_PROXY=http:\/\/shop\+ci-7:token@127\.0\.0\.1:8080$/m],
    ['github', /^NODE_EXTRA_CA_CERTS=\/data\/ca\.pem$/m],
    ['k8s', /^- name: HTTPS_PROXY\n {2}value: "http:\/\/shop\+ci-7:token@127\.0\.0\.1:8080"$/m],
  ])('env as %s', async (format, line) => {
    expect((await fourthwall(['env', '--format', format, '--service', 'shop', '--run', 'ci-7'])).out).toMatch(line);
  });

  test('start hands its arguments over untouched, and its help lists flags and variables', async () => {
    const started: unknown[] = [];
    const { code } = await fourthwall(['start', '--http-port', '0', '--demo'], { env: { A: '1' }, start: async (argv, env) => {
      started.push(argv, env);
      return 7;
    } });
    expect([code, started]).toEqual([7, [['--http-port', '0', '--demo'], { A: '1' }]]);
    expect(await fourthwall(['start', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--control-port, FOURTHWALL_CONTROL_PORT') as unknown });
  });

  test('help is 0 and lists the commands', async () => {
    const { code, out } = await fourthwall(['--help']);
    expect(code).toBe(0);
    for (const command of ['start', 'assert', 'captures', 'tail', 'policy', 'ca', 'env']) expect(out).toContain(command);
    expect((await fourthwall([])).code).toBe(2);
  });
});
