import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '../../../src/model/limits.ts';
import type { Store } from '../../../src/model/store.ts';
import { openSqliteStore, type SqliteStoreOptions } from '../../../src/store/sqlite/store.ts';
import { day } from '../../contract/store-drafts.ts';

export const testKey = new Uint8Array(32).fill(7);

export function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'fourthwall-store-'));
}

export function openIn(directory: string, more: Partial<SqliteStoreOptions> = {}): Promise<Store> {
  return openSqliteStore({ path: join(directory, 'store.db'), durability: 'process', key: testKey, limits: { ...defaultLimits, storeDeadline: 20_000 }, now: () => day, ...more });
}

export function discard(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}
