import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

it('docs/adding-a-provider.md names only files that are there', () => {
  const page = readFileSync(new URL('docs/adding-a-provider.md', root), 'utf8');
  const named = [...page.matchAll(/`((?:src|test|docs)\/[\w./-]+)`/g)].map(([, path]) => path!).filter((path) => !/acme|NAME/.test(path));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

it("docs/adding-a-provider.md imports only what the project's files export", async () => {
  const page = readFileSync(new URL('docs/adding-a-provider.md', root), 'utf8');
  const imports = [...page.matchAll(/^import \{ ([\w, ]+) \} from '(?:\.\.\/)*\.?\/?([\w./-]+)';$/gm)]
    .map(([, names, path]) => ({ names: names!.split(', '), path: path!.startsWith('wire/') ? `src/providers/${path!}` : path!.startsWith('src/') ? path! : `test/${path!}` }))
    .filter(({ path }) => !path.includes('acme'));
  expect(imports.length).toBeGreaterThan(4);
  for (const { names, path } of imports) {
    const source = readFileSync(new URL(path, root), 'utf8');
    expect(names.filter((name) => !new RegExp(`export (?:async )?(?:function|const) ${name}\\b`).test(source))).toEqual([]);
  }
});
