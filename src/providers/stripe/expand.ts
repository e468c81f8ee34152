import type { JsonObject, JsonValue } from '../wire/json.ts';
import { asArray, asObject, asString } from '../wire/json.ts';
import { invalid, notSimulated } from './errors.ts';
import { expandable } from './expandable.ts';
import { familyOfId, familyOfKind, inVersion } from './families.ts';
import type { StripeObject } from './object.ts';
import type { Include } from './operation.ts';
import { defaultVersion } from './reply.ts';
import type { Work } from './work.ts';

/** The body with ids replaced by their objects, along each path ('latest_charge.refunds', 'data.customer'). https://docs.stripe.com/api/expanding_objects */
export async function expand(body: JsonObject, paths: readonly string[], work: Work): Promise<JsonObject> {
  let expanded = body;
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > (steps[0] === 'data' ? 5 : 4)) {
      throw invalid(`You cannot expand more than 4 levels of a property. Property: ${path}`, { param: 'expand' });
    }
    const isList = isListed(body);
    if (isList && steps[0] !== 'data') throw unexpandable(path, true);
    if (isList && steps.length === 1) throw unexpandable(path, false);
    // what older versions had besides is no longer in the types: there the object itself is asked
    const older = work.version.slice(0, 10) < defaultVersion.slice(0, 10);
    if (!older && !leadsSomewhere(kindsOf(body), isList ? steps.slice(1) : steps)) throw unexpandable(path, false);
    expanded = await along(expanded, steps, { path, work, at: [] });
  }
  return expanded;
}

interface Way {
  /** the whole path, for errors */
  readonly path: string;
  readonly work: Work;
  /** the steps since the last object with a kind */
  readonly at: readonly string[];
  /** that object's kind */
  readonly kind?: string;
}

function isListed(object: JsonObject): boolean {
  return object['object'] === 'list' || object['object'] === 'search_result';
}

/** The kinds of objects a path begins at; null where an empty list tells none. */
function kindsOf(body: JsonObject): readonly string[] | null {
  if (!isListed(body)) return [asString(body['object']) ?? ''];
  const kinds = new Set((asArray(body['data']) ?? []).map((item) => asString(asObject(item)?.['object']) ?? ''));
  return kinds.size === 0 ? null : [...kinds];
}

/** Whether a path exists for any of the kinds, whatever their objects hold. */
function leadsSomewhere(kinds: readonly string[] | null, steps: readonly string[]): boolean {
  if (steps.length === 0 || kinds === null) return true;
  return kinds.some((kind) => steps.some((_, index) => {
    const name = steps.slice(0, index + 1).join('.');
    const target = targetOf(kind, name);
    if (target === null) return false;
    const rest = steps.slice(index + 1);
    return rest.length === 0 || (target.list ? rest[0] === 'data' && leadsSomewhere(target.kinds, rest.slice(1)) : leadsSomewhere(target.kinds, rest));
  }));
}

function targetOf(kind: string, name: string): { readonly list: boolean; readonly kinds: readonly string[] } | null {
  const words = (Object.hasOwn(expandable, kind) && Object.hasOwn(expandable[kind]!, name) ? expandable[kind]![name]! : '').split(' ');
  if (words[0] !== '') return words[0] === 'list' ? { list: true, kinds: words.slice(1) } : { list: false, kinds: words };
  return familyOfKind(kind)?.includes?.[name] === undefined ? null : { list: false, kinds: [] };
}

async function along(object: JsonObject, steps: readonly string[], way: Way): Promise<JsonObject> {
  const [name, ...rest] = steps;
  if (name === undefined) return object;
  const kind = asString(object['object']);
  const here: Way = kind === null ? { ...way, at: [...way.at, name] } : { ...way, kind, at: [name] };
  const include = Object.hasOwn(object, name) ? undefined : includes(object, name);
  const value = include === undefined ? object[name] : shownNow(await include(object as StripeObject, way.work), way.work);
  // a property that some objects of the kind have, and this one has not
  if (value === undefined && (include !== undefined || kind === null)) return object;
  if (value === undefined) {
    const target = here.kind === undefined ? null : targetOf(here.kind, here.at.join('.'));
    // a list that Stripe would have; anything else is a property that this object leaves out
    if (target?.list === true) throw notSimulated(`expanding ${way.path}`);
    if (target !== null) return object;
    // the way to something deeper that this object has not
    if (rest.length > 0 && here.kind !== undefined && Object.keys(expandable[here.kind] ?? {}).some((known) => known.startsWith(`${name}.`))) return object;
    throw unexpandable(way.path, false);
  }
  return { ...object, [name]: await expandedValue(value, rest, here) };
}

async function expandedValue(value: JsonValue, rest: readonly string[], way: Way): Promise<JsonValue> {
  if (value === null) return null;
  const list = asArray(value);
  if (list !== null) return Promise.all(list.map((item) => expandedValue(item, rest, way)));
  const object = typeof value === 'string' ? await byId(value, way) : asObject(value);
  if (typeof value === 'string' && object === null) return value;
  if (object === null) throw unexpandable(way.path, false);
  return along(object, rest, way);
}

/**
 * The object of an id; null when it is gone. The types tell its kind; where they tell several, or are silent about an older version's
 * property, its prefix does, or the property's name.
 */
async function byId(id: string, { kind, at, path, work }: Way): Promise<JsonObject | null> {
  const target = kind === undefined ? null : targetOf(kind, at.join('.'));
  const known = (target?.kinds ?? []).map(familyOfKind).filter((family) => family !== null);
  const family = known.find(({ prefix }) => prefix !== null && id.startsWith(prefix)) ?? known[0] ?? (target === null ? familyOfId(id) ?? familyOfKind(at.at(-1) ?? '') : null);
  if (family === null) throw target === null ? unexpandable(path, false) : notSimulated(`expanding ${path}`);
  const found = await work.find(family.kind, id);
  const now = found === null || family.shown === undefined ? found : family.shown(found, work.now);
  return now === null || family.inVersion === undefined || now['deleted'] === true ? now : family.inVersion(now, work.version);
}

/** What an include gave, as the caller's version has it. */
function shownNow(value: JsonValue | undefined, work: Work): JsonValue | undefined {
  const object = asObject(value ?? null);
  return object === null ? value : inVersion(object, work.version);
}

function includes(object: JsonObject, name: string): Include | undefined {
  const kind = object['object'];
  return typeof kind === 'string' ? familyOfKind(kind)?.includes?.[name] : undefined;
}

function unexpandable(path: string, isList: boolean): Error {
  return invalid(`This property cannot be expanded (${path}).${isList ? ` You may want to try expanding 'data.${path}' instead.` : ''}`, { param: 'expand' });
}
