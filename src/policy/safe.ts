import { parseEmailAddress, wrongDomain, asciiLowerCase } from '../model/address/email-address.ts';
import { parsePhone } from '../model/address/phone.ts';
import type { Parsed } from './file/shape.ts';
import type { Pattern } from './pattern.ts';
import { glob, regexOr } from './pattern.ts';

/** The only ones anything may be forwarded to. */
export interface Safe {
  readonly emails: readonly Pattern[];
  readonly phones: readonly Pattern[];
  /** device tokens, topics and chats */
  readonly devices: readonly Pattern[];
}

/** An address whose local part may hold `*`, at an exact domain; or a regular expression for the whole address. */
export function parseEmailPattern(text: string, shown: string): Parsed<Pattern> {
  return regexOr(text, shown, () => {
    const expected = 'an address such as qa@example.test or *@example.test (the domain is exact), or /regex/';
    const [local, domain, ...more] = text.split('@');
    if (local === undefined || domain === undefined || more.length > 0) return { expected };
    const wrong = wrongDomain(asciiLowerCase(domain));
    if (wrong !== null) return { expected: `${expected}; this one ${wrong}` };
    if (local.replace(/\*/g, '') !== '' && parseEmailAddress(`${local.replace(/\*/g, 'x')}@${domain}`).kind === 'invalid') return { expected };
    return { value: glob(text, { shown, fold: true }) };
  });
}

/**
 * A number, a number with N (2-9) and X (0-9), or a range of two such that have the same letters in the same places:
 * `+1NXX5550100..+1NXX5550199`. Or a regular expression for the whole E.164 form.
 */
export function parsePhonePattern(text: string, shown: string): Parsed<Pattern> {
  return regexOr(text, shown, () => {
    const expected = 'a number +15005550006, a range +1NXX5550100..+1NXX5550199 (N = 2-9, X = 0-9), or /regex/';
    const [first, last = first, ...more] = text.split('..');
    if (first === undefined || last === undefined || more.length > 0) return { expected };
    if (![first, last].every((end) => /^\+[0-9NX]+$/.test(end) && parsePhone(end.replace(/[NX]/g, '2')).kind === 'phone')) return { expected };
    if (withoutDigits(first) !== withoutDigits(last)) return { expected: `${expected}; both ends have N and X in the same places` };
    if (first > last) return { expected: `${expected}; the lower end first` };
    return { value: { shown, matches: (number) => inRange(number, first, last) } };
  });
}

function withoutDigits(end: string): string {
  return end.replace(/[0-9]/g, '0');
}

function inRange(number: string, first: string, last: string): boolean {
  if (number.length !== first.length) return false;
  const fits = [...number].every((digit, at) => {
    const letter = first[at];
    return letter === 'N' ? /[2-9]/.test(digit) : letter !== 'X' || /[0-9]/.test(digit);
  });
  const fixed = (text: string): string => [...text].filter((_, at) => !/[NX]/.test(first[at] ?? '')).join('');
  return fits && fixed(number) >= fixed(first) && fixed(number) <= fixed(last);
}

/** A token, topic or chat as it stands; `*` stands for anything; or a regular expression. */
export function parseDevicePattern(text: string, shown: string): Parsed<Pattern> {
  return regexOr(text, shown, () => ({ value: glob(text, { shown }) }));
}
