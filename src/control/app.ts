import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify';
import type { Static, TSchema } from 'typebox';

type DeepReadonly<T> =
  T extends readonly [infer A, infer B] ? readonly [DeepReadonly<A>, DeepReadonly<B>]
  : T extends readonly (infer E)[] ? readonly DeepReadonly<E>[]
  : T extends Uint8Array ? T
  : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
  : T;

/** As @fastify/type-provider-typebox, but for answers that are readonly like everything in model/. */
export interface ControlTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? DeepReadonly<Static<this['schema']>> : unknown;
}

/** The Fastify instance of the control plane: types of requests and answers come from their TypeBox schemas. */
export type ControlApp = FastifyInstance<
  RawServerDefault, RawRequestDefaultExpression<RawServerDefault>, RawReplyDefaultExpression<RawServerDefault>, FastifyBaseLogger, ControlTypes
>;
