import { createHash } from 'node:crypto';
import type { HttpRequest } from '../../model/exchange.ts';
import { formBody } from './body.ts';
import { asObject, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

export type Grant = ReadonlyMap<string, string>;

/** The parameters of a call to a token endpoint (RFC 6749 §3.2): a form, each field at most once, with a grant that is known. */
export function readGrant(request: HttpRequest, grants: readonly string[]): Grant | Unread {
  if (request.query !== null) return unreadable('the call carries parameters in its query');
  const form = formBody(request);
  if (form.kind === 'unreadable') return form;
  const fields = new Map(form.fields);
  if (fields.size !== form.fields.length) return unreadable('a field is given twice');
  const grant = fields.get('grant_type');
  return grant !== undefined && grants.includes(grant) ? fields : unreadable(`the grant is none of ${grants.join(', ')}`);
}

/** The claims of a JSON web token, unverified: good for telling callers apart, for nothing else. */
export function claimsOf(token: string): JsonObject | null {
  const payload = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*$/.exec(token)?.[1];
  const json = payload === undefined ? null : parseJson(Buffer.from(payload, 'base64url'));
  return json?.kind === 'json' ? asObject(json.value) : null;
}

/** A token that says whose it is and is signed by nobody: no service that verifies takes it. */
export function unsignedToken(claims: JsonObject): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ typ: 'JWT', alg: 'none' }), part(claims), Buffer.from('fourthwall').toString('base64url')].join('.');
}

/** The same name for the same caller, from which none of its secrets can be told. */
export function callerOf(...facts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}
