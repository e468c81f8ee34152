import { createHash } from 'node:crypto';
import type { Remember } from '../../model/provider.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { asArray, asObject } from '../wire/json.ts';
import { currencies } from './currency.ts';
import type { StripeObject } from './object.ts';
import type { Family } from './operation.ts';
import { defaultVersion } from './reply.ts';
import type { Work } from './work.ts';

/** What a property may hold that is null, or not there, in the object nobody said anything of. */
export type Holds = 'text' | 'number' | 'flag' | 'texts' | 'object' | 'address';

/** How an object that people write is completed and checked. */
export interface Seeding {
  /** what must be said, each with an example */
  readonly needs: Readonly<Record<string, JsonValue>>;
  readonly holds: Readonly<Record<string, Holds>>;
  /** what `complete` reads itself, so that it does not stand as it was said */
  readonly reads?: readonly string[];
  /** the whole object; `given` has what is needed */
  readonly complete: (maker: Maker, given: JsonObject) => StripeObject;
  /** what contradicts itself: 'captured must be true ...'; null when all is well */
  readonly fault?: (object: StripeObject) => string | null;
}

/** What makes objects without a call: the first id it is asked for is the object's own, all others follow from that. */
export type Maker = Pick<Work, 'id' | 'now' | 'livemode' | 'version'> & { readonly own: string };

export function maker(own: string, { now, livemode }: { readonly now: number; readonly livemode: boolean }): Maker {
  let asked = 0;
  return {
    own, now, livemode, version: defaultVersion,
    id(prefix, length = 24) {
      asked += 1;
      if (asked === 1) return own;
      const digest = createHash('sha512').update(`${own} ${asked}`).digest('base64').replaceAll(/[+/=]/g, '');
      return `${prefix}${digest.repeat(Math.ceil(length / digest.length)).slice(0, length)}`;
    },
  };
}

/** 2025-01-01: when an object was made that says nothing of it. */
const longAgo = 1_735_689_600;

/** The object as Stripe would show it and as calls find it. Throws a sentence that says what is right. */
export function seeded(family: Family, seed: Seeding, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  const { kind } = family;
  const wrong = (what: string): Error => new Error(`${kind} ${id}: ${what}`);
  if (!new RegExp(`^${kind === 'product' ? '' : family.prefix ?? ''}[0-9A-Za-z_.-]{1,200}$`).test(id)) throw wrong(`its id must begin with ${family.prefix ?? ''} and hold nothing but letters, digits and _`);
  const given = asObject(value as JsonValue);
  if (given === null) throw wrong('it must be an object of Stripe\'s own properties, such as metadata: { order: "7" }');
  if (given['id'] !== undefined && given['id'] !== id) throw wrong(`its id is told twice, and differs: ${say(given['id'])}`);
  if (given['object'] !== undefined && given['object'] !== kind) throw wrong(`object must be ${kind}; it is ${say(given['object'])}`);
  const missing = Object.keys(seed.needs).find((name) => given[name] === undefined || given[name] === null);
  if (missing !== undefined) throw wrong(`${missing} is missing; say for instance ${missing}: ${say(seed.needs[missing]!)}`);
  const { id: _, object: __, ...said } = given;
  const created = said['created'];
  if (created !== undefined && !Number.isSafeInteger(created)) throw wrong(`created must be a time in whole seconds; it is ${say(created)}`);
  const make = (from: JsonObject): StripeObject => seed.complete(maker(id, { now: typeof created === 'number' ? created : longAgo, livemode: said['livemode'] === true }), from);
  const fault = misfit(said, make(seed.needs), seed.holds, '') ?? currencyFault(said);
  if (fault !== null) throw wrong(fault);
  const asSaid = Object.fromEntries(Object.entries(said).filter(([name]) => seed.reads?.includes(name) !== true));
  const object = merged(make(said), asSaid) as StripeObject;
  const contradiction = seed.fault?.(object) ?? null;
  if (contradiction !== null) throw wrong(contradiction);
  return { value: object, index: family.index(object) };
}

/** The first property that Stripe does not have there, or not so; null when there is none. */
function misfit(said: JsonObject, model: JsonObject, holds: Readonly<Record<string, Holds>>, at: string): string | null {
  for (const [name, value] of Object.entries(said)) {
    const path = `${at}${name}`;
    const known = Object.hasOwn(model, name) ? model[name]! : undefined;
    const type = holds[path] ?? (known === undefined || known === null ? undefined : typeOf(known));
    if (known === undefined && type === undefined) return `${path} is no property that is kept; those are ${[...new Set([...Object.keys(model), ...namesAt(holds, at)])].toSorted().join(', ')}`;
    if (value === null) {
      if (known !== null && holds[path] === undefined) return `${path} cannot be null`;
      continue;
    }
    if (type === undefined) return `${path} can only be null here`;
    if (!fits[type](value)) return `${path} must be ${words[type]}; it is ${say(value)}`;
    if (path.split('.').at(-1) === 'metadata') {
      const odd = Object.entries(asObject(value)!).find(([, entry]) => typeof entry !== 'string');
      if (odd !== undefined) return `${path}.${odd[0]} must be text, so write it in quotes; it is ${say(odd[1])}`;
      continue;
    }
    const inner = asObject(known ?? null);
    const deeper = inner === null || Object.keys(inner).length === 0 || holds[path] === 'object' ? null : misfit(asObject(value)!, inner, holds, `${path}.`);
    if (deeper !== null) return deeper;
  }
  return null;
}

/** 'footer' of 'invoice_settings.footer', at 'invoice_settings.' */
function namesAt(holds: Readonly<Record<string, Holds>>, at: string): readonly string[] {
  return Object.keys(holds).filter((path) => path.startsWith(at)).map((path) => path.slice(at.length)).filter((name) => !name.includes('.'));
}

function currencyFault(said: JsonObject): string | null {
  const code = said['currency'];
  return typeof code === 'string' && !currencies.includes(code) ? `currency must be one that Stripe has, in small letters, such as eur; it is ${say(code)}` : null;
}

function typeOf(value: JsonValue): Holds {
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'flag' : asArray(value) === null ? 'object' : 'texts';
}

const words: Readonly<Record<Holds, string>> = {
  text: 'text', number: 'a whole number', flag: 'true or false', texts: 'a list', object: 'an object', address: 'an object with line1, line2, postal_code, city, state and country',
};

const fits: Readonly<Record<Holds, (value: JsonValue) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => Number.isSafeInteger(value),
  flag: (value) => typeof value === 'boolean',
  texts: (value) => asArray(value) !== null,
  object: (value) => asObject(value) !== null,
  address: (value) => Object.entries(asObject(value) ?? { none: true }).every(([name, part]) => ['city', 'country', 'line1', 'line2', 'postal_code', 'state'].includes(name) && (part === null || typeof part === 'string')),
};

function say(value: JsonValue): string {
  return JSON.stringify(value).slice(0, 80);
}

/** What was said over what was made up, object by object. */
function merged(made: JsonObject, said: JsonObject): JsonObject {
  return Object.fromEntries([...new Set([...Object.keys(made), ...Object.keys(said)])].map((name) => {
    const [before, over] = [made[name], said[name]];
    const [inner, deeper] = [asObject(before ?? null), asObject(over ?? null)];
    return [name, over === undefined ? before! : inner !== null && deeper !== null ? merged(inner, deeper) : over];
  }));
}
