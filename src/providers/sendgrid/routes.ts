import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { JsonObject } from '../wire/json.ts';

/** A call that changes nothing and reaches nobody. */
export interface ReadRoute {
  readonly kind: 'read';
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly operation: string;
  answer(call: ReadCall): Promise<Simulation<HttpResponse>>;
}

export interface ReadCall {
  readonly request: HttpRequest;
  /** the path's groups */
  readonly ids: readonly string[];
  readonly context: SimulationContext;
}

/** A call that reaches somebody, now or later, though it is not mail/send itself. */
export interface SendRoute {
  readonly kind: 'send';
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly path: RegExp;
  readonly operation: string;
  /** null: the body does not tell */
  recipients(body: JsonObject, ids: readonly string[]): readonly Addressee[] | null;
  answer(call: ReadCall & { readonly body: JsonObject }): Promise<Simulation<HttpResponse>>;
}

export interface Matched<R> { readonly route: R; readonly ids: readonly string[] }

export function match<R extends ReadRoute | SendRoute>(routes: readonly R[], request: HttpRequest): Matched<R> | null {
  for (const route of routes) {
    const found = route.method === request.method ? route.path.exec(request.path) : null;
    if (found !== null) return { route, ids: found.slice(1) };
  }
  return null;
}
