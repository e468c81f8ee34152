import { as, oneOrMany, text } from '../file/shape.ts';
import type { Parsed, Shape } from '../file/shape.ts';
import type { Pattern } from '../pattern.ts';
import { glob } from '../pattern.ts';
import type { MakeCondition } from './condition.ts';
import { or } from './condition.ts';

/** A finding belongs to the call as a whole: it was made, or it was not. */
export const finding: Shape<MakeCondition> = as(
  oneOrMany(text('the id of a finding, such as null-name; * stands for anything', (value, shown): Parsed<Pattern> => (
    /^[a-z0-9*-]{1,64}$/.test(value) ? { value: glob(value, { shown }) } : { expected: 'the id of a finding: a-z, 0-9, - and *' }
  ))),
  (patterns) => () => ({
    sentence: `a finding is ${or(patterns.map((pattern) => pattern.shown))}`,
    holds: (input) => (input.stage === 'whole' ? input.findings.some((id) => patterns.some((pattern) => pattern.matches(id))) : null),
  }),
);
