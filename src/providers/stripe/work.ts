import type { CallbackDraft, Remember, SimulationContext } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import { eventObject, webhook } from './event.ts';
import type { StripeObject } from './object.ts';

/** The fields that lists of a kind filter by. */
export type IndexOf = (object: StripeObject) => Readonly<Record<string, string>>;

/** One call's view of what is remembered, and what it is going to write. Nothing is written before `finish`. */
export interface Work {
  /** the path's ids */
  readonly ids: readonly string[];
  /** seconds since the epoch */
  readonly now: number;
  readonly livemode: boolean;
  /** the API version that the caller speaks: '2026-10-28.endive' */
  readonly version: string;
  /** nulls where no call is the cause */
  readonly request: { readonly id: string | null; readonly idempotencyKey: string | null };
  /** the acct_ id of the caller */
  readonly account: string;
  /** the caller acts for another account (Stripe-Account) */
  readonly connected: boolean;
  id(prefix: string, length?: number): string;
  /** sees what this call itself has saved */
  find<T extends StripeObject = StripeObject>(kind: string, id: string): Promise<T | null>;
  /** newest first, as remembered before this call */
  page(kind: string, options: PageOptions): Promise<{ readonly items: readonly StripeObject[]; readonly more: boolean }>;
  save(object: StripeObject): void;
  /** Announces `object` as it is now, in the order of the calls. `previous`: the former values, for *.updated. */
  event(type: string, object: StripeObject, previous?: JsonObject): void;
  finish(): { readonly remember: readonly Remember[]; readonly callbacks: readonly CallbackDraft[] };
}

export interface PageOptions {
  readonly where?: Readonly<Record<string, string>>;
  readonly after?: string;
  readonly before?: string;
  readonly limit: number;
}

export interface WorkSetup extends Pick<Work, 'ids' | 'version' | 'request' | 'account' | 'connected'> {
  readonly context: SimulationContext;
  readonly indexes: Readonly<Record<string, IndexOf | undefined>>;
}

export function openWork({ context, indexes, ...setup }: WorkSetup): Work {
  const known = new Map<string, { readonly version: number; readonly value: StripeObject | null }>();
  const written = new Map<string, StripeObject>();
  const events: StripeObject[] = [];
  const now = Math.floor(context.now / 1000);
  const livemode = context.liveness === 'live';

  const work: Work = {
    ...setup, now, livemode,
    id: (prefix, length = 24) => context.id(prefix, { length, alphabet: 'base62' }),
    async find<T extends StripeObject>(kind: string, id: string): Promise<T | null> {
      const at = key(kind, id);
      const mine = written.get(at);
      if (mine !== undefined) return mine as T;
      if (!known.has(at)) {
        const remembered = await context.recall(kind, id);
        known.set(at, { version: remembered?.version ?? 0, value: (remembered?.value ?? null) as StripeObject | null });
      }
      return known.get(at)!.value as T | null;
    },
    async page(kind, options) {
      const found = await context.list(kind, options);
      for (const { id, version, value } of found.items) known.set(key(kind, id), { version, value: value as StripeObject });
      return { items: found.items.map((item) => item.value as StripeObject), more: found.more };
    },
    save(object) {
      written.set(key(object.object, object.id), object);
    },
    event(type, object, previous) {
      events.push(eventObject({ id: work.id('evt_1', 23), type, object, previous, now, livemode, version: setup.version, request: setup.request }));
    },
    finish() {
      const objects = [...written.values(), ...events];
      return {
        remember: objects.map((value) => ({
          kind: value.object, id: value.id, expectVersion: known.get(key(value.object, value.id))?.version ?? 0, value,
          index: indexes[value.object]?.(value) ?? {},
        })),
        callbacks: events.map((event) => webhook(event, context.now)),
      };
    },
  };
  return work;
}

function key(kind: string, id: string): string {
  return `${kind} ${id}`;
}
