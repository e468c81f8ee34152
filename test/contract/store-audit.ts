import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/model/store.ts';
import { day, recording } from './store-drafts.ts';

/** Who did what, as every Store must keep it. */
export function auditTests({ store, now, reopen }: { readonly store: () => Store; readonly now: (ms: number) => void; readonly reopen: () => Promise<Store> }): void {
  describe('the audit', () => {
    const note = (action: string, subject: string, data: object = {}): Promise<void> => store().audit({ actor: 'user ann', action, subject, data });

    test('what was noted is told newest first, with its time, and outlives deletion and a restart', async () => {
      const what = recording();
      await store().record(what);
      await note('read', what.draft.id, { captures: [what.draft.id], count: 1, nested: { 'a"b': null } });
      now(day + 1_000);
      await note('delete', what.draft.id);
      await store().remove({ ids: [what.draft.id] });
      const kept = await (await reopen()).audits({ limit: 10 });
      expect(kept).toEqual([
        { seq: kept[0]!.seq, at: new Date(day + 1_000).toISOString(), actor: 'user ann', action: 'delete', subject: what.draft.id, data: {} },
        { seq: kept[1]!.seq, at: new Date(day).toISOString(), actor: 'user ann', action: 'read', subject: what.draft.id, data: { captures: [what.draft.id], count: 1, nested: { 'a"b': null } } },
      ]);
      expect(kept[0]!.seq).toBeGreaterThan(kept[1]!.seq);
    });

    test('it is read page by page, and by action', async () => {
      for (let n = 0; n < 5; n += 1) await note(n % 2 === 0 ? 'read' : 'release', `cap_${n}`);
      const first = await store().audits({ limit: 2 });
      expect(first.map(({ subject }) => subject)).toEqual(['cap_4', 'cap_3']);
      expect((await store().audits({ limit: 9, before: first[1]!.seq })).map(({ subject }) => subject)).toEqual(['cap_2', 'cap_1', 'cap_0']);
      expect((await store().audits({ limit: 2, action: 'release' })).map(({ subject }) => subject)).toEqual(['cap_3', 'cap_1']);
      expect(await store().audits({ limit: 2, action: 'nothing' })).toEqual([]);
    });

    test('asking whether it is healthy leaves nothing in it', async () => {
      expect(await store().healthy()).toBe(true);
      expect(await store().audits({ limit: 10 })).toEqual([]);
    });
  });
}
