import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { problemText } from '../../src/policy/problem.ts';
import { policy, problems, read } from './world.ts';

const good = `version: 1
default: reject
rules: []
`;

/** A policy with one rule. */
const withRule = (rule: string, head = ''): string => `version: 1\n${head}default: reject\nrules:\n  - ${rule}\n`;
const safe = 'safe: { emails: ["*@example.test"], phones: ["+15005550006"] }\n';

describe('loadPolicy', () => {
  it('compiles the smallest policy, with the breaker on', () => {
    expect(policy(good)).toEqual({
      file: 'policy.yaml', sha256: createHash('sha256').update(good).digest('hex'), default: 'reject', rules: [], internal: [],
      safe: { emails: [], phones: [], devices: [] }, limits: { burst: { recipients: 50, perMs: 60_000 } }, usesFindings: false,
    });
  });

  it('reads the breaker and can be told to do without it', () => {
    expect(policy(`${good}limits: { burst: { recipients: 5, per: 10m, then: reject } }\n`).limits.burst).toEqual({ recipients: 5, perMs: 600_000 });
    expect(policy(`${good}limits: { burst: off }\n`).limits.burst).toBe(null);
  });

  it('says when a rule asks for findings, inside not as well', () => {
    expect(policy(withRule('{ id: a, when: { finding: joke }, then: capture, because: x }')).usesFindings).toBe(true);
    expect(policy(withRule('{ id: a, when: { not: { not: { finding: joke } } }, then: capture, because: x }')).usesFindings).toBe(true);
    expect(policy(withRule('{ id: a, when: { channel: sms }, then: capture, because: x }')).usesFindings).toBe(false);
  });

  it('lists every problem at once, with file, line, column, key, found and expected', () => {
    const found = problems(`version: 2
safe: { emails: ["*@*.test", 5], devicez: [] }
internal: [{ hosts: ["*"], cidrs: ["10.0.0.1/8"], ports: [0] }]
default: forward
rules:
  - { id: a, when: { chanel: email }, then: capture }
  - { id: a, when: { provider: strpe, port: "80", recipients: { some: saef } }, then: forwrd, because: "" }
  - { id: b, when: { host: ["http://x"], path: x }, then: { forward: { internal: true, rewrite: { credential: "\${NOPE}" } } }, because: x, because: y }
`);
    expect(found.map(({ line, key }) => `${line} ${key}`)).toEqual([
      '1 version', '2 safe.emails[0]', '2 safe.emails[1]', '2 safe.devicez',
      '3 internal[0].hosts[0]', '3 internal[0].cidrs[0]', '3 internal[0].ports[0]', '4 default',
      '6 rules[0].because', '6 rules[0].when.chanel',
      '7 rules[1].id', '7 rules[1].when.provider', '7 rules[1].when.port', '7 rules[1].when.recipients.some', '7 rules[1].then', '7 rules[1].because',
      '8 rules[2].when.host[0]', '8 rules[2].when.path', '8 rules[2].then.forward.rewrite.credential', '8 ',
    ]);
    expect(problemText(found[7]!)).toBe('policy.yaml:4:10: default: found "forward", expected one of capture, reject');
  });

  it.each([
    ['an unknown condition', withRule('{ id: a, when: { chanel: email }, then: capture, because: x }'), '(did you mean channel?)'],
    ['an unknown key of a rule', withRule('{ id: a, wen: { channel: email }, when: { channel: sms }, then: capture, because: x }'), '(did you mean when?)'],
    ['an unknown provider', withRule('{ id: a, when: { provider: twillio }, then: capture, because: x }'), '(did you mean twilio?)'],
    ['an unknown channel', withRule('{ id: a, when: { channel: emial }, then: capture, because: x }'), '(did you mean email?)'],
    ['an unknown standing', withRule('{ id: a, when: { recipients: { some: reel } }, then: capture, because: x }'), '(did you mean real?)'],
    ['a misspelt action', withRule('{ id: a, when: { channel: sms }, then: captur, because: x }'), '(did you mean capture?)'],
    ['a missing because', withRule('{ id: a, when: { channel: sms }, then: capture }'), 'the key because'],
    ['a blank because', withRule('{ id: a, when: { channel: sms }, then: capture, because: "  " }'), 'the reason, in a sentence'],
    ['a rule without conditions', withRule('{ id: a, when: {}, then: capture, because: x }'), 'at least 1 of host, port'],
    ['a not without conditions', withRule('{ id: a, when: { not: {} }, then: capture, because: x }'), 'at least 1 of host, port'],
    ['an empty list', withRule('{ id: a, when: { channel: [] }, then: capture, because: x }'), 'a list that is not empty'],
    ['two actions', withRule('{ id: a, when: { channel: sms }, then: { forward: {}, capture: { reply: { status: 200 } } }, because: x }'), 'exactly 1 of capture, forward'],
    ['an id that looks like the default', withRule('{ id: default, when: { channel: sms }, then: capture, because: x }'), 'neither default'],
    ['an id that looks built in', withRule('{ id: "gateway:guard", when: { channel: sms }, then: capture, because: x }'), 'a name of letters'],
    ['a default that forwards', good.replace('reject', 'forward'), 'one of capture, reject'],
    ['a default that is a mapping', good.replace('reject', '{ forward: {} }'), 'one of capture, reject'],
    ['no default', 'version: 1\nrules: []\n', 'the key default'],
    ['no version', 'default: reject\nrules: []\n', 'the key version'],
    ['an internal forward to any host', withRule('{ id: a, when: { host: "*" }, then: { forward: { internal: true } }, because: x }'), 'a host condition that names our own services'],
    ['an internal forward that names no host', withRule('{ id: a, when: { channel: sms }, then: { forward: { internal: true } }, because: x }'), 'a host condition that names our own services'],
    ['an internal forward by relay', withRule('{ id: a, when: { host: a.test }, then: { forward: { internal: true, via: r } }, because: x }'), 'either internal or via'],
    ['a rewrite to somebody who is not safe', withRule('{ id: a, when: { channel: email }, then: { forward: { rewrite: { recipients: "bob@real.com" } } }, because: x }', safe), 'an address that this policy lists under safe'],
    ['a rewrite to what is no address', withRule('{ id: a, when: { channel: email }, then: { forward: { rewrite: { recipients: "{hash}" } } }, because: x }', safe), 'an address that this policy lists under safe'],
    ['a template with an unknown place', withRule('{ id: a, when: { channel: email }, then: { forward: { rewrite: { subject: "{subjct}" } } }, because: x }'), 'its places are {subject}, {hash}, {n}'],
    ['an empty rewrite', withRule('{ id: a, when: { channel: email }, then: { forward: { rewrite: {} } }, because: x }'), 'at least 1 of host, credential'],
    ['a reply that splits a header', withRule('{ id: a, when: { host: a.test }, then: { capture: { reply: { status: 200, headers: { X: "a\\r\\nY: b" } } } }, because: x }'), 'a header value of visible ASCII'],
    ['a host pattern in the middle', withRule('{ id: a, when: { host: "api.*.test" }, then: capture, because: x }'), 'a host name, an IP address or *.name'],
    ['a host in another script', withRule('{ id: a, when: { host: "exаmple.test" }, then: capture, because: x }'), 'use the xn-- form'],
    ['a safe address with a wild domain', `${good}safe: { emails: ["qa@*.test"] }\n`, 'the domain is exact'],
    ['a safe number without +', `${good}safe: { phones: ["15005550006"] }\n`, 'a number +15005550006'],
    ['a safe range upside down', `${good}safe: { phones: ["+12025550199..+12025550100"] }\n`, 'the lower end first'],
    ['a safe range with letters at different places', `${good}safe: { phones: ["+1NXX5550100..+12025550199"] }\n`, 'in the same places'],
    ['a dangerous expression', `${good}safe: { emails: ["/(a+)+@x\\\\.test/"] }\n`, 'without a repeated group that repeats'],
    ['a block with bits behind its prefix', `${good}internal: [{ hosts: [a.test], cidrs: [10.0.0.1/8], ports: [80] }]\n`, 'with nothing set behind the prefix'],
    ['an internal service of every host', `${good}internal: [{ hosts: ["*"], cidrs: [10.0.0.0/8], ports: [80] }]\n`, 'a host that is named'],
    ['an anchor', `${good}safe: { emails: &a ["*@x.test"] }\n`, 'anchors, aliases'],
    ['an alias', `version: 1\ndefault: reject\nsafe: { emails: &a ["*@x.test"], devices: *a }\nrules: []\n`, 'anchors, aliases'],
    ['a merge key', `${good}safe: { <<: { emails: [] } }\n`, 'one of emails, phones, devices'],
    ['a tag', `${good}limits: !!map { burst: off }\n`, 'anchors, aliases, tags'],
    ['an own tag', `${good}limits: !js { burst: off }\n`, 'plain YAML 1.2'],
    ['a duplicate key', `${good}default: capture\n`, 'plain YAML 1.2'],
    ['two documents', `${good}---\n${good}`, 'one document'],
    ['nothing', '', 'a policy'],
    ['a list', '- 1\n', 'a mapping with one of version'],
    ['no YAML', 'version: [\n', 'plain YAML 1.2'],
    ['too much of it', `# ${'x'.repeat(1024 * 1024)}\n${good}`, 'at most 1048576 characters'],
    ['nesting without end', `${good}limits: ${'['.repeat(100_000)}\n`, ''],
    ['conditions nested without end', withRule(`{ id: a, when: ${'{ not: '.repeat(5_000)}{ port: 1 }${' }'.repeat(5_000)}, then: capture, because: x }`), ''],
  ])('refuses %s', (_name, text, expected) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map((problem) => problem.expected).join('\n')).toContain(expected);
  });
});

describe('variables', () => {
  const rule = (value: string): string => withRule(`{ id: a, when: { host: "${value}" }, then: capture, because: x }`);

  it('stand for whole scalars, and never show their value', () => {
    const env = { HOST: 'secret-host.test', KEY: 'the-secret-key', PORT: '8443' };
    const loaded = policy(withRule('{ id: a, when: { host: "${HOST}", port: "${PORT}" }, then: { forward: { rewrite: { credential: "${KEY}" } } }, because: x }'), env);
    expect(loaded.rules[0]!.conditions.map((condition) => condition.sentence)).toEqual(['host is ${HOST}', 'port is ${PORT}']);
    expect(loaded.rules[0]!.consequence).toMatchObject({ plan: { rewrites: [{ kind: 'credential', value: 'the-secret-key' }] } });
    expect(policy(rule('${HOST}'), { HOST: 'a.test' }).sha256).toBe(policy(rule('${HOST}'), { HOST: 'b.test' }).sha256);
  });

  it('are not parsed as YAML', () => {
    expect(problems(rule('${HOST}'), { HOST: 'a.test }, then: { forward: {} } #' }).length).toBe(1);
  });

  it.each([
    ['unset', rule('${HOST}'), {}, 'the environment variable HOST to be set'],
    ['empty', rule('${HOST}'), { HOST: '' }, 'the environment variable HOST to be set'],
    ['part of a text', rule('a.${HOST}'), { HOST: 'a' }, '${NAME} alone'],
    ['the reason', withRule('{ id: a, when: { port: 1 }, then: capture, because: "${WHY}" }'), { WHY: 'secret-value' }, 'the reason, in a sentence'],
    ['of a wrong value', rule('${HOST}'), { HOST: 'secret-value!' }, 'a host name'],
  ])('are a problem when %s', (_name, text, env, expected) => {
    const found = problems(text, env as Readonly<Record<string, string>>);
    expect(found.map(problemText).join('\n')).toContain(expected);
    expect(JSON.stringify(found)).not.toContain('secret-value');
  });

  it('are the only way to name a credential, and one in the file is not repeated', () => {
    const found = problems(withRule('{ id: a, when: { port: 1 }, then: { forward: { rewrite: { credential: my-own-key } } }, because: x }'));
    expect(found).toMatchObject([{ key: 'rules[0].then.forward.rewrite.credential', found: 'a value in the file itself' }]);
  });
});

describe('reading', () => {
  it('takes a forward with every rewrite', () => {
    const loaded = read(withRule(
      '{ id: a, when: { channel: email }, then: { forward: { via: smtp-relay, rewrite: { host: Sandbox.TEST, recipients: "qa+{hash}@example.test", subject: "[staging] {subject}", body: mask } } }, because: x }',
      safe,
    ));
    expect(loaded).toMatchObject({ kind: 'policy', policy: { rules: [{ consequence: { action: 'forward', plan: {
      internal: false, via: 'smtp-relay', rewrites: [
        { kind: 'host', host: 'sandbox.test' },
        { kind: 'recipients', template: 'qa+{hash}@example.test', keep: null },
        { kind: 'subject', template: '[staging] {subject}' },
        { kind: 'body', mask: true },
      ],
    } } }] } });
    expect(read(withRule('{ id: a, when: { channel: email }, then: { forward: { rewrite: { recipients: { keep: safe } } } }, because: x }'))).toMatchObject({
      policy: { rules: [{ consequence: { plan: { rewrites: [{ kind: 'recipients', template: null, keep: 'safe' }] } } }] },
    });
  });
});

describe('a file with very many problems', () => {
  it('is told its first hundred, and how many more there are', () => {
    const text = `version: 1\ndefault: reject\nrules: []\n${Array.from({ length: 5_000 }, (_, index) => `wrong${index}: 1`).join('\n')}\n`;
    const loaded = loadPolicy(text, { file: 'policy.yaml', env: {}, providers: [] });
    if (loaded.kind !== 'problems') throw new Error('it loaded');
    expect(loaded.problems).toHaveLength(101);
    expect(loaded.problems[0]).toMatchObject({ line: 4, key: 'wrong0' });
    expect(loaded.problems.at(-1)).toMatchObject({ line: 104, found: '4900 more problems from here on' });
  });

  it('has every key that occurs twice named, in whatever mapping', () => {
    const loaded = loadPolicy('version: 1\nversion: 1\ndefault: reject\nsafe:\n  emails: []\n  emails: []\nrules: []\n', { file: 'policy.yaml', env: {}, providers: [] });
    expect(loaded.kind === 'problems' ? loaded.problems.map(({ line, found }) => [line, found]) : []).toEqual([[2, 'Map keys must be unique'], [6, 'Map keys must be unique']]);
  });
});
