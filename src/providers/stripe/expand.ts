import type { JsonObject, JsonValue } from '../wire/json.ts';
import { asArray, asObject } from '../wire/json.ts';
import { invalid } from './errors.ts';
import { familyOfId, familyOfKind } from './families.ts';
import type { StripeObject } from './object.ts';
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
  const value = Object.hasOwn(object, name) ? object[name] : await included(object, name, work);
  if (value === undefined) throw unexpandable(path, object['object'] === 'list');
  return { ...object, [name]: await expandedValue(value, rest, path, work) };
}

async function expandedValue(value: JsonValue, rest: readonly string[], path: string, work: Work): Promise<JsonValue> {
  if (value === null) return null;
  const list = asArray(value);
  if (list !== null) return Promise.all(list.map((item) => expandedValue(item, rest, path, work)));
  const object = typeof value === 'string' ? await byId(value, path, work) : asObject(value);
  if (typeof value === 'string' && object === null) return value;
  if (object === null) throw unexpandable(path, false);
  return along(object, rest, path, work);
}

/** The object of an id; null when it is gone. A text that is no id cannot be expanded. */
async function byId(id: string, path: string, work: Work): Promise<StripeObject | null> {
  const family = familyOfId(id);
  if (family === null) throw unexpandable(path, false);
  return work.find(family.kind, id);
}

async function included(object: JsonObject, name: string, work: Work): Promise<JsonValue | undefined> {
  const kind = object['object'];
  return typeof kind === 'string' ? familyOfKind(kind)?.includes?.[name]?.(object as StripeObject, work) : undefined;
}

function unexpandable(path: string, isList: boolean): Error {
  return invalid(`This property cannot be expanded (${path}).${isList ? ` You may want to try expanding 'data.${path}' instead.` : ''}`, { param: 'expand' });
}
