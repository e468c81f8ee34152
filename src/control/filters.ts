import { Type } from 'typebox';
import type { Static } from 'typebox';
import { channels } from '../model/side-effect.ts';
import type { CaptureFilter } from '../model/store.ts';
import { badInput } from './problem.ts';

/** One value or several: `a=1&a=2` always, `a=1,2` too where a value cannot hold a comma. */
const values = (description: string) => Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { maxItems: 100, description }));

/** The filters of interface.md as query parameters. Several values of one = or; several filters = and. */
export const filterParameters = {
  run: values('name of a run'),
  space: values('space of the caller'),
  service: values('service that called'),
  channel: values('email, sms, voice, push, chat, payment, verification'),
  provider: values("name of a provider as in /api/providers, 'smtp' or 'unknown'"),
  operation: values("the vendor's resource and verb: messages.create"),
  action: values('capture, forward, reject'),
  outcome: values('pending, captured, forwarded, relayed, rejected, failed, unknown'),
  liveness: values('live, test, unknown'),
  standing: values('some recipient is safe, reserved, real, unknown, invalid'),
  recipient: values("address, or a pattern with '*'; several by repeating the parameter"),
  person: values('id of a person'),
  host: values('host that was called'),
  key: values("business key: 'value' or 'name:value'; several by repeating the parameter"),
  trace: values('W3C trace id'),
  finding: values('id of a finding'),
  tag: values('tag; several by repeating the parameter'),
  direction: values('out, callback'),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description: 'full text: every word must occur, "quoted phrases" together' })),
  since: Type.Optional(Type.String({ maxLength: 40, description: 'RFC 3339, inclusive' })),
  until: Type.Optional(Type.String({ maxLength: 40, description: 'RFC 3339, inclusive' })),
  after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'seq, exclusive' })),
  before: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'seq, exclusive' })),
};
const filterSchema = Type.Object(filterParameters);
export type FilterQuery = Static<typeof filterSchema>;
export type FilterName = keyof FilterQuery;

type ListFilter = Exclude<FilterName, 'q' | 'since' | 'until' | 'after' | 'before'>;

const name = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const word = /^[A-Za-z0-9_][A-Za-z0-9_.:/-]*$/;
const anything = /^\P{Cc}+$/u;

/** How a filter's values are split and what they may be. A list = exactly these. */
const grammar: Readonly<Record<ListFilter, { readonly comma: boolean; readonly values: readonly string[] | RegExp }>> = {
  run: { comma: true, values: name },
  space: { comma: true, values: name },
  service: { comma: true, values: name },
  channel: { comma: true, values: channels },
  provider: { comma: true, values: [] },
  operation: { comma: true, values: word },
  action: { comma: true, values: ['capture', 'forward', 'reject'] },
  outcome: { comma: true, values: ['pending', 'captured', 'forwarded', 'relayed', 'rejected', 'failed', 'unknown'] },
  liveness: { comma: true, values: ['live', 'test', 'unknown'] },
  standing: { comma: true, values: ['safe', 'reserved', 'real', 'unknown', 'invalid'] },
  recipient: { comma: false, values: anything },
  person: { comma: true, values: word },
  host: { comma: true, values: /^[a-z0-9*._:-]+$/i },
  key: { comma: false, values: anything },
  trace: { comma: true, values: /^[0-9a-f]{32}$/i },
  finding: { comma: true, values: word },
  tag: { comma: false, values: anything },
  direction: { comma: true, values: ['out', 'callback'] },
};
const listFilters = Object.keys(grammar) as readonly ListFilter[];

/** Providers and their channels as configured; others can have no capture. */
export interface KnownNames { readonly providers: readonly string[]; readonly channels: readonly string[] }

/** Checks every value: a misspelt one would match nothing, and "nothing" is what many an assertion hopes for. */
export function captureFilter(query: FilterQuery, known: KnownNames): CaptureFilter {
  const filter: { -readonly [name in keyof CaptureFilter]: CaptureFilter[name] } = {};
  for (const filterName of listFilters) {
    const given = query[filterName];
    if (given === undefined) continue;
    const rule = grammar[filterName];
    const list = rule.comma ? given.flatMap((value) => value.split(',')) : given;
    const allowed = filterName === 'provider' ? [...known.providers, 'smtp', 'unknown']
      : filterName === 'channel' ? [...channels, ...known.channels] : rule.values;
    filter[filterName] = list.map((value) => checked(filterName, value.trim(), allowed));
  }
  if (query.q !== undefined) filter.q = query.q;
  if (query.since !== undefined) filter.since = time('since', query.since);
  if (query.until !== undefined) filter.until = time('until', query.until);
  if (query.after !== undefined) filter.after = query.after;
  if (query.before !== undefined) filter.before = query.before;
  return filter;
}

/**
 * What the applications did: for whoever counts calls, waits for one or judges them. A callback that we sent is none of theirs; whoever asks
 * for a direction gets it.
 */
export function callsOnly(filter: CaptureFilter): CaptureFilter {
  return filter.direction === undefined ? { ...filter, direction: ['out'] } : filter;
}

function checked(filterName: string, value: string, allowed: readonly string[] | RegExp): string {
  if (allowed instanceof RegExp) {
    if (allowed.test(value)) return value;
    throw badInput(filterName, `${JSON.stringify(value)} is not a value it can have`);
  }
  if (allowed.includes(value)) return value;
  throw badInput(filterName, `unknown value ${JSON.stringify(value)}; known are ${[...new Set(allowed)].join(', ')}`);
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** As the store compares it: UTC with milliseconds. */
function time(filterName: string, text: string): string {
  const parsed = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(parsed)) throw badInput(filterName, `expected a time as 2026-11-21T10:00:00Z, found ${JSON.stringify(text)}`);
  return new Date(parsed).toISOString();
}
