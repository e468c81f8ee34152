import { describe, expect, it } from 'vitest';
import { openLedger } from '../../../src/providers/wire/ledger.ts';
import { savedReply } from '../../../src/providers/wire/saved-reply.ts';
import { jsonReply } from '../../../src/providers/wire/reply.ts';
import { memory } from '../../support/simulation-context.ts';

describe('a ledger', () => {
  it('sees what it has saved, and writes over the version that it found', async () => {
    const kept = memory();
    kept.keep([{ kind: 'a', id: '1', expectVersion: 0, value: { n: 1 } }]);
    const ledger = openLedger(kept.context());
    expect(await ledger.find('a', '1')).toEqual({ n: 1 });
    expect(await ledger.find('a', '2')).toBeNull();
    ledger.save('a', '1', { n: 2 });
    ledger.save('a', '1', { n: 3 });
    ledger.save('b', '1', { n: 4 }, { by: 'x' });
    expect(await ledger.find('a', '1')).toEqual({ n: 3 });
    expect(ledger.finish()).toEqual({ callbacks: [], remember: [{ kind: 'a', id: '1', expectVersion: 1, value: { n: 3 } }, { kind: 'b', id: '1', expectVersion: 0, value: { n: 4 }, index: { by: 'x' } }] });
  });

  it('writes nothing unless it is finished', async () => {
    const kept = memory();
    openLedger(kept.context()).save('a', '1', {});
    expect(await kept.context().recall('a', '1')).toBeNull();
  });
});

describe('a saved reply', () => {
  const asked = { key: 'k', scope: 's', said: { b: 1, a: [2] }, keptMs: 1_000 } as const;

  it('is given again for the same key until its time is over, and told from another call', async () => {
    const kept = memory();
    const first = await savedReply(kept.context({ now: 0 }), asked);
    expect([first.reply, first.another]).toEqual([null, false]);
    kept.keep([first.saving(jsonReply(201, { id: 1 }))]);
    const again = await savedReply(kept.context({ now: 999 }), { ...asked, said: { a: [2], b: 1 } });
    expect(again.another).toBe(false);
    expect([again.reply?.status, Buffer.from(again.reply!.body).toString()]).toEqual([201, '{"id":1}']);
    expect((await savedReply(kept.context({ now: 999 }), { ...asked, said: { a: [3], b: 1 } })).another).toBe(true);
    expect((await savedReply(kept.context({ now: 999 }), { ...asked, scope: 'other' })).reply).toBeNull();
    const late = await savedReply(kept.context({ now: 1_000 }), asked);
    expect([late.reply, late.another, late.saving(jsonReply(200, {})).expectVersion]).toEqual([null, false, 1]);
  });
});
