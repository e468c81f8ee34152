import { createSecretKey, type KeyObject } from 'node:crypto';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { isIP } from 'node:net';

/** A port to listen on; 0 = any free one; 'off' = not opened. */
export type Port = number | 'off';

export type LogLevel = (typeof logLevels)[number];
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Where captures are kept. A postgres URL may hold a password: never print it. */
export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string };

export interface Ports {
  readonly http: Port;
  readonly tls: Port;
  readonly smtp: Port;
  readonly smtps: Port;
  readonly control: Port;
  readonly preview: Port;
  readonly dns: Port;
}

/** `fourthwall start`: every flag and variable of interface.md, "Start". */
export interface Options {
  readonly ports: Ports;
  /** address the ingress listeners (http, tls, smtp, smtps, dns, reverse) bind to */
  readonly host: string;
  /** address the page, API and preview bind to */
  readonly controlHost: string;
  /** how people reach the page, without a trailing slash; null = made from the control address */
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly configDir: string;
  readonly store: StoreLocation;
  /** FOURTHWALL_STORE_KEY: what is personal in the store is sealed with it; null = it is not. A KeyObject shows itself to nobody. */
  readonly storeKey: KeyObject | null;
  /** PEM files of a CA to use instead of our own */
  readonly ca: { readonly cert: string; readonly key: string } | null;
  readonly logLevel: LogLevel;
  /** also play the small shop */
  readonly demo: boolean;
  /** FOURTHWALL_POLICY: text of a policy that replaces the file */
  readonly policy: string | null;
  /** FOURTHWALL_TOKEN: the token of the page and the API */
  readonly token: string | null;
}

type Read<T> = { readonly value: T } | { readonly expected: string };

/** One option: its flag and variable follow from the name. `read` gives a value or says what was expected. */
interface Option<T> {
  readonly flag: string | null;
  readonly variable: string;
  readonly help: string;
  readonly fallback: string | null;
  read(text: string): Read<T>;
}

type Environment = Readonly<Record<string, string | undefined>>;

function option<T>(name: string, help: string, fallback: string | null, read: Option<T>['read'], flag = true): Option<T> {
  return { flag: flag ? name : null, variable: `FOURTHWALL_${name.toUpperCase().replaceAll('-', '_')}`, help, fallback, read };
}

const text = (value: string): Read<string> => ({ value });
const host = (value: string): Read<string> =>
  isIP(value) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(value) ? { value } : { expected: 'an IP address or a host name' };

const port = (value: string): Read<Port> => {
  if (value === 'off') return { value };
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? { value: Number(value) } : { expected: "a port from 0 to 65535 (0 = any free), or 'off'" };
};

const url = (value: string): Read<string> => {
  const parsed = URL.parse(value);
  const good = parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '' && parsed.search === '' && parsed.hash === '';
  return good ? { value: parsed.href.replace(/\/+$/, '') } : { expected: 'an http or https address without user, query or fragment' };
};

const store = (value: string): Read<StoreLocation> => {
  if (value.startsWith('sqlite:') && value.length > 'sqlite:'.length) return { value: { kind: 'sqlite', path: value.slice('sqlite:'.length) } };
  if (/^postgres(ql)?:\/\/./.test(value) && URL.canParse(value)) return { value: { kind: 'postgres', url: value } };
  return { expected: 'sqlite:PATH or postgres://user@host/database' };
};

const level = (value: string): Read<LogLevel> => {
  const found = logLevels.find((known) => known === value);
  return found === undefined ? { expected: `one of ${logLevels.join(', ')}` } : { value: found };
};

const flagValue = (value: string): Read<boolean> => {
  if (/^(true|1|yes|on)$/i.test(value)) return { value: true };
  return /^(false|0|no|off)$/i.test(value) ? { value: false } : { expected: 'true or false' };
};

const token = (value: string): Read<string> => (/^[\x21-\x7e]{8,}$/.test(value) ? { value } : { expected: 'at least 8 printable characters without spaces' });

const storeKey = (value: string): Read<KeyObject> => {
  // Hex digits that are one short are no base64.
  const bytes = /^([0-9a-f]{2})*$/i.test(value) ? Buffer.from(value, 'hex') : /^[A-Za-z0-9+/_-]*={0,2}$/.test(value) && /[^0-9a-f]/i.test(value) ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  return bytes.length >= 32 ? { value: createSecretKey(bytes) } : { expected: '64 hex digits, or base64 of at least 32 bytes' };
};

const table = {
  http: option('http-port', 'HTTP egress: explicit proxy, CONNECT, reverse routes', '8080', port),
  tls: option('tls-port', 'TLS egress by SNI', '8443', port),
  smtp: option('smtp-port', 'SMTP, STARTTLS offered', '1025', port),
  smtps: option('smtps-port', 'SMTP with implicit TLS', '1465', port),
  control: option('control-port', 'page, API and metrics', '8025', port),
  preview: option('preview-port', 'captured HTML, a second origin', '8026', port),
  dns: option('dns-port', 'DNS', 'off', port),
  host: option('host', 'address of the ingress listeners', '127.0.0.1', host),
  controlHost: option('control-host', 'address of control and preview', '127.0.0.1', host),
  publicUrl: option('public-url', 'how people reach the page', null, url),
  data: option('data', 'directory of the store and the CA', './data', text),
  config: option('config', 'directory of policy.yaml and gateway.yaml', './config', text),
  store: option('store', 'sqlite:PATH or postgres://..., by default in the data directory', null, store),
  caCert: option('ca-cert', 'PEM file of a CA of your own', null, text),
  caKey: option('ca-key', 'PEM file of its key', null, text),
  logLevel: option('log-level', logLevels.join(', '), 'info', level),
  demo: option('demo', 'also play a small shop through the gateway', 'false', flagValue),
  policy: option('policy', 'the policy itself (YAML)', null, text, false),
  storeKey: option('store-key', 'key that bodies, recipients and texts are encrypted with', null, storeKey, false),
  token: option('token', 'token of the page and the API', null, token, false),
} as const;

const secrets = new Set(['FOURTHWALL_TOKEN', 'FOURTHWALL_POLICY', 'FOURTHWALL_STORE', '--store', 'FOURTHWALL_STORE_KEY']);

/** One line an option, for `fourthwall start --help`. */
export function optionsHelp(): string {
  return Object.values(table).map((entry) => {
    const names = entry.flag === null ? entry.variable : `--${entry.flag}, ${entry.variable}`;
    return `  ${names.padEnd(46)} ${entry.help}${entry.fallback === null ? '' : ` [${entry.fallback}]`}`;
  }).join('\n');
}

/**
 * Reads the arguments after `fourthwall start`. A flag wins over its variable, an empty variable counts as unset.
 * @returns the options, or every problem at once, one sentence each
 */
export function readOptions(argv: readonly string[], env: Environment):
  { readonly kind: 'options'; readonly options: Options } | { readonly kind: 'problems'; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const flags = readFlags(argv, problems);

  function value<T>(entry: Option<T>): T | null {
    const flagged = entry.flag === null ? undefined : flags.get(entry.flag);
    const variable = env[entry.variable];
    const source = flagged === undefined ? entry.variable : `--${entry.flag}`;
    const raw = flagged ?? (variable === undefined || variable === '' ? entry.fallback : variable);
    if (raw === null) return null;
    const read = entry.read(raw);
    if ('value' in read) return read.value;
    problems.push(`${source}: expected ${read.expected}, found ${secrets.has(source) ? 'something else' : JSON.stringify(raw)}`);
    return null;
  }
  /** for an option that has a default: null only when a problem was noted, so nothing is started with the stand-in */
  function required<T>(entry: Option<T>, standIn: T): T {
    return value(entry) ?? standIn;
  }

  const ports: Ports = {
    http: required(table.http, 'off'), tls: required(table.tls, 'off'), smtp: required(table.smtp, 'off'), smtps: required(table.smtps, 'off'),
    control: required(table.control, 'off'), preview: required(table.preview, 'off'), dns: required(table.dns, 'off'),
  };
  const dataDir = required(table.data, '');
  const cert = value(table.caCert);
  const key = value(table.caKey);
  if ((cert === null) !== (key === null)) problems.push(`--ca-${cert === null ? 'cert' : 'key'}: expected together with --ca-${cert === null ? 'key' : 'cert'}, found only one of the two`);
  const options: Options = {
    ports,
    host: required(table.host, ''),
    controlHost: required(table.controlHost, ''),
    publicUrl: value(table.publicUrl),
    dataDir,
    configDir: required(table.config, ''),
    store: value(table.store) ?? { kind: 'sqlite', path: join(dataDir, 'fourthwall.db') },
    storeKey: value(table.storeKey),
    ca: cert === null || key === null ? null : { cert, key },
    logLevel: required(table.logLevel, 'info'),
    demo: required(table.demo, false),
    policy: value(table.policy),
    token: value(table.token),
  };
  problems.push(...clashes(ports));
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'options', options };
}

/** Flags by name; what is not a flag of ours, given twice or without its value is noted. */
function readFlags(argv: readonly string[], problems: string[]): ReadonlyMap<string, string> {
  const known = new Map(Object.values(table).flatMap((entry) => (entry.flag === null ? [] : [[entry.flag, entry] as const])));
  const config = Object.fromEntries([...known.keys()].map((flag) => [flag, { type: flag === 'demo' ? 'boolean' as const : 'string' as const }]));
  const { tokens } = parseArgs({ args: [...argv], options: config, strict: false, allowPositionals: true, tokens: true });
  const flags = new Map<string, string>();
  for (const [at, part] of tokens.entries()) {
    const before = tokens[at - 1];
    // The value of a flag that does not exist may be a secret: the flag is named, it is not.
    if (part.kind === 'positional' && before?.kind === 'option' && !known.has(before.name)) continue;
    if (part.kind === 'positional') problems.push(`${JSON.stringify(part.value)}: expected a flag, found an argument; start takes none`);
    if (part.kind !== 'option') continue;
    const { name, rawName } = part;
    const given = name === 'demo' ? part.value ?? 'true' : part.value;
    if (!known.has(name) || !rawName.startsWith('--')) problems.push(`${rawName}: unknown flag; known are ${[...known.keys()].map((flag) => `--${flag}`).join(' ')}`);
    else if (given === undefined || given === '' || (!part.inlineValue && given.startsWith('--'))) problems.push(`${rawName}: expected a value, found none`);
    else if (flags.has(name)) problems.push(`${rawName}: expected once, found twice`);
    else flags.set(name, given);
  }
  return flags;
}

/** Two listeners on one fixed port: said here with both names instead of later as EADDRINUSE. DNS is UDP as well and may share. */
function clashes(ports: Ports): readonly string[] {
  const names = ['http', 'tls', 'smtp', 'smtps', 'control', 'preview'] as const;
  return names.flatMap((name, at) => names.slice(0, at)
    .filter((earlier) => ports[name] !== 'off' && ports[name] !== 0 && ports[earlier] === ports[name])
    .map((earlier) => `--${name}-port: expected a port of its own, found ${ports[name]}, which is --${earlier}-port too`));
}
