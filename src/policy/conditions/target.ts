import type { DecisionInput } from '../input.ts';
import type { Pattern } from '../pattern.ts';
import { glob, parseHostPattern } from '../pattern.ts';
import type { Parsed, Shape } from '../file/shape.ts';
import { as, oneOrMany, shownInteger, text } from '../file/shape.ts';
import type { MakeCondition } from './condition.ts';
import { compare } from './condition.ts';
import { pathReadings } from './path-readings.ts';

/** The hosts of a rule, and whether they are named (`*` names none): a host that no provider claims needs that. */
export interface HostCondition { readonly make: MakeCondition; readonly namesHosts: boolean }

export const host: Shape<HostCondition> = as(
  oneOrMany(text('a host name, an IP address, *.name (not the name itself) or *', parseHostPattern)),
  (patterns) => ({
    make: compare('host', patterns, (input) => (input.target === null ? [] : [input.target.host])),
    namesHosts: patterns.every((pattern) => pattern.namesHosts),
  }),
);

export const port: Shape<MakeCondition> = as(oneOrMany(shownInteger(1, 65535)), (ports) => compare(
  'port',
  ports.map(({ value, shown }) => glob(String(value), { shown })),
  (input) => (input.target === null ? [] : [String(input.target.port)]),
));

export const method: Shape<MakeCondition> = as(
  oneOrMany(text('an HTTP method in capitals', (value, shown): Parsed<Pattern> => (
    /^[A-Z][A-Z-]{0,31}$/.test(value) ? { value: glob(value, { shown }) } : { expected: 'an HTTP method in capitals' }
  ))),
  (patterns) => compare('method', patterns, (input) => known(input, input.target?.method, (value) => [value])),
);

export const path: Shape<MakeCondition> = as(
  oneOrMany(text('a path beginning with /; * stops at /, ** does not', (value, shown): Parsed<Pattern> => (
    value.startsWith('/') && value.length <= 1024 && !/[?#]/.test(value)
      ? { value: glob(value, { shown, stop: '/' }) }
      : { expected: 'a path beginning with /, without query' }
  ))),
  (patterns) => compare('path', patterns, (input) => known(input, input.target?.path, pathReadings)),
);

/** Method and path come after the authority: unknown at 'connect', absent for mail. */
function known(input: DecisionInput, value: string | null | undefined, read: (value: string) => readonly string[]): readonly string[] | null {
  if (value !== null && value !== undefined) return read(value);
  return input.target !== null && input.stage === 'connect' ? null : [];
}
