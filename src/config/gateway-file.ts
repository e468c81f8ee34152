import { BlockList, isIP } from 'node:net';
import { defaultLimits } from '../model/limits.ts';
import type { Limits } from '../model/limits.ts';
import type { Quota, Retention } from '../model/retention.ts';
import { defaultCorrelate, patternFault } from './correlate.ts';
import type { CorrelatePattern } from './correlate.ts';
import { readFailureRules, type FailingProvider } from './failure-rules.ts';
import { GatewaySchema } from './gateway-schema.ts';
import type { GatewayDocument } from './gateway-schema.ts';
import type { FailureRule } from '../policy/failure-rule.ts';
import type { Problem } from '../policy/problem.ts';
import { schemaProblems, shown } from './schema-problems.ts';
import { readYaml } from './yaml-file.ts';
import type { Environment, Path, YamlFile } from './yaml-file.ts';

export type Durability = 'process' | 'power';
export type Role = 'reader' | 'unmasker' | 'releaser' | 'admin' | 'ci';

export interface OriginEntry { readonly cidr: string; readonly service: string; readonly space: string | null }
export interface ReversePort { readonly port: number; readonly host: string; readonly tls: boolean }
export interface Dns {
  /** our addresses as services see them; empty = the address of --host */
  readonly answer: readonly string[];
  /** names that are asked upstream instead; `*.` stands for every name below */
  readonly pass: readonly string[];
  /** 'address:port' */
  readonly upstream: readonly string[];
}
export interface Relay {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly user: string | null;
  readonly password: string | null;
}
export interface WebhookTarget { readonly url: string; readonly secret: string | null }
/** `prefix`: null = none */
export interface BucketPlace {
  readonly endpoint: string;
  readonly region: string;
  readonly name: string;
  readonly prefix: string | null;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly from: number;
  readonly pathStyle: boolean;
}
/** Empty lists = everything. */
export interface Access { readonly role: Role; readonly spaces: readonly string[]; readonly services: readonly string[] }
export interface User extends Access { readonly name: string; readonly password: string }
/** `expires`: ms since the epoch, or null */
export interface Token extends Access { readonly name: string; readonly token: string; readonly expires: number | null }

/** config/gateway.yaml with every default filled in. */
export interface GatewayFile {
  readonly durability: Durability;
  readonly limits: Limits;
  readonly origins: readonly OriginEntry[];
  /** address blocks of balancers that speak PROXY protocol v2 to the http, tls and smtp ports */
  readonly proxyProtocol: readonly string[];
  readonly reverse: readonly ReversePort[];
  readonly dns: Dns;
  /** `hosts`: the CA is constrained to these names and what is below them; null = to none in particular */
  readonly ca: { readonly hosts: readonly string[] | null };
  readonly relays: Readonly<Record<string, Relay>>;
  readonly webhooks: Readonly<Record<string, WebhookTarget>>;
  readonly failures: readonly FailureRule[];
  /** by the provider's name; one that is not there answers unknown ids with the vendor's 404 */
  readonly simulators: Readonly<Record<string, { readonly unknownIds: 'not-found' | 'adopt' }>>;
  readonly correlate: readonly CorrelatePattern[];
  /** null = the file says nothing of it: everything is kept */
  readonly retention: Retention | null;
  /** where large bodies lie; null = in the database */
  readonly bucket: BucketPlace | null;
  readonly users: readonly User[];
  readonly tokens: readonly Token[];
}

/** What gateway.yaml may say of a provider. */
export type KnownProvider = FailingProvider & { readonly adopts?: readonly string[] };

export type GatewayLoad =
  | { readonly kind: 'loaded'; readonly file: GatewayFile }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

const GiB = 1024 ** 3;
const bucketFrom = 256 * 1024;
const retention: Retention = { days: 7, captures: 100_000, bytes: 2 * GiB, quotas: [] };

/** What holds without a file. */
export const defaultGatewayFile: GatewayFile = {
  durability: 'power',
  limits: defaultLimits,
  origins: [],
  proxyProtocol: [],
  reverse: [],
  dns: { answer: [], pass: [], upstream: [] },
  ca: { hosts: null },
  relays: {},
  webhooks: {},
  failures: [],
  simulators: {},
  correlate: defaultCorrelate,
  retention: null,
  bucket: null,
  users: [],
  tokens: [],
};

/**
 * Reads gateway.yaml. `text` null = there is no such file: the defaults.
 * @param options.file as it shall stand in problems
 * @param options.env where `${NAME}` is looked up
 * @param options.providers what failure rules may name
 */
export function loadGatewayFile(text: string | null, options: { readonly file: string; readonly env: Environment; readonly providers?: readonly KnownProvider[] }): GatewayLoad {
  if (text === null) return { kind: 'loaded', file: defaultGatewayFile };
  const { yaml, problems } = readYaml(text, options);
  if (problems.length > 0) return { kind: 'problems', problems };
  if (yaml.value === null) return { kind: 'loaded', file: defaultGatewayFile }; // only comments
  const misfits = schemaProblems(GatewaySchema, yaml);
  if (misfits.length > 0) return { kind: 'problems', problems: misfits };
  const document = yaml.value as GatewayDocument;
  const failures = readFailureRules(document.failures ?? [], yaml, { providers: [], ...options, counters: '' });
  const faults = [...refine(document, yaml), ...failures.problems, ...simulatorProblems(document, yaml, options.providers ?? [])];
  return faults.length > 0 ? { kind: 'problems', problems: faults } : { kind: 'loaded', file: { ...withDefaults(document), failures: failures.rules } };
}

/** Only a provider that can make objects up may be told to. */
function simulatorProblems({ simulators = {} }: GatewayDocument, yaml: YamlFile, providers: readonly KnownProvider[]): readonly Problem[] {
  const able = providers.filter(({ adopts = [] }) => adopts.length > 0).map(({ name }) => name);
  return Object.entries(simulators).flatMap(([name, { unknownIds }]) => {
    if (!providers.some((provider) => provider.name === name)) return [yaml.problem(['simulators', name], 'an unknown provider', `one of ${able.join(', ')}`)];
    return unknownIds === 'not-found' || able.includes(name) ? [] : [yaml.problem(['simulators', name, 'unknownIds'], 'adopt', `not-found: ${name} makes no objects up; those that do are ${able.join(', ')}`)];
  });
}

function access(entry: { readonly role: Role; readonly spaces?: readonly string[]; readonly services?: readonly string[] }): Access {
  return { role: entry.role, spaces: entry.spaces ?? [], services: entry.services ?? [] };
}

function withDefaults(document: GatewayDocument): Omit<GatewayFile, 'failures'> {
  return {
    durability: document.durability ?? defaultGatewayFile.durability,
    limits: { ...defaultLimits, ...document.limits },
    origins: (document.origins ?? []).map((entry) => ({ cidr: entry.cidr, service: entry.service, space: entry.space ?? null })),
    proxyProtocol: document.proxyProtocol?.from ?? [],
    reverse: (document.reverse ?? []).map((entry) => ({ port: entry.port, host: entry.host, tls: entry.tls ?? false })),
    dns: { ...defaultGatewayFile.dns, ...document.dns },
    ca: { hosts: document.ca?.hosts ?? null },
    relays: mapValues(document.relays ?? {}, (relay) => ({
      host: relay.host, port: relay.port, tls: relay.tls ?? 'starttls', user: relay.user ?? null, password: relay.password ?? null,
    })),
    webhooks: mapValues(document.webhooks ?? {}, (target) => ({ url: target.url, secret: target.secret ?? null })),
    simulators: document.simulators ?? {},
    correlate: document.correlate ?? defaultCorrelate,
    retention: document.retention === undefined ? null : { ...retention, ...document.retention, quotas: (document.retention.quotas ?? []).map(quotaOf) },
    bucket: document.bucket === undefined ? null : { prefix: null, from: bucketFrom, pathStyle: true, ...document.bucket },
    users: (document.users ?? []).map((user) => ({ name: user.name, password: user.password, ...access(user) })),
    tokens: (document.tokens ?? []).map((token) => ({
      name: token.name, token: token.token, ...access(token), expires: token.expires === undefined ? null : Date.parse(token.expires),
    })),
  };
}

type QuotaDocument = NonNullable<NonNullable<GatewayDocument['retention']>['quotas']>[number];

const quotaKinds = ['space', 'service', 'run'] as const;

/** One of the three is there: `refine`. */
function quotaOf(entry: QuotaDocument): Quota {
  const kind = quotaKinds.find((each) => entry[each] !== undefined)!;
  return { kind, name: entry[kind]!, captures: entry.captures ?? null, bytes: entry.bytes ?? null };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** What a schema cannot say. */
function refine(document: GatewayDocument, yaml: YamlFile): readonly Problem[] {
  const problems: Problem[] = [];
  const expect = (good: boolean, path: Path, expected: string, found = shown(path, yaml)) => {
    if (!good) problems.push(yaml.problem(path, found, expected));
  };
  const secret = (path: Path) => expect(yaml.fromVariable(path), path, '${NAME} of a variable in the environment; secrets are never written here', 'a secret written out');
  const unique = (values: readonly (string | number)[], path: Path, key: string) => values.forEach((value, index) =>
    expect(values.indexOf(value) === index, [...path, index, key], 'each only once'));

  document.origins?.forEach((entry, index) => expect(isCidr(entry.cidr), ['origins', index, 'cidr'], 'an address block such as 10.0.0.0/8 or fd00::/8'));
  unique(document.origins?.map((entry) => entry.cidr) ?? [], ['origins'], 'cidr');
  document.proxyProtocol?.from.forEach((entry, index) => expect(isCidr(entry), ['proxyProtocol', 'from', index], 'an address block such as 10.0.0.0/8 or fd00::/8'));
  document.reverse?.forEach((entry, index) => {
    expect(isIP(entry.host) === 0 && entry.host.includes('.') && !entry.host.includes(':'), ['reverse', index, 'host'], 'a host name with a dot, such as api.stripe.com');
    expect(entry.port === 0 || document.reverse?.findIndex((other) => other.port === entry.port) === index, ['reverse', index, 'port'], 'each port only once');
  });
  document.dns?.answer?.forEach((address, index) => expect(isIP(address) !== 0, ['dns', 'answer', index], 'an IP address'));
  document.dns?.upstream?.forEach((server, index) => expect(isEndpoint(server), ['dns', 'upstream', index], 'address:port of a resolver, such as 10.0.0.2:53 or [fd00::2]:53'));
  if (document.dns !== undefined) {
    expect((document.dns.pass ?? []).length === 0 || (document.dns.upstream ?? []).length > 0, ['dns', 'upstream'], 'a resolver for the names in pass', 'none');
  }
  document.ca?.hosts?.forEach((entry, index) => expect(
    isIP(entry) !== 0 || !entry.includes(':'), ['ca', 'hosts', index], 'a host name (names below it are included), or an IP address'));
  for (const [name, relay] of Object.entries(document.relays ?? {})) {
    if (relay.password !== undefined) secret(['relays', name, 'password']);
    expect((relay.user === undefined) === (relay.password === undefined), ['relays', name, relay.user === undefined ? 'user' : 'password'], 'user and password together');
    expect(relay.tls !== 'none' || relay.password === undefined, ['relays', name, 'tls'], 'implicit or starttls where a password is sent');
  }
  for (const [name, target] of Object.entries(document.webhooks ?? {})) {
    const url = URL.parse(target.url);
    expect(url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hash === '', ['webhooks', name, 'url'], 'an http or https address without user and fragment');
    if (target.secret !== undefined) secret(['webhooks', name, 'secret']);
  }
  document.correlate?.forEach((entry, index) => {
    const fault = patternFault(entry.pattern);
    expect(fault === null, ['correlate', index, 'pattern'], 'a regular expression whose work is bounded', fault ?? '');
  });
  const quotas = document.retention?.quotas ?? [];
  const subjects = quotas.map((entry) => JSON.stringify(quotaKinds.map((kind) => entry[kind] ?? null)));
  quotas.forEach((entry, index) => {
    const path: Path = ['retention', 'quotas', index];
    expect(quotaKinds.filter((kind) => entry[kind] !== undefined).length === 1, path, 'one of space, service and run');
    expect(entry.captures !== undefined || entry.bytes !== undefined, path, 'captures, bytes or both');
    expect(subjects.indexOf(subjects[index]!) === index, path, 'each only once');
  });
  if (document.bucket !== undefined) {
    const url = URL.parse(document.bucket.endpoint);
    expect(url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.pathname === '/' && url.search === '' && url.hash === '',
      ['bucket', 'endpoint'], 'an http or https address without user, path and query');
    secret(['bucket', 'accessKey']);
    secret(['bucket', 'secretKey']);
  }
  document.users?.forEach((_user, index) => secret(['users', index, 'password']));
  unique(document.users?.map((user) => user.name) ?? [], ['users'], 'name');
  document.tokens?.forEach((token, index) => {
    secret(['tokens', index, 'token']);
    expect(token.expires === undefined || /^\d{4}-\d\d-\d\d($|T)/.test(token.expires) && !Number.isNaN(Date.parse(token.expires)), ['tokens', index, 'expires'], 'a date such as 2027-01-31 or an RFC 3339 time');
  });
  unique(document.tokens?.map((token) => token.name) ?? [], ['tokens'], 'name');
  // whose role it has would depend on the order
  document.tokens?.forEach(({ token }, index) => expect(document.tokens?.findIndex((other) => other.token === token) === index, ['tokens', index, 'token'], 'a token of its own', 'the secret of a token above'));
  return problems;
}

/** `address:port`; an address, because a resolver's name would need a resolver. */
function isEndpoint(text: string): boolean {
  const [, six, four, port] = /^(?:\[([^\]]+)\]|([^:]+)):([1-9][0-9]{0,4})$/.exec(text) ?? [];
  return Number(port) <= 65_535 && (six === undefined ? isIP(four ?? '') === 4 : isIP(six) === 6);
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', more] = text.split('/');
  if (more !== undefined || isIP(address) === 0 || !/^\d{1,3}$/.test(bits)) return false;
  try {
    new BlockList().addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false; // prefix too long: a problem, so nobody is attributed by it
  }
}
