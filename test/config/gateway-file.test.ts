import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GatewaySchema } from '../../src/config/gateway-schema.ts';
import { defaultGatewayFile, loadGatewayFile } from '../../src/config/gateway-file.ts';
import { problemText } from '../../src/policy/problem.ts';
import { defaultLimits } from '../../src/model/limits.ts';

const env = { PASSWORD: 'hunter2-and-more', PORT: '25', EMPTY: '' };
const load = (text: string | null) => loadGatewayFile(text, { file: 'config/gateway.yaml', env });
function loaded(text: string | null) {
  const result = load(text);
  if (result.kind === 'problems') throw new Error(result.problems.map(problemText).join('\n'));
  return result.file;
}
function problems(text: string): readonly string[] {
  const result = load(text);
  return result.kind === 'problems' ? result.problems.map(problemText) : [];
}

describe('gateway.yaml', () => {
  it('is the defaults when there is no file, an empty one, or the one we ship', () => {
    expect(loaded(null)).toEqual(defaultGatewayFile);
    expect(loaded('')).toEqual(defaultGatewayFile);
    expect(loaded('# only words\n')).toEqual(defaultGatewayFile);
    expect(loaded(readFileSync('config/gateway.yaml', 'utf8'))).toEqual(defaultGatewayFile);
  });

  it('reads every section', () => {
    expect(loaded(`
durability: process
limits: { smtpMessage: 1000, drain: 5 }
origins: [{ cidr: 10.0.0.0/8, service: shop }, { cidr: "fd00::/8", service: crm, space: blue }]
reverse: [{ port: 9001, host: api.stripe.com }, { port: 0, host: api.twilio.com, tls: true }]
dns: { answer: [10.4.0.2, "fd00::2"], pass: [db, "*.internal.test"], upstream: ["10.4.0.10:53", "[fd00::1]:53"] }
ca: { hosts: [stripe.com, 10.4.0.2] }
relays: { smtp-relay: { host: relay.example.test, port: 587, user: me, password: "\${PASSWORD}" } }
webhooks: { shop: { url: "http://shop.internal.test/hook?x=1", secret: "\${PASSWORD}" } }
correlate: [{ name: ticket, pattern: 'T-(\\d{1,9})' }]
retention: { days: 1, quotas: [{ service: load, captures: 500 }, { space: blue, bytes: 1000000 }, { run: Soak, captures: 1, bytes: 2 }] }
bucket: { endpoint: "http://minio:9000", region: us-east-1, name: captures, prefix: staging/one, accessKey: "\${PASSWORD}", secretKey: "\${PASSWORD}", from: 1000000, pathStyle: false }
users: [{ name: ann, password: "\${PASSWORD}", role: unmasker, spaces: [blue] }]
tokens: [{ name: ci, token: "\${PASSWORD}", role: ci, services: [shop], expires: 2027-01-31 }]
`)).toEqual({
      durability: 'process',
      limits: { ...defaultLimits, smtpMessage: 1000, drain: 5 },
      origins: [{ cidr: '10.0.0.0/8', service: 'shop', space: null }, { cidr: 'fd00::/8', service: 'crm', space: 'blue' }],
      reverse: [{ port: 9001, host: 'api.stripe.com', tls: false }, { port: 0, host: 'api.twilio.com', tls: true }],
      proxyProtocol: [],
      dns: { answer: ['10.4.0.2', 'fd00::2'], pass: ['db', '*.internal.test'], upstream: ['10.4.0.10:53', '[fd00::1]:53'] },
      ca: { hosts: ['stripe.com', '10.4.0.2'] },
      relays: { 'smtp-relay': { host: 'relay.example.test', port: 587, tls: 'starttls', user: 'me', password: env.PASSWORD } },
      webhooks: { shop: { url: 'http://shop.internal.test/hook?x=1', secret: env.PASSWORD } },
      failures: [],
      simulators: {},
      correlate: [{ name: 'ticket', pattern: String.raw`T-(\d{1,9})` }],
      retention: { days: 1, captures: 100_000, bytes: 2_147_483_648, quotas: [
        { kind: 'service', name: 'load', captures: 500, bytes: null }, { kind: 'space', name: 'blue', captures: null, bytes: 1_000_000 }, { kind: 'run', name: 'Soak', captures: 1, bytes: 2 },
      ] },
      bucket: { endpoint: 'http://minio:9000', region: 'us-east-1', name: 'captures', prefix: 'staging/one', accessKey: env.PASSWORD, secretKey: env.PASSWORD, from: 1_000_000, pathStyle: false },
      users: [{ name: 'ann', password: env.PASSWORD, role: 'unmasker', spaces: ['blue'], services: [] }],
      tokens: [{ name: 'ci', token: env.PASSWORD, role: 'ci', spaces: [], services: ['shop'], expires: Date.UTC(2027, 0, 31) }],
    });
  });

  it('names file, line, column, key, what was found and what is right, all at once', () => {
    expect(problems('durabilty: power\nrelays:\n  main:\n    host: relay.test\n    port: "25x"\nlimits:\n  drain: 0\n')).toEqual([
      expect.stringMatching(/^config\/gateway\.yaml:1:1: durabilty: found an unknown key, expected one of .*durability/),
      expect.stringMatching(/^config\/gateway\.yaml:7:3: limits\.drain: found 0, expected a whole number above 0/),
      expect.stringMatching(/^config\/gateway\.yaml:5:5: relays\.main\.port: found "25x", expected a port from 1 to 65535/),
    ]);
  });

  it.each([
    ['a: [', /:\d+:\d+: found .*, expected YAML/],
    ['durability: power\ndurability: process', /:2:1: found Map keys must be unique/],
    ['a: &x 1\nb: *x', /alias \*x/],
    ['- 1', /expected/],
    ['durability: eventually', /gateway\.yaml:1:1: durability: found "eventually", expected process .* or power/],
    ['limits: { smtpMesage: 1 }', /limits\.smtpMesage: found an unknown key/],
    ['origins: [{ cidr: 10.0.0.0/33, service: a }]', /origins\[0\]\.cidr: found "10.0.0.0\/33"/],
    ['origins: [{ cidr: nonsense, service: a }]', /origins\[0\]\.cidr/],
    ['origins: [{ cidr: 10.0.0.0/8, service: A B }]', /origins\[0\]\.service: found "A B", expected a service name/],
    ['origins: [{ cidr: 10.0.0.0/8, service: a }, { cidr: 10.0.0.0/8, service: b }]', /origins\[1\]\.cidr: .*only once/],
    ['reverse: [{ port: 70000, host: api.stripe.com }]', /reverse\[0\]\.port/],
    ['reverse: [{ port: 1, host: 10.0.0.1 }]', /reverse\[0\]\.host: found "10.0.0.1", expected a host name with a dot/],
    ['reverse: [{ port: 1, host: localhost }]', /reverse\[0\]\.host/],
    ['reverse: [{ port: 9, host: a.test }, { port: 9, host: b.test }]', /reverse\[1\]\.port: .*only once/],
    ['relays: { main: { host: r.test } }', /relays\.main\.port: found nothing/],
    ['relays: { "Bad Name": { host: r.test, port: 25 } }', /relays\.Bad Name: found an unknown key/],
    ['relays: { m: { host: r.test, port: 25, user: me } }', /relays\.m\.password: .*user and password together/],
    ['relays: { m: { host: r.test, port: 25, tls: none, user: me, password: "${PASSWORD}" } }', /relays\.m\.tls/],
    ['webhooks: { s: { url: "ftp://x/y" } }', /webhooks\.s\.url/],
    ['webhooks: { s: { url: "http://u:p@x/y" } }', /webhooks\.s\.url/],
    ['correlate: [{ name: o, pattern: "(" }]', /correlate\[0\]\.pattern/],
    ['correlate: [{ name: o, pattern: "(a+)+b" }]', /correlate\[0\]\.pattern: found an unbounded repetition/],
    ['users: [{ name: a, password: "${PASSWORD}", role: king }]', /users\[0\]\.role: found "king"/],
    ['tokens: [{ name: a, token: "${PASSWORD}", role: ci, expires: soon }]', /tokens\[0\]\.expires/],
    ['failures: [{ id: a, when: { host: x }, then: { error: 500, drop: true } }]', /failures\[0\]\.then: .*exactly one of error, throttle, delay, drop, decline and event/],
    ['failures: [{ id: a, when: { host: x }, then: { error: 500, after: 1 } }]', /failures\[0\]\.then: .*after and detail belong to event/],
    ['failures: [{ id: a, when: { host: x }, then: {} }]', /failures\[0\]\.then: .*exactly one/],
    ['failures: [{ id: a, when: { host: x }, then: { drop: false } }]', /failures\[0\]\.then\.drop/],
    ['failures: [{ id: a, when: { host: x }, nth: 1, rate: 0.5, then: { error: 500 } }]', /failures\[0\]\.nth: .*one of them/],
    ['failures: [{ id: a, when: { host: x }, nth: 0, then: { error: 500 } }]', /failures\[0\]\.nth: found 0/],
    ['failures: [{ id: a, when: { hosts: x }, then: { error: 500 } }]', /failures\[0\]\.when\.hosts: .*did you mean host/],
    ['failures: [{ id: a, when: { finding: bulk }, then: { error: 500 } }]', /failures\[0\]\.when/],
    ['failures: [{ id: a, when: {}, then: { error: 500 } }]', /failures\[0\]\.when/],
    ['failures: [{ id: a, when: { host: x }, then: { error: 200 } }]', /failures\[0\]\.then\.error: found 200/],
    ['failures: [{ id: a, when: { host: x }, then: { decline: no_funds } }]', /failures\[0\]\.then\.decline: found "no_funds", expected true, or a code of a provider/],
    ['failures: [{ id: a, when: { host: x }, then: { decline: false } }]', /failures\[0\]\.then\.decline/],
    ['simulators: { nobody: { unknownIds: adopt } }', /simulators\.nobody: found an unknown provider/],
    ['simulators: { stripe: { unknownIds: maybe } }', /simulators\.stripe\.unknownIds: .*not-found .*or adopt/],
    ['failures: [{ id: a, when: { host: x }, then: { event: bounced } }]', /failures\[0\]\.then\.event: found "bounced", expected an event of a provider/],
    ['failures: [{ id: a, when: { host: x }, then: { error: 500 } }, { id: a, when: { host: y }, then: { error: 500 } }]', /failures\[1\]\.id: .*each id only once/],
  ])('refuses %j', (text, message) => {
    expect(problems(text).join('\n')).toMatch(message);
  });

  it.each([
    'relays: { m: { host: r.test, port: 25, user: me, password: hunter2-and-more } }',
    'webhooks: { s: { url: "http://x.test/", secret: hunter2-and-more } }',
    'users: [{ name: a, role: ci, password: hunter2-and-more }]',
    'tokens: [{ name: a, role: ci, token: "x${PASSWORD}hunter2-and-more" }]',
  ])('takes a secret only from a variable and does not repeat it: %s', (text) => {
    const found = problems(text).join('\n');
    expect(found).toMatch(/found a secret written out, expected \$\{NAME\}/);
    expect(found).not.toContain('hunter2');
  });

  it('says which variable is not set, and never shows the value of one that is', () => {
    expect(problems('users: [{ name: a, role: ci, password: "${NOT_SET}" }]')).toEqual([
      'config/gateway.yaml:1:40: found ${NOT_SET}, which is not set, expected the variable NOT_SET in the environment']);
    expect(problems('users: [{ name: a, role: ci, password: "${EMPTY}" }]')).toHaveLength(1);
    const found = problems('durability: "${PASSWORD}"').join('\n');
    expect(found).toContain('found the value of a variable');
    expect(found).not.toContain('hunter2');
  });

  it('substitutes whole scalars only, after parsing, so that a value cannot change the structure', () => {
    const result = loadGatewayFile('users: [{ name: "a${PASSWORD}", role: ci, password: "${EVIL}" }]', { file: 'f', env: { EVIL: 'x", role: admin }]', PASSWORD: 'p' } });
    expect(result).toMatchObject({ kind: 'loaded', file: { users: [{ name: 'a${PASSWORD}', password: 'x", role: admin }]', role: 'ci' }] } });
  });

  it('takes addresses only for DNS, no pass list that lets everything by, and none without a resolver', () => {
    expect(problems('dns: { answer: [gateway], pass: ["*"], upstream: ["resolver:53", "10.0.0.2"] }').length).toBeGreaterThan(0);
    expect(problems('dns: { answer: [gateway], upstream: ["resolver:53", "10.0.0.2", "10.0.0.2:99999"] }')).toEqual([
      expect.stringMatching(/dns\.answer\[0\].*gateway.*an IP address/), ...[0, 1, 2].map((at) => expect.stringMatching(new RegExp(`dns\\.upstream\\[${at}\\].*address:port`))),
    ]);
    expect(problems('dns: { pass: [db.internal.test] }')).toEqual([expect.stringMatching(/dns\.upstream.*a resolver for the names in pass/)]);
    for (const pass of ['*', '*.', '.example', 'Db.test', '**.test']) expect(problems(`dns: { upstream: ["10.0.0.2:53"], pass: ["${pass}"] }`)).toHaveLength(1);
    expect(problems('ca: { hosts: ["*.stripe.com"] }')).toHaveLength(1);
  });

  it('wants each quota to be of one space, service or run, with a bound, and each only once', () => {
    expect(problems('retention:\n  quotas:\n    - { captures: 1 }\n    - { service: a, run: b, bytes: 1 }\n    - { service: a }\n    - { service: b, captures: 1 }\n    - { service: b, bytes: 1 }\n')).toEqual([
      expect.stringMatching(/:3:\d+: retention\.quotas\[0\]: .*one of space, service and run/), expect.stringMatching(/:4:\d+: retention\.quotas\[1\]: .*one of space, service and run/),
      expect.stringMatching(/:5:\d+: retention\.quotas\[2\]: .*captures, bytes or both/), expect.stringMatching(/:7:\d+: retention\.quotas\[4\]: .*each only once/),
    ]);
    expect(defaultGatewayFile.retention).toBeNull();
  });

  it('wants an address of a bucket and nothing more of it, and its keys from the environment', () => {
    const bucket = (more: string): string => `bucket: { endpoint: "https://s3.test", region: eu-1, name: captures, accessKey: "\${PASSWORD}", secretKey: "\${PASSWORD}"${more} }`;
    expect(loaded(bucket('')).bucket).toMatchObject({ prefix: null, from: 262_144, pathStyle: true });
    for (const endpoint of ['ftp://s3.test', 's3.test', 'https://me:you@s3.test', 'https://s3.test/captures', 'https://s3.test?x=1']) {
      expect(problems(bucket('').replace('https://s3.test', endpoint)), endpoint).toEqual([expect.stringMatching(/bucket\.endpoint: .*an http or https address without user, path and query/)]);
    }
    expect(problems(bucket(', from: 1000'))).toEqual([expect.stringMatching(/bucket\.from: found 1000, expected bytes from 131072/)]);
    for (const prefix of ['/a', 'a/', 'a//b', '../a', 'a/../b']) expect(problems(bucket(`, prefix: "${prefix}"`)), prefix).toHaveLength(1);
    const written = problems('bucket: { endpoint: "https://s3.test", region: eu-1, name: captures, accessKey: mine, secretKey: alsomine }');
    expect(written).toEqual(['accessKey', 'secretKey'].map((key) => expect.stringContaining(`bucket.${key}: found a secret written out, expected \${NAME}`)));
    expect(written.join()).not.toContain('alsomine');
  });

  it('ships its JSON Schema as it is in the code', () => {
    expect(JSON.parse(readFileSync('config/gateway.schema.json', 'utf8'))).toEqual(
      { $schema: 'https://json-schema.org/draft/2020-12/schema', ...JSON.parse(JSON.stringify(GatewaySchema)) });
  });
});
