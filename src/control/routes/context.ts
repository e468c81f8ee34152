import type { FastifyRequest } from 'fastify';
import type { CaptureFilter, Store } from '../../model/store.ts';
import type { Caller } from '../access/caller.ts';
import type { Action } from '../access/note.ts';
import type { StoreView } from '../access/view.ts';
import type { Access } from '../auth.ts';
import type { ControlOptions } from '../dependencies.ts';
import type { FilterQuery } from '../filters.ts';

/** What every route file is given. The store only as its caller may see it. */
export interface RouteContext {
  readonly options: Omit<ControlOptions, 'store'>;
  readonly access: Access;
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly storeOf: (request: FastifyRequest) => StoreView;
  /** For verdicts, which must not pass over what may be the caller's; nothing of it is answered. */
  readonly everything: Pick<Store, 'list' | 'counts' | 'capture' | 'events' | 'lastSeq' | 'instances'>;
  /** Checked, and narrowed to what the caller may see. */
  readonly filterOf: (request: FastifyRequest, query: FilterQuery) => CaptureFilter;
  /** Addresses that a caller names otherwise than in a filter: too many are refused. */
  readonly asksAbout: (request: FastifyRequest, addresses: readonly string[]) => void;
  /** Written before it is done: what cannot be noted does not happen. */
  readonly note: (request: FastifyRequest, action: Action, subject: string, data: object) => Promise<void>;
  /** `signal` aborts when the caller goes away, is signed out or control stops; call `done` when the answer is given. */
  readonly lifetime: (request: FastifyRequest) => { readonly signal: AbortSignal; readonly done: () => void };
}
