import type { Addressee } from '../../model/recipient.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { peopleIn } from '../wire/people-in.ts';

/** Words of the caller's own, ids and parts of numbers: an address in them reaches nobody. */
const words = /(?:^|\/)(?:reference|description|metadata(?:\/.*)?|name|first_name|last_name|[a-z_]*url|[a-z_]*id|id|number|country_code|token|cryptogram|city|reason|product_name|client_secret|sku)$/s;

/** Every e-mail and telephone number of a body: a number comes in two parts. */
export function addresseesOf(body: JsonObject): readonly Addressee[] {
  return peopleIn(body, { words, roleOf: (names) => names.length > 1 ? names.at(-2)! : 'customer', more: phonesIn(body, 'customer') });
}

function phonesIn(value: JsonValue | undefined, role: string): readonly Addressee[] {
  const list = asArray(value);
  if (list !== null) return list.flatMap((each) => phonesIn(each, role));
  return Object.entries(asObject(value) ?? {}).flatMap(([name, each]) => {
    if (name !== 'phone') return phonesIn(each, name);
    const number = typeof each === 'string' ? each : wholeNumber(asObject(each));
    return number === '' ? [] : [{ address: number, kind: 'phone', role } as const];
  });
}

function wholeNumber(phone: JsonObject | null): string {
  const part = (name: string): string => {
    const value = field(phone, name);
    return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  };
  const [country, number] = [part('country_code').replace(/^\+/, ''), part('number')];
  return number === '' || !/^[0-9]{1,4}$/.test(country) ? number : `+${country}${number}`;
}
