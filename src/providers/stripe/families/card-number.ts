import type { JsonValue } from '../../wire/json.ts';
import { asObject, asString, field } from '../../wire/json.ts';
import { cardError, invalid } from '../errors.ts';
import { brandOf, cardByNumber, cardByToken, luhn } from '../test-cards.ts';
import type { Work } from '../work.ts';
import { tokenFacts } from './card-method.ts';
import type { CardFacts } from './card-method.ts';

/**
 * `card[token]` or `card[number]` with its expiry. Only test cards are taken: any other number is declined like at
 * Stripe in test mode, whatever the key says, and is kept nowhere.
 */
export function readCard(value: JsonValue | undefined, work: Work, param: string): CardFacts {
  const card = asObject(value);
  if (card === null) throw invalid('Invalid object', { param });
  const token = asString(field(card, 'token'));
  if (token !== null) {
    const known = token.startsWith('tok_') ? cardByToken(token) : null;
    if (known === null) throw invalid(`No such token: '${token}'`, { code: 'resource_missing', param: `${param}[token]` });
    return tokenFacts(known, work);
  }
  const number = requireText(card, 'number', param).replaceAll(/[ -]/g, '');
  const expMonth = Number(digits(requireText(card, 'exp_month', param), `${param}[exp_month]`));
  const short = Number(digits(requireText(card, 'exp_year', param), `${param}[exp_year]`));
  const expYear = short < 100 ? 2000 + short : short;
  const cvc = asString(field(card, 'cvc'));
  const today = new Date(work.now * 1000);
  if (!luhn(number)) throw cardError({ code: 'incorrect_number', message: 'Your card number is incorrect.', param: 'number' });
  if (expMonth < 1 || expMonth > 12) throw cardError({ code: 'invalid_expiry_month', message: "Your card's expiration month is invalid.", param: 'exp_month' });
  if (expYear < today.getUTCFullYear() || expYear > today.getUTCFullYear() + 50 || expYear === today.getUTCFullYear() && expMonth < today.getUTCMonth() + 1) {
    throw cardError({ code: 'invalid_expiry_year', message: "Your card's expiration year is invalid.", param: 'exp_year' });
  }
  if (cvc !== null && !/^[0-9]{3,4}$/.test(cvc)) throw cardError({ code: 'invalid_cvc', message: "Your card's security code is invalid.", param: 'cvc' });
  const known = cardByNumber(number);
  if (known === null) {
    throw cardError({
      code: 'card_declined', decline_code: 'test_mode_live_card', param: '',
      message: `Your card was declined. Your request was in test mode, but used a non test (live) ${brandOf(number)} card. For a list of valid test cards, visit: https://stripe.com/docs/testing.`,
    });
  }
  return { card: known, expMonth, expYear, cvcGiven: cvc !== null };
}

function requireText(card: Parameters<typeof field>[0], name: string, param: string): string {
  const value = asString(field(card, name));
  if (value === null || value === '') throw invalid(`Missing required param: ${param}[${name}].`, { code: 'parameter_missing', param: `${param}[${name}]` });
  return value;
}

function digits(value: string, param: string): string {
  if (!/^[0-9]{1,4}$/.test(value)) throw invalid(`Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param });
  return value;
}
