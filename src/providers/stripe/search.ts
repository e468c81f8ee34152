import type { JsonValue } from '../wire/json.ts';
import { invalid } from './errors.ts';
import type { StripeObject } from './object.ts';

/** token: a whole word, in any case; string: words in order, or a part of it; numeric: a number to compare. */
export type SearchType = 'token' | 'string' | 'numeric';

export interface SearchField {
  readonly type: SearchType;
  readonly value: (object: StripeObject) => JsonValue | undefined;
}

/** The field of a name in a query; null when the resource has no such one. `metadata` is asked for with its key. */
export type FieldNamed = (name: string) => SearchField | null;

export interface SearchResource {
  /** 'payment_intents', as Stripe names it in its errors */
  readonly name: string;
  readonly field: FieldNamed;
}

type Operator = ':' | '~' | '>' | '<' | '>=' | '<=';

interface Clause {
  readonly negated: boolean;
  readonly field: string;
  /** null for any field but metadata */
  readonly key: string | null;
  readonly operator: Operator;
  /** null = the word null */
  readonly value: string | null;
}

type Test = (object: StripeObject) => boolean;

/** What a clause may look like: -field:"value", metadata["key"]:"value", amount>=1000, url:null. https://docs.stripe.com/search#search-query-language */
const clausePattern = /(-?)(?:metadata\[(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\]|([A-Za-z_][\w.]*))(:|~|>=|<=|>|<)(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(-?\d+|null)(?=\s|$))/iy;
const joinPattern = /\s+(?:(AND|OR)\s+)?/iy;
const mostClauses = 10;

/** A query as a test on objects. Throws Stripe's own error for what it does not take. */
export function searchTest(query: string, resource: SearchResource): Test {
  const { clauses, any } = parse(query);
  const tests = clauses.map((clause) => testOf(clause, resource));
  return any ? (object) => tests.some((test) => test(object)) : (object) => tests.every((test) => test(object));
}

function parse(query: string): { readonly clauses: readonly Clause[]; readonly any: boolean } {
  const text = query.trim();
  const clauses: Clause[] = [];
  const joins = new Set<string>();
  for (let at = 0; ;) {
    const found = matchAt(clausePattern, text, at);
    if (found === null) throw unparsable();
    const [all, minus, key, otherKey, field, operator, quoted, otherQuoted, bare] = found;
    const metadataKey = key ?? otherKey;
    clauses.push({
      negated: minus === '-', field: field ?? 'metadata', key: metadataKey === undefined ? null : unescape(metadataKey), operator: operator as Operator,
      value: bare === undefined ? unescape(quoted ?? otherQuoted ?? '') : bare.toLowerCase() === 'null' ? null : bare,
    });
    at += all.length;
    if (at === text.length) break;
    const join = matchAt(joinPattern, text, at);
    if (join === null) throw unparsable();
    joins.add((join[1] ?? 'and').toLowerCase());
    at += join[0].length;
  }
  // AND and OR exclude each other, and there are no parentheses
  if (joins.size > 1 || clauses.length > mostClauses) throw unparsable();
  return { clauses, any: joins.has('or') };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = at;
  return sticky.exec(text);
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}

function unparsable(): Error {
  return invalid('We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or key:"value" to query for other fields.', { param: 'query' });
}

function testOf({ negated, field: name, key, operator, value }: Clause, { name: resource, field: fieldNamed }: SearchResource): Test {
  const field: SearchField | null = key === null ? fieldNamed(name) : { type: 'token', value: ({ metadata }) => (metadata as Readonly<Record<string, JsonValue>> | undefined)?.[key] };
  if (field === null) {
    throw invalid(`Field \`${name}\` is an unsupported search field for resource \`${resource}\`. See http://stripe.com/docs/search#query-fields-for-${resource.replaceAll('_', '-')} for a list of supported fields.`, { param: 'query' });
  }
  const compare = value === null ? isNothing(name, operator) : comparison(field.type, operator, value, key === null ? name : `metadata["${key}"]`);
  return (object) => compare(field.value(object) ?? null) !== negated;
}

type Compare = (value: JsonValue) => boolean;

function isNothing(name: string, operator: Operator): Compare {
  if (operator !== ':') throw unsupported(name, operator, 'null can only be looked for with `:`');
  return (value) => value === null || value === '';
}

function comparison(type: SearchType, operator: Operator, wanted: string, name: string): Compare {
  const lower = wanted.toLowerCase();
  switch (type) {
    case 'numeric': {
      if (operator === '~') throw unsupported(name, operator, 'it is numeric');
      if (!/^-?\d{1,15}$/.test(wanted)) throw invalid(`Field \`${name}\` is numeric, and \`${wanted}\` is no whole number.`, { param: 'query' });
      const number = Number(wanted);
      return (value) => typeof value === 'number' && numeric[operator](value, number);
    }
    case 'token':
      if (operator !== ':') throw unsupported(name, operator, 'it is a token, and can only be matched exactly');
      return (value) => value !== null && String(value as string | number | boolean).toLowerCase() === lower;
    case 'string':
      if (operator === ':') return (value) => typeof value === 'string' && ` ${value.toLowerCase().split(/\s+/).join(' ')} `.includes(` ${lower.split(/\s+/).join(' ')} `);
      if (operator !== '~') throw unsupported(name, operator, 'it is a string');
      if (wanted.length < 3) throw invalid(`A substring search needs at least 3 characters: \`${name}~"${wanted}"\``, { param: 'query' });
      return (value) => typeof value === 'string' && value.toLowerCase().includes(lower);
  }
}

const numeric: Readonly<Record<Exclude<Operator, '~'>, (value: number, wanted: number) => boolean>> = {
  ':': (value, wanted) => value === wanted,
  '>': (value, wanted) => value > wanted,
  '<': (value, wanted) => value < wanted,
  '>=': (value, wanted) => value >= wanted,
  '<=': (value, wanted) => value <= wanted,
};

function unsupported(name: string, operator: Operator, why: string): Error {
  return invalid(`Operator \`${operator}\` is not supported for field \`${name}\`: ${why}.`, { param: 'query' });
}
