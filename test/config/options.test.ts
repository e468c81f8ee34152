import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { optionsHelp, readOptions } from '../../src/config/options.ts';

function options(argv: readonly string[], env: Record<string, string> = {}) {
  const read = readOptions(argv, env);
  if (read.kind === 'problems') throw new Error(read.problems.join('\n'));
  return read.options;
}
function problems(argv: readonly string[], env: Record<string, string> = {}) {
  const read = readOptions(argv, env);
  return read.kind === 'problems' ? read.problems : [];
}

describe('options of start', () => {
  it('has the defaults of the contract when nothing is given', () => {
    expect(options([])).toEqual({
      ports: { http: 8080, tls: 8443, smtp: 1025, smtps: 1465, control: 8025, preview: 8026, dns: 'off' },
      host: '127.0.0.1', controlHost: '127.0.0.1', publicUrl: null, dataDir: './data', configDir: './config',
      store: { kind: 'sqlite', path: 'data/fourthwall.db' }, ca: null, logLevel: 'info', demo: false, policy: null, token: null, storeKey: null,
    });
  });

  it.each([
    ['http-port', 'HTTP_PORT', '9', (o: ReturnType<typeof options>) => o.ports.http, 9],
    ['tls-port', 'TLS_PORT', '0', (o: ReturnType<typeof options>) => o.ports.tls, 0],
    ['smtp-port', 'SMTP_PORT', 'off', (o: ReturnType<typeof options>) => o.ports.smtp, 'off'],
    ['smtps-port', 'SMTPS_PORT', '65535', (o: ReturnType<typeof options>) => o.ports.smtps, 65_535],
    ['control-port', 'CONTROL_PORT', '0', (o: ReturnType<typeof options>) => o.ports.control, 0],
    ['preview-port', 'PREVIEW_PORT', '0', (o: ReturnType<typeof options>) => o.ports.preview, 0],
    ['dns-port', 'DNS_PORT', '53', (o: ReturnType<typeof options>) => o.ports.dns, 53],
    ['host', 'HOST', '::', (o: ReturnType<typeof options>) => o.host, '::'],
    ['control-host', 'CONTROL_HOST', '0.0.0.0', (o: ReturnType<typeof options>) => o.controlHost, '0.0.0.0'],
    ['public-url', 'PUBLIC_URL', 'https://mail.staging.test/', (o: ReturnType<typeof options>) => o.publicUrl, 'https://mail.staging.test'],
    ['data', 'DATA', '/var/d', (o: ReturnType<typeof options>) => o.store, { kind: 'sqlite', path: '/var/d/fourthwall.db' }],
    ['config', 'CONFIG', '/etc/f', (o: ReturnType<typeof options>) => o.configDir, '/etc/f'],
    ['store', 'STORE', 'postgres://u@h/d', (o: ReturnType<typeof options>) => o.store, { kind: 'postgres', url: 'postgres://u@h/d' }],
    ['log-level', 'LOG_LEVEL', 'debug', (o: ReturnType<typeof options>) => o.logLevel, 'debug'],
    ['demo', 'DEMO', 'true', (o: ReturnType<typeof options>) => o.demo, true],
  ] as const)('reads --%s and FOURTHWALL_%s alike', (flag, variable, text, field, expected) => {
    expect(field(options([`--${flag}=${text}`]))).toEqual(expected);
    expect(field(options([], { [`FOURTHWALL_${variable}`]: text }))).toEqual(expected);
  });

  it('lets a flag win over its variable, and takes an empty variable as unset', () => {
    expect(options(['--http-port', '1'], { FOURTHWALL_HTTP_PORT: '2' }).ports.http).toBe(1);
    expect(options([], { FOURTHWALL_HTTP_PORT: '' }).ports.http).toBe(8080);
  });

  it('takes the policy and the token from the environment only', () => {
    expect(options([], { FOURTHWALL_POLICY: 'version: 1', FOURTHWALL_TOKEN: 'letmein-please' })).toMatchObject({ policy: 'version: 1', token: 'letmein-please' });
    expect(problems(['--token', 'letmein-please'])[0]).toMatch(/^--token: unknown flag/);
  });

  it('takes the key of the store from the environment only, as hex or base64, and shows it nowhere', () => {
    const key = randomBytes(32);
    for (const text of [key.toString('hex'), key.toString('base64'), key.toString('base64url')]) {
      const read = options([], { FOURTHWALL_STORE_KEY: text });
      expect(read.storeKey?.export().equals(key)).toBe(true);
      expect(`${inspect(read, { depth: 9, showHidden: true })}${JSON.stringify(read)}`).not.toMatch(new RegExp(`${key.toString('hex')}|${text.replaceAll('+', '\\+')}|${[...key.subarray(0, 4)].join(',')}`));
    }
    expect(options([], { FOURTHWALL_STORE_KEY: '' }).storeKey).toBeNull();
    for (const text of ['tooshort', key.toString('hex').slice(2), `${key.toString('hex')}0`, `${key.toString('base64')}!`, `${key.toString('hex')} `]) {
      expect(problems([], { FOURTHWALL_STORE_KEY: text })).toEqual(['FOURTHWALL_STORE_KEY: expected 64 hex digits, or base64 of at least 32 bytes, found something else']);
    }
    const asFlag = problems(['--store-key', key.toString('hex'), `--token=${key.toString('hex')}`]);
    expect(asFlag.map((problem) => problem.replace(/;.*/, ''))).toEqual(['--store-key: unknown flag', '--token: unknown flag']);
    expect(asFlag.join()).not.toContain(key.toString('hex'));
  });

  it('takes --demo without a value', () => {
    expect(options(['--demo', '--http-port', '0'])).toMatchObject({ demo: true, ports: { http: 0 } });
  });

  it('reports every problem at once', () => {
    const found = problems(['--htp-port', '1', 'extra', '--tls-port', '70000', '--smtp-port', '0x10', '-x', '--log-level', 'loud', '--data', '--ca-cert', 'a.pem'], { FOURTHWALL_DNS_PORT: 'tcp://10.0.0.1:53' });
    expect(found.map((problem) => problem.split(':')[0])).toEqual(expect.arrayContaining(
      ['--htp-port', '"extra"', '--tls-port', '--smtp-port', '-x', '--log-level', '--data', 'FOURTHWALL_DNS_PORT']));
    expect(found.find((problem) => problem.startsWith('FOURTHWALL_DNS_PORT'))).toBe(
      'FOURTHWALL_DNS_PORT: expected a port from 0 to 65535 (0 = any free), or \'off\', found "tcp://10.0.0.1:53"');
  });

  it.each([
    [['--http-port', '1', '--http-port', '2'], /expected once/],
    [['--http-port='], /--http-port: expected a value/],
    [['--http-port', '-1'], /--http-port/],
    [['--ca-cert', 'a.pem'], /--ca-key: expected together/],
    [['--ca-key', 'a.pem'], /--ca-cert: expected together/],
    [['--store', 'mysql://x'], /--store: expected sqlite:PATH or postgres/],
    [['--public-url', 'ftp://x'], /--public-url/],
    [['--public-url', 'https://u:p@x'], /--public-url/],
    [['--host', 'a b'], /--host/],
    [['--http-port', '9', '--smtp-port', '9'], /--smtp-port: expected a port of its own, found 9, which is --http-port too/],
  ])('refuses %j', (argv, message) => {
    expect(problems(argv).join('\n')).toMatch(message);
  });

  it('never repeats a secret in a problem', () => {
    expect(problems(['--store', 'postgress://me:hunter2@db/x'], { FOURTHWALL_TOKEN: 'with space hunter2' }).join('\n')).not.toContain('hunter2');
  });

  it('lists every flag with its variable and default for the help text', () => {
    expect(optionsHelp()).toMatch(/--http-port, FOURTHWALL_HTTP_PORT\s+HTTP egress.*\[8080\]/);
  });
});
