import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Event } from '../../model/event.ts';
import type { Placed } from '../bucket/placed.ts';
import { sealEvent } from '../rows.ts';
import type { Evicting } from '../eviction.ts';
import type { Seal } from '../seal.ts';
import { sqlOn, type Sql } from './sql.ts';
import type { DatabaseSync } from 'node:sqlite';

/** What a write works with, inside the transaction of its batch. */
export interface Write {
  readonly sql: Sql;
  /** RFC 3339 UTC with milliseconds: when the caller asked for the write */
  readonly at: string;
  readonly key: KeyObject;
  /** null = nothing is evicted, and the store is never full */
  readonly evicting: Evicting | null;
  /** bodies that were made ready before, by their hash in hex (bucket/placing.ts) */
  readonly placed: ReadonlyMap<string, Placed>;
  /** Appends to the event log; returns the event's seq. */
  event(kind: Event['kind'], about: { readonly capture?: string | null; readonly run?: string | null; readonly data?: Readonly<Record<string, unknown>> }): number;
}

/** `begin` makes the Write of one operation; `appended` tells whether any of them appended an event since it was last asked. */
export function writeOn(database: DatabaseSync, secret: Uint8Array, seal: Seal, evicting: Evicting | null): { begin(at: string): Write; appended(): boolean } {
  const sql = sqlOn(database, seal);
  const key = createSecretKey(secret);
  let appended = false;
  return {
    begin: (at) => ({
      sql, at, key, evicting, placed: new Map(),
      event(kind, { capture = null, run = null, data = {} }) {
        appended = true;
        return sql.run('INSERT INTO events (at, kind, capture, run, data) VALUES (?, ?, ?, ?, ?)', at, kind, capture, run, sealEvent(seal, { at, kind, capture, run }, data)).rowid;
      },
    }),
    appended() {
      const was = appended;
      appended = false;
      return was;
    },
  };
}
