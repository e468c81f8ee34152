import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer, email, http, payment, recording } from '../../contract/store-drafts.ts';
import { linesOf } from '../../../src/store/archive/lines.ts';
import { fill, id, readAll, start } from '../../fixtures/stores/fill.ts';
import { comparable } from './comparable.ts';
import { engines, places, type Engine, type Place, type Places } from './engines.ts';

let at: Places;
beforeAll(async () => { at = await places(); });
afterAll(() => at?.close());

let files = 0;
const file = (suffix = 'jsonl'): string => { files += 1; return join(at.directory, `export-${files}.${suffix}`); };
const other = (engine: Engine): Engine => (engine === 'sqlite' ? 'postgres' : 'sqlite');

async function filled(engine: Engine): Promise<Place> {
  const place = await at.place(engine);
  let now = start;
  const store = await place.open(() => { now += 1; return now; });
  await fill(store);
  await store.close('old');
  return place;
}
async function read(place: Place): Promise<Record<string, unknown>> {
  const store = await place.open();
  return { ...await readAll(store).finally(() => store.close('nobody')) };
}
async function exported(place: Place, ...more: readonly string[]): Promise<string> {
  const to = file();
  expect(await place.fourthwall(['export', to, ...more])).toMatchObject({ code: 0, err: '' });
  return to;
}
const lines = (path: string): Record<string, unknown>[] => readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
/** A file of these lines with an end that fits them. */
function written(all: readonly Record<string, unknown>[], more: string = ''): string {
  const to = file();
  const text = `${all.filter(({ kind }) => kind !== 'end').map((line) => JSON.stringify(line)).join('\n')}\n`;
  const counts = { policy: 0, run: 0, capture: 0, object: 0 } as Record<string, number>;
  for (const { kind } of all) if (String(kind) in counts) counts[String(kind)]! += 1;
  writeFileSync(to, `${text}${JSON.stringify({ kind: 'end', counts, sha256: createHash('sha256').update(text).digest('hex') })}\n${more}`);
  return to;
}

describe.each(engines)('from %s', (engine) => {
  let from: Place;
  let whole: string;
  beforeAll(async () => {
    from = await filled(engine);
    whole = await exported(from);
  });

  test('to the other database and back, every capture, body, list, word, count, run, object and policy is the same', async () => {
    const [there, back] = [await at.place(other(engine)), await at.place(engine)];
    expect(await there.fourthwall(['import', whole])).toEqual({ code: 0, out: 'imported 9 captures, 2 runs, 3 objects, 1 policies\n', err: '' });
    const returned = await exported(there);
    expect(await back.fourthwall(['import', returned])).toMatchObject({ code: 0, err: '' });
    const original = comparable(await read(from));
    expect(comparable(await read(there))).toEqual(original);
    expect(comparable(await read(back))).toEqual(original);
    for (const place of [there, back]) expect(await place.fourthwall(['check', '--deep'])).toMatchObject({ code: 0, err: '' });
    const plain = (path: string): unknown => lines(path).filter(({ kind }) => kind === 'capture').map(({ summary, callbacks: _callbacks, ...rest }) => ({ ...rest, summary: { ...summary as object, imported: true } }));
    expect(plain(returned)).toEqual(plain(whole));
  });

  test('captures come in the order they had, marked as imported in the capture and in the log; nothing is ever sent; runs are closed', async () => {
    const to = await at.place(engine);
    await to.fourthwall(['import', whole]);
    const store = await to.open();
    expect((await store.list({}, 100)).items.map((item) => item.id)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].map(id));
    expect((await store.list({}, 100)).items.every(({ imported }) => imported === true)).toBe(true);
    expect((await store.events(0, 100)).filter(({ kind }) => kind === 'recorded').every(({ data }) => data['imported'] === true)).toBe(true);
    expect(await store.leaseCallbacks({ instance: 'x', limit: 100, forMs: 1_000 })).toEqual({ leased: [], next: null });
    expect((await store.capture(id(2)))!.callbacks.map(({ state, lastError }) => [state, /nothing of an import is sent/.test(lastError!)])).toEqual([['skipped', true], ['skipped', true]]);
    expect(await store.runs({ open: true, limit: 10 })).toEqual([]);
    await store.close('nobody');
  });

  test('a second import changes nothing and says so; a new capture beside it goes on from there', async () => {
    const to = await at.place(engine);
    await to.fourthwall(['import', whole]);
    const before = await read(to);
    expect(await to.fourthwall(['import', whole, '--json'])).toEqual({
      code: 0, err: '', out: `${JSON.stringify({ added: { policy: 0, run: 0, capture: 0, object: 0 }, skipped: { policy: 1, run: 2, capture: 9, object: 3 } })}\n`,
    });
    expect(await read(to)).toEqual(before);
    const store = await to.open();
    const { seq } = await store.record(recording());
    expect(seq).toBe(before['lastSeq'] as number + 1);
    expect(await store.remove({})).toBe(10);
    await store.close('nobody');
    expect((await to.fourthwall(['import', whole])).out).toMatch(/^imported 9 captures, 0 runs, 0 objects, 0 policies; there already/);
  });

  test('persons and recipients are known by this store\'s key, not by the other\'s', async () => {
    const to = await at.place(engine);
    const env = { FOURTHWALL_STORE: to.store, FOURTHWALL_DATA: to.data, FOURTHWALL_HASH_KEY: 'ab'.repeat(32) };
    expect(await to.fourthwall(['import', whole], { env })).toMatchObject({ code: 0 });
    const again = lines(await exported(to)).filter(({ kind }) => kind === 'capture');
    const before = lines(whole).filter(({ kind }) => kind === 'capture');
    const persons = (of: readonly Record<string, unknown>[]): readonly string[] => of.map(({ person }) => String(person));
    expect(persons(again).map((person) => persons(again).indexOf(person))).toEqual(persons(before).map((person) => persons(before).indexOf(person)));
    expect(persons(again).filter((person) => person !== 'null' && persons(before).includes(person))).toEqual([]);
  });

  test('an export is a file for us alone, each body once, with its count and hash at the end; one that is there is left alone', async () => {
    expect(statSync(whole).mode & 0o777).toBe(0o600);
    const all = lines(whole);
    expect(all[0]).toMatchObject({ kind: 'fourthwall-export', version: 1, counts: { capture: 9, run: 2, object: 3, policy: 1 } });
    const bodies = all.filter(({ kind }) => kind === 'body').map(({ sha256 }) => sha256);
    expect(new Set(bodies).size).toBe(bodies.length);
    const text = readFileSync(whole, 'utf8');
    const end = text.lastIndexOf('\n', text.length - 2) + 1;
    expect(all.at(-1)).toEqual({ kind: 'end', counts: (all[0] as { counts: unknown }).counts, sha256: createHash('sha256').update(text.slice(0, end)).digest('hex') });
    expect(await from.fourthwall(['export', whole])).toMatchObject({ code: 2, err: expect.stringMatching(/is there already/) });
    expect(readFileSync(whole, 'utf8')).toBe(text);
  });

  test('filters are those of the API: what they leave out is not there, and objects, which belong to no capture, neither', async () => {
    const some = lines(await exported(from, '--run', 'pr-7', '--service', 'shop,billing'));
    expect(some.filter(({ kind }) => kind === 'capture').map((line) => line['id'])).toEqual([id(1)]);
    expect(some.filter(({ kind }) => kind === 'run').map(({ name }) => name)).toEqual(['pr-7']);
    expect(some.filter(({ kind }) => kind === 'object')).toEqual([]);
    expect((some[0] as { counts: unknown }).counts).toEqual({ policy: 1, run: 1, capture: 1, object: 0 });
    expect(lines(await exported(from, '--since', new Date(start + 8_000).toISOString())).filter(({ kind }) => kind === 'capture').map((line) => line['id'])).toEqual([id(8), id(9)]);
    expect(await from.fourthwall(['export', file(), '--outcome', 'sent'])).toMatchObject({ code: 2, err: expect.stringMatching(/--outcome: unknown value "sent"/) });
    const into = await at.place(engine);
    expect(await into.fourthwall(['import', written(some)])).toMatchObject({ code: 0, out: expect.stringMatching(/^imported 1 captures, 1 runs/) });
  });

  test('what is recorded while an export runs is not in it', async () => {
    const place = await filled(engine);
    const store = await place.open();
    let recorded: Promise<unknown> | null = null;
    const chunks: Uint8Array[] = [];
    // The reader is slow: nothing more is written before it asks for more, and by then there is more to be read.
    const stdout = {
      write: (chunk: string | Uint8Array) => {
        chunks.push(Buffer.from(chunk));
        recorded ??= Promise.all([store.record(recording()), store.patch(id(9), { note: 'later' })]);
        return false;
      },
      once: (_event: 'drain', go: () => void) => { void recorded!.then(go); },
    };
    const { code } = await place.fourthwall(['export', '-'], { stdout });
    await recorded;
    expect(code).toBe(0);
    const all = Buffer.concat(chunks).toString().trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(all.filter(({ kind }) => kind === 'capture')).toHaveLength(9);
    expect(all.find((line) => line['id'] === id(9))).toMatchObject({ note: null });
    expect((await store.list({}, 1)).total).toBe(10);
    await store.close('nobody');
  });

  test('compressed where its name says so, and read compressed whatever it is called', async () => {
    const to = file('zst');
    await from.fourthwall(['export', to]);
    const plain = zstdDecompressSync(readFileSync(to)).toString();
    expect(plain.split('\n').slice(1, -2)).toEqual(readFileSync(whole, 'utf8').split('\n').slice(1, -2));
    const renamed = file('anything');
    writeFileSync(renamed, readFileSync(to));
    expect(await (await at.place(engine)).fourthwall(['import', renamed])).toMatchObject({ code: 0, out: expect.stringMatching(/^imported 9 captures/) });
  });

  test('bodies longer than a line holds, and captures of more than one transaction, come whole', async () => {
    const place = await at.place(engine);
    const store = await place.open();
    await store.begin('one');
    const body = Buffer.from(Uint8Array.from({ length: 7_000_000 }, (_, n) => (n * 7 + (n >> 8)) % 251));
    await store.record(recording({ protocol: 'http', request: http({ body }), reply: answer({ body }), provider: 'stripe', channels: ['payment'], decoded: { kind: 'effects', effects: [payment()] } }));
    await Promise.all(Array.from({ length: 250 }, (_, n) => store.record(recording({ decoded: { kind: 'effects', effects: [email({ subject: `mail ${n}` })] } }))));
    await store.close('one');
    const to = await at.place(engine);
    const path = await exported(place);
    expect(lines(path).filter((line) => line['kind'] === 'body' && line['size'] === body.length)).toHaveLength(2);
    expect(await to.fourthwall(['import', path])).toMatchObject({ code: 0, out: expect.stringMatching(/^imported 251 captures/) });
    const again = await to.open();
    const { items } = await again.list({}, 500);
    expect(Buffer.compare(Buffer.from((await again.requestBody(items.at(-1)!.id))!), body)).toBe(0);
    expect(items.map(({ title }) => title).slice(0, 2)).toEqual(['mail 249', 'mail 248']);
    await again.close('nobody');
  });

  test('a store that a gateway has takes nothing in', async () => {
    const place = await at.place(engine);
    const store = await place.open();
    await store.begin('alive');
    expect(await place.fourthwall(['import', whole])).toMatchObject({ code: 2, err: expect.stringMatching(/has the store|has this database open/) });
    expect((await store.list({}, 1)).total).toBe(0);
    await store.close('alive');
  });

  test('a capture that shares a body with one that has other bytes here is refused with both sides named', async () => {
    const place = await at.place(engine);
    const store = await place.open();
    await store.begin('one');
    await store.record(recording({ id: id(5) }));
    await store.close('one');
    expect(await place.fourthwall(['import', whole])).toMatchObject({ code: 1, err: expect.stringMatching(new RegExp(`capture ${id(6)} shares a body with one that is here already`)) });
    const again = await place.open();
    expect((await again.list({}, 10)).total).toBe(1);
    await again.close('nobody');
  });
});

test('from one process to another, by pipes, as people would', async () => {
  const [from, to] = [await filled('sqlite'), await at.place('sqlite')];
  const started = (place: Place, argv: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> => spawn(process.execPath, [join(import.meta.dirname, '../../../src/cli/fourthwall.ts'), 'store', ...argv], {
    stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, FOURTHWALL_STORE: '', FOURTHWALL_DATA: place.data },
  });
  const ended = async (child: ReturnType<typeof started>): Promise<unknown> => {
    const [out, err, [code]] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, 'exit')]);
    return { code: code as unknown, out, err };
  };
  const [out, into] = [started(from, ['export', '-']), started(to, ['import', '-'])];
  out.stdout.pipe(into.stdin);
  const [, imported, said] = await Promise.all([once(out, 'exit'), ended(into), textOf(out.stderr)]);
  expect(said).toBe('exported 9 captures, 2 runs, 3 objects, 1 policies\n');
  expect(imported).toEqual({ code: 0, out: 'imported 9 captures, 2 runs, 3 objects, 1 policies\n', err: '' });
  expect(statSync(join(to.data, 'fourthwall.db')).mode & 0o777).toBe(0o600);
});

type Lines = Record<string, unknown>[];
interface Loose extends Record<string, unknown> { readonly summary: Record<string, unknown>; readonly decision: Record<string, unknown>; readonly callbacks: { id: string; readonly call: Record<string, unknown> }[] }
const capture = (all: Lines, which: string = id(1)): Loose => all.find((line) => line['kind'] === 'capture' && line['id'] === which) as Loose;
const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('a hostile file', () => {
  let good: Lines;
  beforeAll(async () => { good = lines(await exported(await filled('sqlite'))); });
  const fresh = (): Lines => structuredClone(good);

  const hostile: readonly (readonly [string, RegExp, (all: Lines) => string])[] = [
    ['a file that is torn in the middle of a line', /ends in the middle of line \d+: it is torn/, (all) => { const to = written(all); writeFileSync(to, readFileSync(to).subarray(0, -40)); return to; }],
    ['a file that is torn between lines', /has no end: it is torn/, (all) => { const to = written(all); writeFileSync(to, readFileSync(to, 'utf8').split('\n').slice(0, -2).join('\n').concat('\n')); return to; }],
    ['a compressed file that is torn', /cannot be read to its end|it is torn/, (all) => { const to = file('zst'); const bytes = zstdCompressSync(readFileSync(written(all))); writeFileSync(to, bytes.subarray(0, bytes.length - 100)); return to; }],
    ['an empty file', /it is empty/, () => { const to = file(); writeFileSync(to, ''); return to; }],
    ['a file whose lines were changed', /has another sha256 than what stands before it/, (all) => { const to = written(all); writeFileSync(to, readFileSync(to, 'utf8').replace('look at this', 'look at that')); return to; }],
    ['two exports in one file', /stands behind the end/, (all) => { const to = written(all); writeFileSync(to, Buffer.concat([readFileSync(to), readFileSync(to)])); return to; }],
    ['an export of a newer version', /newer Fourthwall \(export 2/, (all) => { all[0]!['version'] = 2; return written(all); }],
    ['something else', /line 1 is no JSON/, () => { const to = file(); writeFileSync(to, 'hello\n'); return to; }],
    ['a file without its first line', /line 1 is not the first line of an export/, (all) => written(all.slice(1))],
    ['a line that is no object', /line 2 is of no kind that an export has/, (all) => { const to = written(all); const [first] = readFileSync(to, 'utf8').split('\n'); writeFileSync(to, `${first}\nnull\n`); return to; }],
    ['a kind of line that is not known', /is of no kind that an export has/, (all) => written([all[0]!, { kind: 'secret', name: '../../etc/passwd' }])],
    ['JSON of ten thousand levels', /is nested deeper than 500/, (all) => { all.find(({ kind }) => kind === 'object')!['value'] = 1; const to = written(all); writeFileSync(to, readFileSync(to, 'utf8').replace('"value":1', `"value":${'['.repeat(10_000)}${']'.repeat(10_000)}`)); return to; }],
    ['a value just too deep', /is nested deeper than 500/, (all) => { all.find(({ kind }) => kind === 'object')!['value'] = deep(500); return written(all); }],
    ['a field that is not known', /holds a field that is not known \("extra"\)/, (all) => { capture(all)['extra'] = 1; return written(all); }],
    ['a field of the summary that is not known', /summary: holds a field that is not known \("extra"\)/, (all) => { capture(all).summary['extra'] = 1; return written(all); }],
    ['a field that is missing', /note is missing/, (all) => { delete capture(all)['note']; return written(all); }],
    ['recipients that are no list', /summary.recipients must be array/, (all) => { capture(all).summary['recipients'] = 'ann'; return written(all); }],
    ['a forward without its plan', /plan is missing|decision/, (all) => { delete capture(all, id(3)).decision['plan']; return written(all); }],
    ['an outcome that there is not', /outcome must be equal to one of the allowed values/, (all) => { capture(all)['outcome'] = 'sent'; return written(all); }],
    ['a time that is none', /holds a time that is none/, (all) => { capture(all)['at'] = '2026-99-99T99:99:99.999Z'; return written(all); }],
    ['an id that is a path', /id is not written as it has to be/, (all) => { capture(all)['id'] = '../../data/ca/ca.pem'; return written(all); }],
    ['a body with other bytes than its hash says', /ends body [0-9a-f]{12}, which has another sha256/, (all) => { const body = all.find(({ kind }) => kind === 'body')!; body['data'] = Buffer.alloc(Number(body['size']), 'x').toString('base64'); return written(all); }],
    ['a body shorter than it says', /comes after a body|does not stand before it/, (all) => { const body = all.find(({ kind }) => kind === 'body')!; body['size'] = Number(body['size']) + 1; return written(all); }],
    ['a body that no capture has', /comes after a body that it does not have/, (all) => { const bytes = Buffer.from('stray'); all.splice(3, 0, { kind: 'body', sha256: createHash('sha256').update(bytes).digest('hex'), size: 5, at: 0, data: bytes.toString('base64') }); return written(all); }],
    ['a capture whose body is not there', /has a body that does not stand before it/, (all) => written(all.filter(({ kind }) => kind !== 'body'))],
    ['a policy under the hash of another', /is a policy with another sha256 than it says/, (all) => { all.find(({ kind }) => kind === 'policy')!['text'] = 'version: 1\ndefault: capture\n'; return written(all); }],
    ['a callback of another capture', /has the callback of another capture/, (all) => { capture(all, id(2)).callbacks[0]!.id = 'cbk_other-0'; return written(all); }],
    ['a callback with more than is known', /is not known/, (all) => { capture(all, id(2)).callbacks[0]!.call['secret'] = 'x'; return written(all); }],
    ['a run called ambiguous', /run called "ambiguous"/, (all) => { all.find(({ kind }) => kind === 'run')!['name'] = 'ambiguous'; return written(all); }],
    ['counts that are not true', /counts something else/, (all) => { const to = written(all); writeFileSync(to, readFileSync(to, 'utf8').replace(/("kind":"end","counts":\{"policy":)1/, '$19')); return to; }],
  ];
  test.each(hostile)('%s is refused whole, with the place named, and nothing is written', async (_what, said, make) => {
    const place = await at.place('sqlite');
    const { code, out, err } = await place.fourthwall(['import', make(fresh())]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(said);
    expect(err).not.toContain('kettle');
    expect(existsSync(join(place.data, 'fourthwall.db'))).toBe(false);
  });

  test('is refused before a PostgreSQL database is touched, too', async () => {
    const place = await at.place('postgres');
    for (const [, said, make] of hostile.slice(0, 10)) expect(await place.fourthwall(['import', make(fresh())])).toMatchObject({ code: 1, err: expect.stringMatching(said) });
    expect(await at.server.query(place.store, `SELECT 1 FROM pg_namespace WHERE nspname = 'fourthwall'`)).toEqual([]);
  });

  test('with a line that never ends is given up at a bound, not when memory is', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> { for (;;) yield Buffer.alloc(1_000_000, ' '); };
    await expect((async () => { for await (const _ of linesOf(endless(), 5_000_000)); })()).rejects.toThrow(/line 1 is longer than 5000000 bytes/);
  });
});
