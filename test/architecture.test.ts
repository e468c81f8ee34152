import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file)).map((file) => file.replaceAll('\\', '/'));
const roomOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file);

interface Import { readonly from: string; readonly to: string; readonly typeOnly: boolean }
const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\s+from\s+)?'(\.[^']+)'/gm)].map(([, type, target]) => ({
    from: file, to: relative(src, join(src, dirname(file), target!)).replaceAll('\\', '/'), typeOnly: type !== undefined,
  }));
});

/** What each room may import from besides itself. Only the composition root may import everything. */
const may: Readonly<Record<string, readonly string[]>> = {
  model: [],
  policy: ['model'],
  providers: ['model'],
  findings: ['model', 'config'],
  store: ['model'],
  config: ['model', 'policy'],
  ingress: ['model'],
  dns: ['model'],
  doctor: ['model'],
  actions: ['model', 'policy', 'store', 'providers'],
  'gateway.ts': ['model', 'policy', 'actions', 'findings'],
  clients: [],
  control: ['model', 'policy', 'clients'],
  testing: ['model', 'control'],
  cli: ['model', 'dns', 'doctor', 'testing', 'clients', 'control', 'policy', 'config', 'providers', 'main.ts'],
  demo: [],
  web: ['model', 'testing'],
};

describe('the house', () => {
  it('has its imports read', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('has only rooms that are named', () => {
    expect(files.map(roomOf).filter((room) => !(room in may) && room !== 'main.ts' && room !== 'assembly')).toEqual([]);
  });

  it.each(Object.keys(may))('%s imports only from the rooms it may', (room) => {
    const allowed = new Set([room, ...may[room]!]);
    expect(imports.filter(({ from, to }) => roomOf(from) === room && !allowed.has(roomOf(to)))).toEqual([]);
  });

  it('names a concrete store only in the composition root', () => {
    for (const engine of ['store/sqlite/', 'store/postgres/']) {
      expect(imports.filter(({ from, to }) => to.startsWith(engine) && !from.startsWith(engine) && roomOf(from) !== 'assembly'), engine).toEqual([]);
    }
  });

  it('names a vendor only inside providers', () => {
    expect(imports.filter(({ from, to }) => /^providers\/(?!index|claims|wire)/.test(to) && roomOf(from) !== 'providers')).toEqual([]);
  });

  it('keeps a provider away from clock, randomness and I/O', () => {
    const reaching = files.filter((file) => file.startsWith('providers/')).filter((file) =>
      /Date\.now|new Date\(\)|Math\.random|randomBytes|randomUUID|from 'node:(fs|net|http|https|dns|tls|child_process)/.test(readFileSync(join(src, file), 'utf8')));
    expect(reaching).toEqual([]);
  });

  it('keeps policy away from clock, randomness and I/O', () => {
    const reaching = files.filter((file) => file.startsWith('policy/')).filter((file) =>
      /Date\.now|new Date\(\)|Math\.random|randomBytes|from 'node:(fs|http|https|dns|tls|child_process)/.test(readFileSync(join(src, file), 'utf8')));
    expect(reaching).toEqual([]);
  });

  it('has no import cycle', () => {
    const edges = Map.groupBy(imports.filter(({ typeOnly }) => !typeOnly), ({ from }) => from);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) { cycles.push([...path.slice(path.indexOf(file)), file].join(' -> ')); return; }
      if (done.has(file)) return;
      for (const { to } of edges.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('switches TLS verification off nowhere', () => {
    expect(files.filter((file) => /rejectUnauthorized: *false|NODE_TLS_REJECT_UNAUTHORIZED/.test(readFileSync(join(src, file), 'utf8')))).toEqual([]);
  });

  it('has no barrel but the list of providers', () => {
    const barrels = files.filter((file) => /(^|\/)index\.tsx?$/.test(file) && file !== 'providers/index.ts'
      && /^export \*|^export \{[^}]*\} from/m.test(readFileSync(join(src, file), 'utf8')));
    expect(barrels).toEqual([]);
  });
});
