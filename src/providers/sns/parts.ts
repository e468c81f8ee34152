import type { Push } from '../../model/side-effect.ts';
import { fault } from '../wire/aws-operation.ts';
import type { AwsFault } from '../wire/aws-operation.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { trimmed } from '../wire/trim.ts';

/** '' is what is not there, as the query protocol has it. */
export function text(object: JsonObject | null, name: string): string | null {
  const value = asString(field(object, name));
  return value === null || value === '' ? null : value;
}

/** An address or an ARN, blanks around it taken off. */
export function named(object: JsonObject | null, name: string): string | null {
  const value = trimmed(text(object, name) ?? '');
  return value === '' ? null : value;
}

export function items(value: JsonValue | undefined): readonly (JsonObject | null)[] {
  return (asArray(value) ?? []).map(asObject);
}

/** `entry.N.key` and `.value`; a later one wins. */
export function pairsOf(value: JsonValue | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(items(value).map((each) => [asString(field(each, 'key')) ?? '', asString(field(each, 'value')) ?? ''] as const));
}

/** A change that reaches nobody: only later messages do. */
export function silent(operation: string): readonly [Push] {
  return [push(operation)];
}

export function push(operation: string, rest: Partial<Push> = {}): Push {
  return { channel: 'push', provider: 'sns', operation, liveness: 'unknown', recipients: [], keys: [], title: null, text: null, data: null, ...rest };
}

export function invalid(message: string): AwsFault {
  return fault(400, 'InvalidParameter', `Invalid parameter: ${message}`);
}

export function notFound(what: string): AwsFault {
  return fault(404, 'NotFound', `${what} does not exist`);
}

/** arn:aws:sns:REGION:ACCOUNT:NAME; what stands behind the account decides what it is. */
export function arnRest(arn: string): string | null {
  return /^arn:aws(?:-[a-z-]+)?:sns:[a-z0-9-]+:\d{12}:([A-Za-z0-9_./-]{1,512})$/.exec(arn)?.[1] ?? null;
}

export function topicName(arn: string): string | null {
  const rest = arnRest(arn);
  return rest !== null && /^[A-Za-z0-9_-]{1,256}(?:\.fifo)?$/.test(rest) ? rest : null;
}

/** Platform and application of `endpoint/GCM/app/ID`. */
export function endpointName(arn: string): { readonly platform: string; readonly application: string } | null {
  const match = /^endpoint\/([A-Z_]{2,20})\/([A-Za-z0-9_.-]{1,256})\/[A-Za-z0-9-]{1,64}$/.exec(arnRest(arn) ?? '');
  return match === null ? null : { platform: match[1]!, application: match[2]! };
}
