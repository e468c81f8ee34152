import type { DecisionInput } from '../input.ts';
import type { Pattern } from '../pattern.ts';

/** null = not known yet at this stage. At the stage 'whole' every condition says true or false. */
export type Truth = boolean | null;

/** One check of a rule and the sentence that says it: they stand together so that they cannot drift apart. */
export interface Condition {
  readonly sentence: string;
  holds(input: DecisionInput): Truth;
}

/**
 * How a condition reads several values (the channels of a call with two effects, the readings of a doubtful path): a rule
 * that captures or rejects matches when *some* value fits, a rule that forwards only when *every* value does. Inside `not`
 * the two change places, so doubt stays on the closed side there too.
 */
export type Quantifier = 'some' | 'every';

/** A condition as it stands in a rule, before it is known what the rule does. */
export type MakeCondition = (quantifier: Quantifier) => Condition;

export function opposite(quantifier: Quantifier): Quantifier {
  return quantifier === 'some' ? 'every' : 'some';
}

/** Kleene's and: false wins, then not-known-yet. True of no parts. */
export function and(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}

export function not(part: Truth): Truth {
  return part === null ? null : !part;
}

/** `values` gives what the call has, or null while that is not known. Neither quantifier is true of no values. */
export function compare(noun: string, patterns: readonly Pattern[], values: (input: DecisionInput) => readonly string[] | null): MakeCondition {
  const fits = (value: string): boolean => patterns.some((pattern) => pattern.matches(value));
  return (quantifier) => ({
    sentence: `${noun.replace('{effects}', `${quantifier} effect's`)} is ${or(patterns.map((pattern) => pattern.shown))}`,
    holds(input) {
      const found = values(input);
      if (found === null) return null;
      return quantifier === 'some' ? found.some(fits) : found.length > 0 && found.every(fits);
    },
  });
}

/** 'a, b or c' */
export function or(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? 'nothing') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
