import type { HttpRequest } from '../../model/exchange.ts';
import type { Consequences, SimulationContext } from '../../model/provider.ts';
import type { Decoded, SideEffect } from '../../model/side-effect.ts';
import type { AwsXml } from './aws-reply.ts';
import { readShape } from './aws-shape.ts';
import type { Shape } from './aws-shape.ts';
import type { JsonObject } from './json.ts';
import { asksForAnotherMethod } from './method-override.ts';
import { strangers } from './strangers.ts';
import type { Leaf } from './strangers.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** One operation of an AWS API that has all of them at one path. */
export interface AwsOperation {
  /** Amazon's own name of it */
  readonly name: string;
  readonly shape: Shape;
  /** absent: a read, which changes nothing and reaches nobody */
  readonly effects?: (input: JsonObject, request: HttpRequest) => readonly SideEffect[] | Unread;
  readonly answer: (call: AwsAnswering) => Promise<AwsAnswered>;
}

export interface AwsAnswering {
  readonly request: HttpRequest;
  readonly input: JsonObject;
  readonly context: SimulationContext;
}

export type AwsAnswered = ({ readonly kind: 'result'; readonly value: AwsXml & (object | null) } & Consequences) | AwsFault;

/** What Amazon answers instead. Code is the SDK's error type. */
export interface AwsFault {
  readonly kind: 'fault';
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** fields beside the message, where the protocol is JSON */
  readonly more?: Readonly<Record<string, unknown>>;
}

export function fault(status: number, code: string, message: string, more?: AwsFault['more']): AwsFault {
  return { kind: 'fault', status, code, message, ...more === undefined ? {} : { more } };
}

export function result(value: AwsXml & (object | null), consequences: Consequences = {}): AwsAnswered {
  return { kind: 'result', value, ...consequences };
}

export interface AwsCall {
  readonly kind: 'call';
  readonly operation: AwsOperation;
  readonly input: JsonObject;
  /** texts in fields that the operation has not */
  readonly unknown: readonly Leaf[];
}

/** The operation of that name, and the input held against its shape. */
export function awsCall(operations: readonly AwsOperation[], request: HttpRequest, name: string, input: JsonObject): AwsCall | Unread {
  if (asksForAnotherMethod(request.headers)) return unreadable('a header asks for another method');
  const operation = operations.find((each) => each.name === name);
  if (operation === undefined) return unreadable(`${name} is not simulated`);
  const shaped = readShape(input, operation.shape);
  return shaped.kind === 'unreadable' ? unreadable(`${name}: ${shaped.why}`) : { kind: 'call', operation, input, unknown: shaped.unknown };
}

/** Its effects, with whoever is named in a field nobody knows of. A read's liveness is not known: an account in the sandbox does not say so. */
export function decodeAwsCall(vendor: string, call: AwsCall | Unread, request: HttpRequest): Decoded {
  if (call.kind === 'unreadable') return { kind: 'unrecognized', why: `${vendor}: ${call.why}` };
  const { operation, input, unknown } = call;
  if (operation.effects === undefined) return { kind: 'read', operation: operation.name, liveness: 'unknown' };
  const effects = operation.effects(input, request);
  if ('kind' in effects) return { kind: 'unrecognized', why: `${vendor} ${operation.name}: ${effects.why}` };
  const others = strangers(unknown, effects.flatMap(({ recipients }) => recipients));
  return { kind: 'effects', effects: others.length === 0 ? effects : effects.map((effect) => ({ ...effect, recipients: [...effect.recipients, ...others] })) };
}
