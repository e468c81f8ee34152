import type { Sms } from '../../model/side-effect.ts';
import { fault } from '../wire/aws-operation.ts';
import type { AwsFault } from '../wire/aws-operation.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { trimmed } from '../wire/trim.ts';

export function text(object: JsonObject | null, name: string): string | null {
  return asString(field(object, name));
}

/** A number or an id, blanks around it taken off; '' is none. */
export function named(object: JsonObject | null, name: string): string | null {
  const value = trimmed(text(object, name) ?? '');
  return value === '' ? null : value;
}

/** The caller's own context, which comes back with every event. */
export function contextOf(input: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(asObject(field(input, 'Context')) ?? {}).flatMap(([name, value]) => typeof value === 'string' ? [[name, value] as const] : []));
}

export function keysOf(input: JsonObject): Sms['keys'] {
  return Object.entries(contextOf(input)).map(([name, value]) => ({ name, value }));
}

export function sms(operation: string, rest: Partial<Sms> = {}): Sms {
  return { channel: 'sms', provider: 'aws-sms', operation, liveness: 'unknown', recipients: [], keys: [], from: null, text: null, media: [], template: null, ...rest };
}

/** A change that reaches nobody. */
export function silent(operation: string): readonly [Sms] {
  return [sms(operation)];
}

/** Every error of this API but a few says its reason in a field of its own. */
export function invalid(reason: string, message: string): AwsFault {
  return fault(400, 'ValidationException', message, { Reason: reason });
}

export function conflict(reason: string, message: string): AwsFault {
  return fault(400, 'ConflictException', message, { Reason: reason });
}

export function notFound(type: string, id: string): AwsFault {
  return fault(400, 'ResourceNotFoundException', `The resource ${id} of type ${type} does not exist`, { ResourceType: type, ResourceId: id });
}
