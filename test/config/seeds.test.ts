import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSeedFolder, readSeeds } from '../../src/config/seeds.ts';
import { httpProviders } from '../../src/providers/index.ts';
import type { Seedable } from '../../src/model/seed.ts';
import { problemText } from '../../src/policy/problem.ts';

const shop: Seedable = {
  name: 'shop',
  seed(kind, id, value) {
    if (kind !== 'customer') throw new Error(`'customer' is the only kind, not '${kind}'`);
    return { value: { id, ...value as object }, index: { id } };
  },
};
const providers = [shop, { name: 'plain' }];
const read = (text: string): ReturnType<typeof readSeeds> => readSeeds(text, { file: 'seeds/a.yaml', env: { NAME: 'Ada' }, providers });
const problems = (text: string): string => read(text).problems.map(problemText).join('\n');

const folder = mkdtempSync(join(tmpdir(), 'fourthwall-seeds-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file of seeds', () => {
  it('gives every object as its provider completes it, for every account and the run it names', () => {
    expect(read('provider: shop\nobjects: { customer: { cus_1: { name: Ada }, cus_2: {} } }')).toEqual({
      problems: [],
      seeds: ['cus_1', 'cus_2'].map((id) => ({ scope: { provider: 'shop', account: '', run: '' }, kind: 'customer', id, value: { id, ...id === 'cus_1' ? { name: 'Ada' } : {} }, index: { id } })),
    });
    expect(read('provider: shop\nrun: ci-1\nobjects: { customer: { cus_1: {} } }').seeds[0]?.scope).toEqual({ provider: 'shop', account: '', run: 'ci-1' });
  });

  it('takes an object as it stands where its provider says nothing of seeds, and a value from the environment', () => {
    expect(read('provider: plain\nobjects: { thing: { t: { name: "${NAME}" } } }').seeds).toEqual([{ scope: { provider: 'plain', account: '', run: '' }, kind: 'thing', id: 't', value: { name: 'Ada' } }]);
  });

  it.each([
    ['provider: shop\nobjects:\n  order:\n    o_1: {}', /^seeds\/a\.yaml:4:5: objects\.order\.o_1: found an object that cannot be, expected 'customer' is the only kind, not 'order'/],
    ['provider: shp\nobjects: {}', /^seeds\/a\.yaml:1:1: provider: found "shp", expected a provider that keeps objects.*did you mean shop/],
    ['objects: {}', /provider: found nothing/],
    ['provider: shop\nobject: {}', /object: found an unknown key/],
    ['provider: shop\nobjects: { customer: [1] }', /objects\.customer: found \[1\], expected objects by their id/],
    ['provider: shop\nrun: "a b"\nobjects: {}', /run: found "a b", expected a run name/],
    ['provider: [', /expected YAML/],
    ['provider: plain\nobjects: { t: { a: "${NOBODY}" } }', /\$\{NOBODY\}, which is not set/],
  ])('refuses %j', (text, message) => {
    expect(read(text).seeds).toEqual([]);
    expect(problems(text)).toMatch(message);
  });

  it('of only comments is none', () => {
    expect(read('# nothing yet\n')).toEqual({ seeds: [], problems: [] });
  });
});

describe('a folder of seeds', () => {
  it('is read whole, in the order of the names, and tells the problems of every file', async () => {
    mkdirSync(join(folder, 'seeds'));
    for (const [name, id] of [['b.yaml', 'cus_b'], ['a.yml', 'cus_a'], ['notes.txt', 'cus_n']]) writeFileSync(join(folder, 'seeds', name!), `provider: shop\nobjects: { customer: { ${id}: {} } }`);
    expect((await readSeedFolder(join(folder, 'seeds'), { env: {}, providers })).seeds.map(({ id }) => id)).toEqual(['cus_a', 'cus_b']);
    for (const name of ['c.yaml', 'd.yaml']) writeFileSync(join(folder, 'seeds', name), 'provider: nobody\nobjects: {}');
    mkdirSync(join(folder, 'seeds', 'e.yaml'));
    expect((await readSeedFolder(join(folder, 'seeds'), { env: {}, providers })).problems.map(problemText)).toEqual([
      expect.stringContaining('c.yaml:1:1: provider'), expect.stringContaining('d.yaml:1:1: provider'), expect.stringMatching(/e\.yaml.*a file that cannot be read/),
    ]);
  });

  it('that is not there is none; one that is a file is a problem', async () => {
    expect(await readSeedFolder(join(folder, 'none'), { env: {}, providers })).toEqual({ seeds: [], problems: [] });
    writeFileSync(join(folder, 'file'), '');
    expect((await readSeedFolder(join(folder, 'file'), { env: {}, providers })).problems.map(problemText)).toEqual([expect.stringContaining('a folder that cannot be read')]);
  });
});

it('the shipped examples are seeds', async () => {
  const shipped = await readSeedFolder('config/examples/seeds', { env: {}, providers: httpProviders });
  expect(shipped.problems).toEqual([]);
  expect(shipped.seeds.length).toBeGreaterThan(0);
});
