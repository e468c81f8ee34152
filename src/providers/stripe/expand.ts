import type { JsonObject, JsonValue } from '../wire/json.ts';
import { asArray, asObject } from '../wire/json.ts';
import { invalid } from './errors.ts';
import { familyOfId, familyOfKind } from './families.ts';
import type { StripeObject } from './object.ts';
import type { Include } from './operation.ts';
import type { Work } from './work.ts';

/** The body with ids replaced by their objects, along each path ('latest_charge.refunds', 'data.customer'). https://docs.stripe.com/api/expanding_objects */
export async function expand(body: JsonObject, paths: readonly string[], work: Work): Promise<JsonObject> {
  let expanded = body;
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > (steps[0] === 'data' ? 5 : 4)) {
      throw invalid(`You cannot expand more than 4 levels of a property. Property: ${path}`, { param: 'expand' });
    }
    expanded = await along(expanded, steps, path, work);
  }
  return expanded;
}

async function along(object: JsonObject, steps: readonly string[], path: string, work: Work): Promise<JsonObject> {
  const [name, ...rest] = steps;
  if (name === undefined) return object;
  const include = Object.hasOwn(object, name) ? undefined : includes(object, name);
  const value = include === undefined ? object[name] : await include(object as StripeObject, work);
  // a property that some objects of the kind have, and this one has not
  if (value === undefined && include !== undefined) return object;
  if (value === undefined) throw unexpandable(path, object['object'] === 'list');
  return { ...object, [name]: await expandedValue(value, name, rest, path, work) };
}

async function expandedValue(value: JsonValue, name: string, rest: readonly string[], path: string, work: Work): Promise<JsonValue> {
  if (value === null) return null;
  const list = asArray(value);
  if (list !== null) return Promise.all(list.map((item) => expandedValue(item, name, rest, path, work)));
  const object = typeof value === 'string' ? await byId(value, name, path, work) : asObject(value);
  if (typeof value === 'string' && object === null) return value;
  if (object === null) throw unexpandable(path, false);
  return along(object, rest, path, work);
}

/**
 * The object of an id; null when it is gone. A text that is no id cannot be expanded. Where the caller may choose ids (products,
 * coupons) the property's name tells the kind.
 */
async function byId(id: string, name: string, path: string, work: Work): Promise<StripeObject | null> {
  const family = familyOfId(id) ?? familyOfKind(name);
  if (family === null) throw unexpandable(path, false);
  const found = await work.find(family.kind, id);
  return found === null || family.shown === undefined ? found : family.shown(found, work.now);
}

function includes(object: JsonObject, name: string): Include | undefined {
  const kind = object['object'];
  return typeof kind === 'string' ? familyOfKind(kind)?.includes?.[name] : undefined;
}

function unexpandable(path: string, isList: boolean): Error {
  return invalid(`This property cannot be expanded (${path}).${isList ? ` You may want to try expanding 'data.${path}' instead.` : ''}`, { param: 'expand' });
}
