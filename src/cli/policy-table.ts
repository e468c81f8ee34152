import { parseDocument } from 'yaml';
import type { DescribedCall } from '../control/dependencies.ts';
import { UsageError } from './io.ts';

/** One row of `policy test`: a call as described, and what is to be decided about it. */
export interface PolicyTest {
  readonly name: string;
  readonly call: DescribedCall;
  readonly expect: { readonly action: 'capture' | 'forward' | 'reject'; readonly rule: string | null };
}

const callKeys = ['url', 'method', 'headers', 'body', 'service', 'space', 'run', 'provider', 'channel', 'operation', 'liveness', 'to', 'findings'] as const;
type CallKey = (typeof callKeys)[number];

/**
 * Reads a table: a YAML list of `{ name, call, expect: { action, rule } }`. Throws UsageError for the first row that is not
 * one: a misspelt key would be a test of something else.
 */
export function readPolicyTable(text: string, file: string): readonly PolicyTest[] {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) throw new UsageError(`${file}: ${document.errors[0]!.message}`);
  const rows: unknown = document.toJS();
  if (!Array.isArray(rows) || rows.length === 0) throw new UsageError(`${file}: expected a list of { name, call, expect }, found ${rows === null ? 'nothing' : typeof rows}`);
  return rows.map((row: unknown, index) => {
    const where = `${file}: row ${index + 1}`;
    const { name, call, expect } = mappingOf(row, where, ['name', 'call', 'expect']);
    const given = mappingOf(call, `${where}: call`, callKeys);
    const { action, rule } = mappingOf(expect, `${where}: expect`, ['action', 'rule']);
    if (action !== 'capture' && action !== 'forward' && action !== 'reject') throw new UsageError(`${where}: expect.action: expected capture, forward or reject, found ${JSON.stringify(action)}`);
    return {
      name: textOf(name, `${where}: name`) ?? `row ${index + 1}`,
      call: callOf(given, `${where}: call`),
      expect: { action, rule: textOf(rule, `${where}: expect.rule`) },
    };
  });
}

function callOf(given: Readonly<Partial<Record<CallKey, unknown>>>, where: string): DescribedCall {
  const text = (key: CallKey): string | null => textOf(given[key], `${where}.${key}`);
  const liveness = text('liveness');
  if (liveness !== null && liveness !== 'live' && liveness !== 'test' && liveness !== 'unknown') throw new UsageError(`${where}.liveness: expected live, test or unknown, found ${JSON.stringify(liveness)}`);
  const headers = given.headers === undefined ? [] : Object.entries(mappingOf(given.headers, `${where}.headers`, null));
  return {
    space: text('space'), service: text('service') ?? 'unattributed', run: text('run'), method: text('method') ?? 'POST', url: text('url'), body: text('body'),
    headers: headers.map(([name, value]) => [name, textOf(value, `${where}.headers.${name}`) ?? ''] as const),
    provider: text('provider'), channel: text('channel'), operation: text('operation'), liveness,
    recipients: listOf(given.to, `${where}.to`).map((address) => ({ address, kind: null })),
    findings: listOf(given.findings, `${where}.findings`),
  };
}

function mappingOf<K extends string>(value: unknown, where: string, known: readonly K[] | null): Readonly<Partial<Record<K, unknown>>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UsageError(`${where}: expected a mapping${known === null ? '' : ` with ${known.join(', ')}`}, found ${JSON.stringify(value) ?? 'nothing'}`);
  const unknown = known === null ? undefined : Object.keys(value).find((key) => !(known as readonly string[]).includes(key));
  if (unknown !== undefined) throw new UsageError(`${where}: found ${JSON.stringify(unknown)}, expected ${known!.join(', ')}`);
  return value as Readonly<Partial<Record<K, unknown>>>;
}

function textOf(value: unknown, where: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw new UsageError(`${where}: expected text, found ${JSON.stringify(value)}${typeof value === 'number' ? ' (put quotes round it)' : ''}`);
}

function listOf(value: unknown, where: string): readonly string[] {
  const values: readonly unknown[] = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  return values.map((one) => textOf(one, where) ?? '');
}
