import { channels } from '../../model/side-effect.ts';
import type { Decoded, SideEffect } from '../../model/side-effect.ts';
import type { Recipient } from '../../model/recipient.ts';
import type { DecisionInput } from '../input.ts';
import { didYouMean } from '../file/nearest.ts';
import type { Parsed, Shape } from '../file/shape.ts';
import { as, choice, oneOrMany, text } from '../file/shape.ts';
import type { Pattern } from '../pattern.ts';
import { glob } from '../pattern.ts';
import type { MakeCondition } from './condition.ts';
import { compare } from './condition.ts';

/** The name of whoever would be called at a host that nobody claims. */
export const nobody = 'unknown';

export const provider: Shape<MakeCondition> = as(
  oneOrMany(text('the name of a provider', (value, shown, reading): Parsed<Pattern> => {
    const names = [...reading.providers.map((each) => each.name), nobody];
    return names.includes(value) ? { value: glob(value, { shown }) } : { expected: `a provider: one of ${names.join(', ')}${didYouMean(value, names)}` };
  })),
  (patterns) => compare('provider', patterns, (input) => [input.provider?.name ?? nobody]),
);

/** Of a read or an unrecognized call: every channel of its provider. */
export const channel: Shape<MakeCondition> = as(
  oneOrMany(text('a channel', (value, shown, reading): Parsed<Pattern> => {
    const names = [...new Set([...channels, ...reading.providers.flatMap((each) => each.channels)])];
    return names.includes(value) ? { value: glob(value, { shown }) } : { expected: `a channel: one of ${names.join(', ')}${didYouMean(value, names)}` };
  })),
  (patterns) => compare('{effects} channel', patterns, (input) => ofCall(input, {
    effect: (effect) => effect.channel,
    otherwise: () => input.provider?.channels ?? [],
  })),
);

export const operation: Shape<MakeCondition> = as(
  oneOrMany(text("the vendor's resource and verb, such as messages.create; * stands for anything", (value, shown): Parsed<Pattern> => (
    /^[A-Za-z0-9_.*:-]{1,100}$/.test(value) ? { value: glob(value, { shown }) } : { expected: 'an operation such as messages.create or payment_intents.*' }
  ))),
  (patterns) => compare('{effects} operation', patterns, (input) => ofCall(input, {
    effect: (effect) => effect.operation,
    otherwise: (decoded) => (decoded.kind === 'read' ? [decoded.operation] : []),
  })),
);

/** Nothing tells of an unrecognized call, so it is unknown. */
export const liveness: Shape<MakeCondition> = as(oneOrMany(choice('live', 'test', 'unknown')), (names) => compare(
  '{effects} liveness',
  names.map((name) => glob(name, { shown: name })),
  (input) => ofCall(input, {
    effect: (effect) => effect.liveness,
    otherwise: (decoded) => [decoded.kind === 'read' ? decoded.liveness : 'unknown'],
  }),
));

/** Of a host that nobody claims nothing is decoded: no word fits. */
export const decoded: Shape<MakeCondition> = as(oneOrMany(choice('effects', 'read', 'unrecognized')), (names) => compare(
  'the call decoded',
  names.map((name) => glob(name, { shown: name })),
  (input) => {
    if (input.provider === null) return [];
    return input.decoded === null ? notYet(input) : [input.decoded.kind];
  },
));

type NotEffects = Exclude<Decoded<Recipient>, { readonly kind: 'effects' }>;

function ofCall(input: DecisionInput, pick: {
  readonly effect: (effect: SideEffect<Recipient>) => string;
  readonly otherwise: (decoded: NotEffects) => readonly string[];
}): readonly string[] | null {
  // A host that no provider claims has no effects, now or later.
  if (input.provider === null) return [];
  if (input.decoded === null) return notYet(input);
  return input.decoded.kind === 'effects' ? input.decoded.effects.map(pick.effect) : pick.otherwise(input.decoded);
}

/** No values at 'whole', where nothing more will come. */
export function notYet(input: DecisionInput): readonly [] | null {
  return input.stage === 'whole' ? [] : null;
}
