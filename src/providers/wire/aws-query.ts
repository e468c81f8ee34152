import type { HttpRequest } from '../../model/exchange.ts';
import { defaultLimits } from '../../model/limits.ts';
import { formBody, isBodiless } from './body.ts';
import { formAll, parseQuery } from './form.ts';
import type { FormField } from './form.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** A call of an AWS query API: Action and Version, and the parameters nested as their dots say. */
export interface AwsQueryCall {
  readonly kind: 'query';
  readonly action: string;
  readonly version: string;
  /** lists (`X.member.N`, `X.entry.N`) are arrays; every scalar is a string */
  readonly parameters: JsonObject;
}

/** What a signature adds to the parameters of a GET: Signature Version 4 presigned, and Version 2. */
const signature = /^(?:X-Amz-[A-Za-z0-9-]+|AWSAccessKeyId|Signature|SignatureVersion|SignatureMethod|Timestamp|Expires|SecurityToken)$/;

/** POST with a form, or GET with the same fields in the query; never both, for which one AWS takes cannot be told. */
export function readAwsQuery(request: HttpRequest): AwsQueryCall | Unread {
  if (request.path !== '/') return unreadable('a query call has the path /');
  const form = fieldsOf(request);
  if (form.kind === 'unreadable') return form;
  const [action, version] = ['Action', 'Version'].map((name) => formAll(form.fields, name));
  if (action?.length !== 1 || !/^[A-Za-z]{1,100}$/.test(action[0]!)) return unreadable('there is not exactly one Action');
  if (version?.length !== 1 || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(version[0]!)) return unreadable('there is not exactly one Version');
  const tree = awsTree(form.fields.filter(([name]) => name !== 'Action' && name !== 'Version' && !signature.test(name)));
  return tree.kind === 'unreadable' ? tree : { kind: 'query', action: action[0]!, version: version[0]!, parameters: tree.value };
}

function fieldsOf(request: HttpRequest): { readonly kind: 'form'; readonly fields: readonly FormField[] } | Unread {
  if (request.method === 'GET') return isBodiless(request) ? parseQuery(request.query) : unreadable('a GET has a body');
  if (request.method !== 'POST') return unreadable('a query call is a GET or a POST');
  return request.query === null || request.query === '' ? formBody(request) : unreadable('a POST has parameters in its query too');
}

type Node = { readonly kind: 'leaf'; readonly value: string } | { readonly kind: 'inner'; readonly children: Map<string, Node> };

/**
 * Fields nested by their dots. Where the only child of a name is `member` (or `entry`) and that one's are all numbers, the name is
 * a list, in the order of the numbers, gaps closed. A name that is both scalar and nested, or given twice, is refused.
 */
export function awsTree(fields: readonly FormField[]): { readonly kind: 'tree'; readonly value: JsonObject } | Unread {
  const root = new Map<string, Node>();
  for (const [name, value] of fields) {
    const path = name.split('.');
    if (path.some((step) => !/^[A-Za-z0-9_-]{1,200}$/.test(step) || step === '__proto__')) return unreadable('a parameter has a name that AWS has none of');
    if (path.length > defaultLimits.jsonDepth) return unreadable(`a parameter is nested deeper than ${defaultLimits.jsonDepth}`);
    let children = root;
    for (const step of path.slice(0, -1)) {
      const next = children.get(step) ?? { kind: 'inner', children: new Map<string, Node>() };
      if (next.kind === 'leaf') return unreadable('a parameter is given both a value and parameters of its own');
      children.set(step, next);
      children = next.children;
    }
    if (children.has(path.at(-1)!)) return unreadable('a parameter is given twice, or has both a value and parameters of its own');
    children.set(path.at(-1)!, { kind: 'leaf', value });
  }
  return { kind: 'tree', value: objectOf(root) };
}

function objectOf(children: ReadonlyMap<string, Node>): JsonObject {
  return Object.fromEntries([...children].map(([name, node]) => [name, built(node)]));
}

function built(node: Node): JsonValue {
  if (node.kind === 'leaf') return node.value;
  const [[name, only] = ['', undefined]] = node.children.size === 1 ? [...node.children] : [];
  if ((name === 'member' || name === 'entry') && only?.kind === 'inner') {
    const items = [...only.children].map(([number, item]) => [number, item] as const);
    if (items.every(([number]) => /^(?:0|[1-9][0-9]{0,8})$/.test(number))) {
      return items.sort(([one], [other]) => Number(one) - Number(other)).map(([, item]) => built(item));
    }
  }
  return objectOf(node.children);
}
