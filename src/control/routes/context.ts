import type { FastifyRequest } from 'fastify';
import type { CaptureFilter } from '../../model/store.ts';
import type { ControlOptions } from '../dependencies.ts';
import type { FilterQuery } from '../filters.ts';

/** What every route file is given. */
export interface RouteContext {
  readonly options: ControlOptions;
  readonly filterOf: (query: FilterQuery) => CaptureFilter;
  /** `signal` aborts when the caller goes away or control stops; call `done` when the answer is given. */
  readonly lifetime: (request: Pick<FastifyRequest, 'raw'>) => { readonly signal: AbortSignal; readonly done: () => void };
}
