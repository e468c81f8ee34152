import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import type { CallContent } from '../wire/json-api.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { msisdn, strangersOf } from '../wire/msisdn.ts';
import { parametersOf } from '../wire/parameters.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** A string, or a number as one: callers write 'to' both ways. Null for anything else and for nothing. */
export function textOf(value: JsonValue | undefined): string | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? trimmed(value) : '';
  return text === '' ? null : text;
}

/** Business keys: those of the fields that are there. */
export function keysOf(object: JsonObject, names: readonly string[]): SideEffect['keys'] {
  return names.flatMap((name) => {
    const value = textOf(field(object, name));
    return value === null ? [] : [{ name, value }];
  });
}

/** Whoever is named by fields that Vonage is not known to have counts as reached too. */
export function withStrangers<E extends SideEffect>(effect: E, body: JsonValue, known: readonly RegExp[]): E {
  return { ...effect, recipients: [...effect.recipients, ...strangersOf(body, known, effect.recipients)] };
}

/** A number with the country it may be written for: digits are international only where they begin with that country's code. */
export function phoneIn(number: string, country: string | null): Addressee {
  const international = msisdn(number);
  return { address: country === null || isOf(country.toUpperCase(), international) ? international : number, kind: 'phone', role: 'to' };
}

function isOf(country: string, international: string): boolean {
  const number = parsePhoneNumberFromString(international);
  return isSupportedCountry(country) && number?.countryCallingCode === getCountryCallingCode(country) && number.isPossible();
}

/** A read with no more parameters than these, besides the credential: others may ask for something that is not answered. */
export function only(names: readonly string[]): (request: HttpRequest) => CallContent | Unread {
  const allowed = [...names, 'api_key', 'api_secret', 'sig', 'timestamp'];
  return (request) => {
    const read = parametersOf(request);
    const odd = read.kind === 'unreadable' ? undefined : Object.keys(asObject(read.body) ?? {}).find((name) => !allowed.includes(name));
    return odd === undefined ? read : unreadable(`parameter '${odd.slice(0, 40)}' is not simulated`);
  };
}

/** '447700900000' of '+447700900000': Vonage writes numbers without the plus. */
export function digitsOf(number: string): string {
  return number.replace(/^\+/, '');
}

export function isNumber(text: string): boolean {
  return /^\+?[1-9][0-9]{6,14}$/.test(text);
}

/** '2026-11-21T09:00:00.250Z' */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
