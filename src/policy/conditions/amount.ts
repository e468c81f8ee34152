import type { Money } from '../../model/money.ts';
import type { Parsed, Shape } from '../file/shape.ts';
import { as, mapping, oneOrMany, required, text } from '../file/shape.ts';
import type { MakeCondition } from './condition.ts';
import { or } from './condition.ts';

interface Bound { readonly shown: string; readonly currency: string | null; readonly digits: bigint; readonly exponent: number }

const description = 'an amount in quotes: "EUR 100.00" for that currency, "100" for any';

const bound: Shape<Bound> = text(description, (value, shown): Parsed<Bound> => {
  const split = /^(?:([A-Z]{3}) )?([0-9]{1,15})(?:\.([0-9]{1,4}))?$/.exec(value);
  if (split === null) return { expected: description };
  const fraction = split[3] ?? '';
  return { value: { shown, currency: split[1] ?? null, digits: BigInt(`${split[2]}${fraction}`), exponent: fraction.length } };
});

/** Of the payments in the call; one without an amount, or in another currency, is not over it. */
export const amount: Shape<MakeCondition> = as(mapping({ over: required(oneOrMany(bound)) }), ({ over }) => (quantifier) => ({
  sentence: `${quantifier} effect's amount is over ${or(over.map((each) => each.shown))}`,
  holds(input) {
    if (input.provider === null) return false;
    if (input.decoded === null) return input.stage === 'whole' ? false : null;
    if (input.decoded.kind !== 'effects') return false;
    const isOver = input.decoded.effects.map((effect) => (
      effect.channel === 'payment' && effect.amount !== null && over.some((each) => exceeds(effect.amount!, each))
    ));
    return quantifier === 'some' ? isOver.includes(true) : isOver.length > 0 && !isOver.includes(false);
  },
}));

/** Exact: both sides brought to the same number of decimals. */
function exceeds(money: Money, limit: Bound): boolean {
  if (limit.currency !== null && limit.currency !== money.currency) return false;
  if (!/^-?[0-9]+$/.test(money.minor)) return false;
  return BigInt(money.minor) * 10n ** BigInt(limit.exponent) > limit.digits * 10n ** BigInt(money.exponent);
}
