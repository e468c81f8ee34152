import { describe, expect, it } from 'vitest';
import { everything, remembered } from '../../../src/providers/wire/everything.ts';
import { memory } from '../../support/simulation-context.ts';

function kept(count: number) {
  const objects = memory();
  objects.keep(Array.from({ length: count }, (_, nth) => ({ kind: 'order', id: `o${nth}`, expectVersion: 0, value: { nth }, index: { even: nth % 2 === 0 ? 'yes' : 'no' } })));
  return objects.context();
}

describe('everything of a kind', () => {
  it.each([0, 1, 100, 101, 250])('is all %i of them, newest first', async (count) => {
    expect(await everything<{ readonly nth: number }>(kept(count), 'order')).toEqual(Array.from({ length: count }, (_, nth) => ({ nth: count - 1 - nth })));
  });

  it('is narrowed by what is indexed', async () => {
    const found = await everything<{ readonly nth: number }>(kept(250), 'order', { where: { even: 'yes' } });
    expect([found.length, found[0], found.at(-1)]).toEqual([125, { nth: 248 }, { nth: 0 }]);
  });

  it('ends at so many, whatever the pages are', async () => {
    expect(await everything(kept(250), 'order', { most: 120 })).toHaveLength(120);
  });

  it('comes with its ids where they are asked for', async () => {
    expect((await remembered(kept(101), 'order')).map(({ id }) => id).slice(-2)).toEqual(['o1', 'o0']);
  });

  it('ends where a store says that there is more and gives nothing', async () => {
    expect(await everything({ list: async () => ({ items: [], more: true }) }, 'order')).toEqual([]);
  });
});
