import type { CallbackDraft, Remember, SimulationContext } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import { eventObject, webhook } from './event.ts';
import type { StripeObject } from './object.ts';
import type { Upload } from './request.ts';
import { declineOf } from './test-cards.ts';
import type { Decline } from './test-cards.ts';

/** The fields that lists of a kind filter by. */
export type IndexOf = (object: StripeObject) => Readonly<Record<string, string>>;

/** An object as a version of the API shows it. */
export type InVersion = (object: StripeObject, version: string) => StripeObject;

/** An object made up for an id that nobody remembers; null for what is no such id. */
export type Adopt = (id: string, facts: { readonly now: number; readonly livemode: boolean }) => StripeObject | null;

/** One call's view of what is remembered, and what it is going to write. Nothing is written before `finish`. */
export interface Work {
  /** the path's ids */
  readonly ids: readonly string[];
  /** what was sent as files */
  readonly uploads: readonly Upload[];
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
  /** the payer's bank declines whatever this call tries to take: every call that takes money asks `chargeOutcome` (families/payment-method.ts) */
  readonly declined: Decline | null;
  id(prefix: string, length?: number): string;
  /** the URL of our page for whoever pays this object */
  payerPage(kind: string, id: string): string;
  /** sees what this call itself has saved; where unknown ids are adopted, makes up the object of one and keeps it */
  find<T extends StripeObject = StripeObject>(kind: string, id: string): Promise<T | null>;
  /** like `find`, and makes nothing up: is this id taken, is this cursor one of ours? */
  known<T extends StripeObject = StripeObject>(kind: string, id: string): Promise<T | null>;
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
  /** by kind: how events show what is stored */
  readonly versions?: Readonly<Record<string, InVersion | undefined>>;
  readonly uploads?: readonly Upload[];
  /** by kind; only asked where unknown ids are adopted */
  readonly adoptions?: Readonly<Record<string, Adopt | undefined>>;
}

export function openWork({ context, indexes, versions = {}, adoptions = {}, uploads = [], ...setup }: WorkSetup): Work {
  const known = new Map<string, { readonly version: number; readonly value: StripeObject | null }>();
  const written = new Map<string, StripeObject>();
  const events: StripeObject[] = [];
  const now = Math.floor(context.now / 1000);
  const livemode = context.liveness === 'live';

  const work: Work = {
    ...setup, uploads, now, livemode, declined: context.declined === null ? null : declineOf(context.declined.code),
    id: (prefix, length = 24) => context.id(prefix, { length, alphabet: 'base62' }),
    payerPage: (kind, id) => context.page(kind, id),
    async find<T extends StripeObject>(kind: string, id: string): Promise<T | null> {
      const found = await work.known<T>(kind, id);
      if (found !== null || context.unknownIds !== 'adopt') return found;
      const adopted = adoptions[kind]?.(id, { now, livemode }) ?? null;
      if (adopted !== null) work.save(adopted);
      return adopted as T | null;
    },
    async known<T extends StripeObject>(kind: string, id: string): Promise<T | null> {
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
      const seen = versions[object.object]?.(object, setup.version) ?? object;
      const before = previous === undefined ? undefined : Object.fromEntries(Object.entries(previous).filter(([name]) => Object.hasOwn(seen, name)));
      events.push(eventObject({ id: work.id('evt_1', 23), type, object: seen, previous: before, now, livemode, version: setup.version, request: setup.request }));
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
