import type { Parsed, Shape } from '../file/shape.ts';
import { as, oneOrMany, text } from '../file/shape.ts';
import type { DecisionInput } from '../input.ts';
import type { Pattern } from '../pattern.ts';
import { glob } from '../pattern.ts';
import type { MakeCondition } from './condition.ts';
import { compare } from './condition.ts';

const name = (noun: string) => oneOrMany(text(`the name of a ${noun}; * stands for anything`, (value, shown): Parsed<Pattern> => (
  /^[A-Za-z0-9._*-]{1,100}$/.test(value) ? { value: glob(value, { shown }) } : { expected: `the name of a ${noun}: letters, digits, . _ - and *` }
)));

/** Headers inside a tunnel may still name another service or space: not known at 'connect'. */
export const space: Shape<MakeCondition> = as(name('space'), (patterns) => compare(
  'space', patterns, (input) => (input.stage === 'connect' ? null : present(input.origin.space)),
));

export const service: Shape<MakeCondition> = as(name('service'), (patterns) => compare(
  'service', patterns, (input) => (input.stage === 'connect' ? null : [input.origin.service]),
));

/** Metadata and claims settle the run, so it is known with the whole call only. */
export const run: Shape<MakeCondition> = as(name('run'), (patterns) => compare(
  'run', patterns, (input) => (input.stage === 'whole' ? present(input.run) : null),
));

function present(value: DecisionInput['run']): readonly string[] {
  return value === null ? [] : [value];
}
