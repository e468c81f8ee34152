import { BlockList, isIP } from 'node:net';
import { isRunName } from '../model/attribution.ts';
import { header, headerAll } from '../model/exchange.ts';
import type { Headers } from '../model/exchange.ts';
import type { Origin } from '../model/origin.ts';

/** One row of `origins` in gateway.yaml: calls from these addresses belong to that service. The first that holds wins. */
export interface OriginRow {
  /** '10.1.0.0/16', or one address */
  readonly cidr: string;
  readonly service: string;
  readonly space: string | null;
}

export interface Attribution {
  readonly space: string | null;
  readonly service: string;
  readonly run: string | null;
}

const name = '[a-z0-9][a-z0-9._-]{0,62}';
const userGrammar = new RegExp(`^(?:(${name})/)?(${name})(?:\\+(.*))?$`);

/** `[space/]service[+run]` (interface.md, "Who called"). Null = a login name, which attributes nothing. */
export function parseUser(user: string): Attribution | null {
  const match = userGrammar.exec(user);
  const [, space = null, service, run = null] = match ?? [];
  return service === undefined || (run !== null && !isRunName(run)) ? null : { space, service, run };
}

/**
 * Who called. Never throws: what cannot be read attributes nothing.
 * Service: credential, X-Fourthwall-Service (`[space/]service`), source address, 'unattributed'.
 * Run: X-Fourthwall-Run, credential, W3C baggage `fourthwall.run`. What comes later is only asked when the earlier is absent.
 */
export function originOf(call: {
  /** user name of the proxy or SMTP credential, as the client sent it */
  readonly user: string | null;
  readonly headers: Headers;
  readonly address: string;
  readonly via: Origin['via'];
  readonly table: readonly OriginRow[];
}): Origin {
  const address = plainAddress(call.address);
  const credential = call.user === null ? null : parseUser(call.user);
  const named = parseUser(header(call.headers, 'x-fourthwall-service') ?? '');
  const service = credential ?? (named?.run === null ? named : null) ?? rowOf(address, call.table);
  return {
    space: service?.space ?? null,
    service: service?.service ?? 'unattributed',
    run: runOrNull(header(call.headers, 'x-fourthwall-run')) ?? credential?.run ?? baggageRun(call.headers),
    trace: traceOf(header(call.headers, 'traceparent')),
    address,
    via: call.via,
  };
}

function runOrNull(text: string | null): string | null {
  return text !== null && isRunName(text) ? text : null;
}

/** W3C Baggage §3.2: `key = value ; properties`, comma separated, values percent-encoded. */
function baggageRun(headers: Headers): string | null {
  for (const member of headerAll(headers, 'baggage').join(',').split(',')) {
    const [key, value] = (member.split(';')[0] ?? '').split('=', 2);
    if (key?.trim() !== 'fourthwall.run' || value === undefined) continue;
    const run = runOrNull(decoded(value.trim()));
    if (run !== null) return run;
  }
  return null;
}

/** W3C Trace Context §3.2: version-traceid-parentid-flags; version ff and an all-zero id are invalid. */
function traceOf(traceparent: string | null): string | null {
  const match = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/.exec(traceparent ?? '');
  return match?.[1] ?? null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** '::ffff:10.0.0.1' is 10.0.0.1: a dual-stack listener reports IPv4 clients so. */
export function plainAddress(address: string): string {
  return address.toLowerCase().startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

function rowOf(address: string, table: readonly OriginRow[]): Attribution | null {
  const row = table.find(({ cidr }) => contains(cidr, address));
  return row === undefined ? null : { space: row.space, service: row.service, run: null };
}

/** Is the address in the block? False for what is no block or no address. */
export function contains(cidr: string, address: string): boolean {
  const [network = '', prefix] = cidr.split('/', 2);
  const version = isIP(network);
  if (version === 0 || isIP(address) !== version) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix);
  // BlockList throws on a prefix out of range; such a row holds for nobody.
  if (!Number.isInteger(bits) || bits < 0 || bits > (version === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, family);
}
