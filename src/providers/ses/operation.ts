import type { HttpRequest } from '../../model/exchange.ts';
import type { Consequences, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import type { Shape } from '../wire/aws-shape.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Unread } from '../wire/unread.ts';

/** The query API of 2010 and the REST API; both are served on the same hosts. */
export type Api = 'v1' | 'v2';

/** One operation of one API. */
export interface Operation {
  /** Amazon's own name of it */
  readonly name: string;
  readonly api: Api;
  /** v2 only: v1 has them all at POST and GET / */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path?: RegExp;
  readonly shape: Shape;
  /** absent: a read, which changes nothing and reaches nobody */
  readonly effects?: (input: JsonObject, ids: readonly string[]) => readonly Email[] | Unread;
  readonly answer: (call: Answering) => Promise<Answered>;
}

export interface Answering {
  readonly request: HttpRequest;
  readonly operation: Operation;
  readonly input: JsonObject;
  /** what the path names, percent escapes undone */
  readonly ids: readonly string[];
  readonly context: SimulationContext;
}

export type Answered =
  | ({ readonly kind: 'result'; readonly value: AwsXml & (object | null) } & Consequences)
  | Fault;

/** What Amazon answers instead. Code is the SDK's error type. */
export interface Fault {
  readonly kind: 'fault';
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export function fault(status: number, code: string, message: string): Fault {
  return { kind: 'fault', status, code, message };
}

/** One input that is wrong, as each API calls it. */
export function badInput(api: Api, message: string): Fault {
  return fault(400, api === 'v1' ? 'InvalidParameterValue' : 'BadRequestException', message);
}

export function result(value: AwsXml & (object | null), consequences: Consequences = {}): Answered {
  return { kind: 'result', value, ...consequences };
}
