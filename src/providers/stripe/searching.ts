import type { JsonObject, JsonValue } from '../wire/json.ts';
import { asObject, asString, field } from '../wire/json.ts';
import { invalid } from './errors.ts';
import { everyOne } from './list.ts';
import type { StripeObject } from './object.ts';
import { ok, operation } from './operation.ts';
import type { Family, Operation } from './operation.ts';
import { integer, required, text } from './params.ts';
import { searchTest } from './search.ts';
import type { SearchField, SearchResource, SearchType } from './search.ts';

/** A property by its path: 'billing_details.address.postal_code'. */
function at(path: string): SearchField['value'] {
  const names = path.split('.');
  return (object) => names.reduce<JsonValue | undefined>((value, name) => (value === undefined ? undefined : field(asObject(value), name)), object);
}

/** Fields by their type, each read where its name says, but for those of `elsewhere`. */
function resource(name: string, types: Readonly<Record<string, SearchType>>, elsewhere: Readonly<Record<string, SearchField['value']>> = {}): SearchResource {
  return {
    name,
    field: (asked) => {
      const type = Object.hasOwn(types, asked) ? types[asked] : name === 'charges' && sourceField.test(asked) ? 'token' : undefined;
      return type === undefined ? null : { type, value: Object.hasOwn(elsewhere, asked) ? elsewhere[asked]! : at(asked) };
    },
  };
}

const sourceField = /^payment_method_details\.(?:card|(?:card|interac)_present)\.(?:last4|exp_month|exp_year|brand|fingerprint|reader|location)$/;

/** What can be searched, by the kind of object. https://docs.stripe.com/search#supported-query-fields-for-each-resource */
const searchable: Readonly<Record<string, SearchResource>> = {
  charge: resource('charges', {
    amount: 'numeric', 'billing_details.address.postal_code': 'token', created: 'numeric', currency: 'token', customer: 'token', disputed: 'token', refunded: 'token', status: 'token',
    // null where there is nothing to refund
  }, { refunded: (charge) => (charge['status'] === 'succeeded' ? charge['refunded'] : null) }),
  customer: resource('customers', { created: 'numeric', email: 'string', name: 'string', phone: 'string' }),
  invoice: resource('invoices', {
    created: 'numeric', currency: 'token', customer: 'token', last_finalization_error_code: 'token', last_finalization_error_type: 'token', number: 'string', receipt_number: 'string',
    status: 'string', subscription: 'string', total: 'numeric',
  }, {
    last_finalization_error_code: at('last_finalization_error.code'), last_finalization_error_type: at('last_finalization_error.type'),
    // a property of its own before 2025-03-31
    subscription: (invoice) => asString(at('parent.subscription_details.subscription')(invoice)) ?? invoice['subscription'],
  }),
  payment_intent: resource('payment_intents', { amount: 'numeric', created: 'numeric', currency: 'token', customer: 'token', status: 'token' }),
  price: resource('prices', { active: 'token', currency: 'token', lookup_key: 'string', product: 'string', type: 'token' }),
  product: resource('products', { active: 'token', description: 'string', name: 'string', shippable: 'token', url: 'string' }),
  subscription: resource('subscriptions', { canceled_at: 'numeric', created: 'numeric', status: 'token' }),
};

const params = { query: required(text), limit: integer({ min: 1, max: 100 }), page: text };

/** The searches over the families that are simulated, by operation. What was just written is found at once; at Stripe that takes a minute. */
export function searches(families: readonly Family[]): Readonly<Record<string, Operation>> {
  return Object.fromEntries(families.flatMap(({ kind, shown }) => {
    const sought = searchable[kind];
    return sought === undefined ? [] : [[`${sought.name}.search`, searching(kind, sought, shown)] as const];
  }));
}

function searching(kind: string, sought: SearchResource, shown: Family['shown']): Operation {
  return (given) => {
    // the only property of a result that is shown when it is asked for
    const counts = Array.isArray(given['expand']) && given['expand'].includes('total_count');
    const rest = counts ? { ...given, expand: (given['expand'] as readonly JsonValue[]).filter((path) => path !== 'total_count') } : given;
    return operation(params, async ({ query, limit, page }, work) => {
      const test = searchTest(query, sought);
      const all = (await everyOne(work, kind)).map((object) => shown?.(object, work.now) ?? object).filter((object) => object['deleted'] !== true && test(object));
      const from = typeof page === 'string' ? after(all, page) : 0;
      const data = all.slice(from, from + (limit ?? 10));
      const more = from + data.length < all.length;
      return ok({
        object: 'search_result', data, has_more: more, next_page: more ? tokenOf(data.at(-1)!) : null, url: `/v1/${sought.name}/search`, ...(counts ? { total_count: all.length } : {}),
      } satisfies JsonObject);
    })(rest);
  };
}

/** The place behind the object of a `next_page`. */
function after(all: readonly StripeObject[], page: string): number {
  const index = all.findIndex((object) => tokenOf(object) === page);
  if (index < 0) throw invalid('The page you passed is not one that a search has given you as next_page.', { param: 'page' });
  return index + 1;
}

function tokenOf(object: StripeObject): string {
  return Buffer.from(object.id).toString('base64url');
}
