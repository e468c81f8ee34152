import { spawnSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { quoted, settingFormats } from '../../src/clients/quoting.ts';
import { clientSettings } from '../../src/clients/settings.ts';
import type { ClientFiles, WayIn } from '../../src/clients/settings.ts';

const way: WayIn = { proxyUrl: 'http://blue%2Fshop+ci-7:token@gateway:8080', smtp: 'gateway:1025', smtps: 'gateway:1465', smtpUser: 'blue/shop+ci-7', controlUrl: 'http://gateway:8025', run: 'ci-7' };
const files: ClientFiles = { ca: '/fw/ca.pem', bundle: '/fw/ca-bundle.pem', preload: '/fw/preload.cjs', trustStore: '/fw/truststore.p12' };

describe('the settings of a service', () => {
  it('name the proxy in both spellings, with the caller in its user', () => {
    const settings = clientSettings({ way, files });
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy', 'FOURTHWALL_PROXY']) expect(settings[name]).toBe(way.proxyUrl);
  });

  it('go past the proxy to this machine, to the page and to own services, and nowhere else', () => {
    const inherited = { NO_PROXY: 'api.stripe.com' };
    expect(clientSettings({ way, files, inherited })).toMatchObject({ NO_PROXY: 'localhost,127.0.0.1,::1,gateway', no_proxy: 'localhost,127.0.0.1,::1,gateway' });
    expect(clientSettings({ way, files, bypass: ['db', '*.internal.test', '10.0.0.0/8'] })).toMatchObject({
      NO_PROXY: 'localhost,127.0.0.1,::1,gateway,db,.internal.test,10.0.0.0/8', FOURTHWALL_BYPASS: 'db,*.internal.test,10.0.0.0/8',
    });
  });

  it('give the certificate where it adds to the roots, and the bundle where it replaces them', () => {
    const settings = clientSettings({ way, files });
    expect([settings['NODE_EXTRA_CA_CERTS'], settings['FOURTHWALL_CA']]).toEqual([files.ca, files.ca]);
    for (const name of ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'AWS_CA_BUNDLE', 'GIT_SSL_CAINFO', 'TWILIO_CA_BUNDLE']) expect(settings[name]).toBe(files.bundle);
  });

  it('load the preload before what was loaded already, once', () => {
    const first = clientSettings({ way, files, inherited: { NODE_OPTIONS: '--require ./instrument.cjs' } });
    expect(first['NODE_OPTIONS']).toBe('--require /fw/preload.cjs --require ./instrument.cjs');
    expect(clientSettings({ way, files, inherited: first })['NODE_OPTIONS']).toBe(first['NODE_OPTIONS']);
    expect(clientSettings({ way, files: { ...files, preload: '/a "b"\\c.cjs' } })['NODE_OPTIONS']).toBe(String.raw`--require "/a \"b\"\\c.cjs"`);
    expect(clientSettings({ way, files: { ...files, preload: null }, inherited: { NODE_OPTIONS: '--x' } })).not.toHaveProperty('NODE_OPTIONS');
  });

  it('tell the JVM its proxy and its trust store, after what it was told', () => {
    expect(clientSettings({ way, files, inherited: { JAVA_TOOL_OPTIONS: '-Xmx64m' }, bypass: ['db'] })['JAVA_TOOL_OPTIONS']).toBe('-Xmx64m -Dhttp.proxyHost=gateway -Dhttp.proxyPort=8080 -Dhttps.proxyHost=gateway '
      + '-Dhttps.proxyPort=8080 -Dhttp.nonProxyHosts=localhost|127.*|[::1]|db -Djavax.net.ssl.trustStore=/fw/truststore.p12 -Djavax.net.ssl.trustStorePassword=changeit');
    expect(clientSettings({ way, files: { ...files, trustStore: '/a b/t.p12' } })['JAVA_TOOL_OPTIONS']).toContain(" '-Djavax.net.ssl.trustStore=/a b/t.p12' ");
    expect(clientSettings({ way, files: { ...files, trustStore: null } })['JAVA_TOOL_OPTIONS']).not.toContain('trustStore');
  });

  it('say nothing of a proxy that is not open: no preload that would refuse to start', () => {
    const settings = clientSettings({ way: { ...way, proxyUrl: null }, files });
    expect(Object.keys(settings).filter((name) => /proxy|NODE_OPTIONS|JAVA/i.test(name))).toEqual([]);
    expect(settings).toMatchObject({ SMTP_HOST: 'gateway' });
  });

  it('say nothing of mail that is not taken, and nothing of a run that is none', () => {
    const settings = clientSettings({ way: { ...way, smtp: null, smtps: null, run: null }, files: null });
    expect(Object.keys(settings).filter((name) => /SMTP|RUN|CERT/.test(name))).toEqual([]);
  });

  it('know addresses in brackets', () => {
    const settings = clientSettings({ way: { ...way, proxyUrl: 'http://shop:token@[::1]:8080', smtp: '[::1]:1025' }, files });
    expect(settings).toMatchObject({ SMTP_HOST: '::1', SMTP_PORT: '1025', FOURTHWALL_SMTP: '[::1]:1025' });
    expect(settings['JAVA_TOOL_OPTIONS']).toContain('-Dhttps.proxyHost=::1 -Dhttps.proxyPort=8080');
  });
});

const nasty = ['plain', '', 'two words', `it's`, `"both" and 'single'`, '$HOME ${HOME} $(id) `id`', String.raw`back\slash\n`, '#no comment', 'a=b', ' edges ', '!bang', 'ümlaut ✓', '$(NAME) $$(NAME) $$$', '$', '---', 'yes', '*', '%s', '~'];

/** Expand() of k8s.io/kubernetes/third_party/forked/golang/expansion: $$ is $, $(NAME) a variable, any other $ itself. */
function asKubernetesExpands(value: string): string {
  return value.replace(/\$(\$|\([^)]*\))/g, (_all, next: string) => (next === '$' ? '$' : '<expanded>'));
}

describe('quoting', () => {
  it.each(nasty)('%j arrives in a shell', (value) => {
    const { stdout } = spawnSync('sh', ['-c', `${quoted('shell', 'VALUE', value)}\nprintf %s "$VALUE"`], { encoding: 'utf8', env: { HOME: '/home/x' } });
    expect(stdout).toBe(value);
  });

  it('a line end arrives in a shell', () => {
    expect(spawnSync('sh', ['-c', `${quoted('shell', 'VALUE', 'a\nb')}\nprintf %s "$VALUE"`], { encoding: 'utf8' }).stdout).toBe('a\nb');
  });

  it.each(nasty.filter((value) => !(value.includes(`'`) && value.includes('"'))))('%j arrives by dotenv', (value) => {
    expect(parseEnv(quoted('dotenv', 'VALUE', value))).toEqual({ VALUE: value });
  });

  it('dotenv says no rather than write something else', () => {
    expect(() => quoted('dotenv', 'VALUE', `"both" and 'single'`)).toThrow('VALUE cannot be written as dotenv');
    expect(() => quoted('dotenv', 'VALUE', `it's $HOME`)).toThrow('VALUE cannot be written as dotenv');
  });

  it.each(nasty)('%j arrives in a Kubernetes manifest', (value) => {
    const [entry] = parse(quoted('k8s', 'VALUE', value)) as { name: string; value: string }[];
    expect({ ...entry, value: asKubernetesExpands(entry!.value) }).toEqual({ name: 'VALUE', value });
  });

  it.each(['docker', 'github'] as const)('%s takes everything as it stands, but no line end', (format) => {
    for (const value of nasty) expect(quoted(format, 'VALUE', value)).toBe(`VALUE=${value}`);
    for (const value of ['a\nb', 'a\r', '\0']) expect(() => quoted(format, 'VALUE', value)).toThrow(`VALUE cannot be written as ${format}: its value has a line end`);
  });

  it('every format writes every setting', () => {
    for (const format of settingFormats) for (const [name, value] of Object.entries(clientSettings({ way, files }))) expect(quoted(format, name, value)).toContain(name);
  });
});
