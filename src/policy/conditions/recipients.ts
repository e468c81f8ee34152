import type { Recipient, Standing } from '../../model/recipient.ts';
import type { Parsed, Shape } from '../file/shape.ts';
import { as, mapping, oneOrMany, optional, text } from '../file/shape.ts';
import { didYouMean } from '../file/nearest.ts';
import type { DecisionInput } from '../input.ts';
import { glob, regexOr } from '../pattern.ts';
import type { Condition, MakeCondition, Truth } from './condition.ts';
import { and, or } from './condition.ts';

const standings: readonly Standing[] = ['safe', 'reserved', 'real', 'unknown', 'invalid'];

interface Test { readonly shown: string; fits(recipient: Recipient): boolean }

const test: Shape<readonly Test[]> = oneOrMany(text(
  `a standing (${standings.join(', ')}) or an address pattern (*@example.test, +44*, /regex/)`,
  (value, shown): Parsed<Test> => {
    const standing = standings.find((each) => each === value);
    if (standing !== undefined) return { value: { shown, fits: (recipient) => recipient.standing === standing } };
    // A misspelt standing would otherwise become a pattern that never fits.
    if (!/^\/|[@*]|^\+/.test(value)) return { expected: `${or(standings)}, or an address pattern with @, * or +${didYouMean(value, standings)}` };
    const parsed = regexOr(value, shown, () => ({ value: glob(value, { shown, fold: true }) }));
    if ('expected' in parsed) return parsed;
    return { value: { shown, fits: (recipient) => parsed.value.matches(recipient.address) } };
  },
));

/** Over all recipients of all effects together, whatever the rule does. `every` is never true of none. */
export const recipients: Shape<MakeCondition> = as(
  mapping({ every: optional(test), some: optional(test), none: optional(test) }, { least: 1 }),
  (given) => () => {
    const parts: readonly Condition[] = [
      ...quantified(given.every, 'every recipient is', (all, fits) => all.length > 0 && all.every(fits)),
      ...quantified(given.some, 'some recipient is', (all, fits) => all.some(fits)),
      ...quantified(given.none, 'no recipient is', (all, fits) => !all.some(fits)),
    ];
    return {
      sentence: parts.map((part) => part.sentence).join(' and '),
      holds: (input): Truth => and(parts.map((part) => part.holds(input))),
    };
  },
);

function quantified(
  tests: readonly Test[] | null,
  words: string,
  judge: (all: readonly Recipient[], fits: (recipient: Recipient) => boolean) => boolean,
): readonly Condition[] {
  if (tests === null) return [];
  const fits = (recipient: Recipient): boolean => tests.some((each) => each.fits(recipient));
  return [{
    sentence: `${words} ${or(tests.map((each) => each.shown))}`,
    holds(input) {
      const all = allRecipients(input);
      return all === null ? null : judge(all, fits);
    },
  }];
}

/** A host that nobody claims has no recipients; a read reaches nobody. */
function allRecipients(input: DecisionInput): readonly Recipient[] | null {
  if (input.provider === null) return [];
  if (input.decoded === null) return input.stage === 'whole' ? [] : null;
  return input.decoded.kind === 'effects' ? input.decoded.effects.flatMap((effect) => effect.recipients) : [];
}
