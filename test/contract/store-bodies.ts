import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StoreUnavailable, type Store } from '../../src/model/store.ts';
import { sha256Of, type Digest, type KeptBody } from '../../src/store/body-coding.ts';
import { answer, email, enrichment, http, mail, recording } from './store-drafts.ts';

/** What a test sees and does beside the store, in the storage itself. */
export interface BodyStorage {
  /** everything in `bodies`, in any order */
  bodies(): Promise<readonly KeptBody[]>;
  /** what `sha256` is made by */
  readonly digest: Digest;
  /** how many bytes longer than what it holds `data` is, for a body of this size */
  sealing(size: number): number;
  /** puts other values in the place of a body's own */
  alterBody(body: KeptBody): Promise<void>;
}

interface At { readonly store: () => Store; readonly storage: () => BodyStorage }

const inline = 64 * 1024;
/** A mail as they are: words again and again, and none of it twice the same. */
export const letters = (size: number): Buffer => Buffer.from(Array.from({ length: Math.ceil(size / 60) }, (_, n) =>
  `Dear customer ${n * 7919 % 10_007}, your order ${n} of today has been shipped to you.\r\n`).join('')).subarray(0, size);

/** How bytes are kept, as every Store must keep them: small, once, and exactly. */
export function bodyTests({ store, storage }: At): void {
  describe('bodies', () => {
    const keep = async (request: Uint8Array, reply: Uint8Array = Buffer.alloc(0), files: readonly Uint8Array[] = []): Promise<string> => {
      const attachments = files.map((content, n) => ({ filename: `${n}.bin`, contentType: 'application/octet-stream', contentId: null, content }));
      const what = recording({ request: http({ body: request }), reply: answer({ body: reply }), decoded: { kind: 'effects', effects: [email({ text: 'x', attachments })] } });
      await store().record(what);
      return what.draft.id;
    };
    const given = async (id: string): Promise<readonly Buffer[]> => [Buffer.from((await store().requestBody(id))!), Buffer.from((await store().replyBody(id))!)];
    const files = async (id: string): Promise<readonly Buffer[]> =>
      Promise.all((await store().capture(id))!.content!.attachments.map(async ({ n }) => Buffer.from((await store().attachment(id, n))!.content)));
    const same = (one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean => one.length === other.length && one.every((bytes, n) => Buffer.compare(bytes, other[n]!) === 0);

    test('a large one that can be compressed is, and all that is told of it is of the original', async () => {
      const body = letters(1_000_000);
      const file = letters(300_000);
      const id = await keep(body, letters(200_000), [file]);
      const kept = await storage().bodies();
      expect(kept.map(({ size, coding }) => [size, coding]).toSorted()).toEqual([[1_000_000, 'zstd'], [200_000, 'zstd'], [300_000, 'zstd']]);
      for (const { size, data } of kept) expect(data.length).toBeLessThan(size / 3);
      expect(kept.map(({ sha256 }) => Buffer.from(sha256).toString('hex'))).toContain(storage().digest(body).toString('hex'));
      expect(same(await given(id), [body, letters(200_000)])).toBe(true);
      expect(same(await files(id), [file])).toBe(true);
      const capture = (await store().capture(id))!;
      expect(capture.request.body).toMatchObject({ encoding: 'utf8', size: 1_000_000, truncated: true, data: body.toString('utf8', 0, inline) });
      expect(capture.content!.attachments).toMatchObject([{ size: 300_000, sha256: sha256Of(file).toString('hex') }]);
    });

    test('one that would not get smaller is kept as it is, and so is a tiny one', async () => {
      const [noise, packed, tiny, enough] = [randomBytes(200_000), zstdCompressSync(randomBytes(9_000)), Buffer.alloc(255, 'a'), Buffer.alloc(256, 'b')];
      const id = await keep(noise, packed, [tiny, enough]);
      const codings = new Map((await storage().bodies()).map(({ sha256, coding, data }) => [Buffer.from(sha256).toString('hex'), [coding, data.length]]));
      expect([noise, packed, tiny, enough].map((bytes) => codings.get(storage().digest(bytes).toString('hex')))).toEqual(
        [...[noise, packed, tiny].map(({ length }) => ['raw', length + storage().sealing(length)]), ['zstd', expect.any(Number)]]);
      expect(same([...await given(id), ...await files(id)], [noise, packed, tiny, enough])).toBe(true);
      expect((await store().capture(id))!.request.body.data).toBe(noise.toString('base64', 0, inline));
    });

    test('an empty one is empty, also as an attachment', async () => {
      const id = await keep(Buffer.alloc(0), Buffer.alloc(0), [Buffer.alloc(0)]);
      expect(same([...await given(id), ...await files(id)], [Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0)])).toBe(true);
      expect(await storage().bodies()).toMatchObject([{ size: 0, coding: 'raw' }]);
    });

    test('the same content is stored once, whatever it is the content of, and is there until the last that refers to it is removed', async () => {
      const body = letters(50_000);
      const ids = await Promise.all([keep(body, body, [body]), keep(body), keep(letters(10_000), body)]);
      const mailed = recording({ request: mail(), enrichment: 'pending' });
      await store().record(mailed);
      await store().enrich(mailed.draft.id, enrichment({ text: 'see', attachments: [{ filename: 'copy', contentType: 'text/plain', contentId: null, content: Buffer.from(body) }] }));
      await store().outcome(ids[1], 'forwarded', answer({ body: Buffer.from(body) }));
      expect((await storage().bodies()).filter(({ size }) => size === body.length)).toHaveLength(1);
      for (const id of ids) await store().remove({ ids: [id] });
      expect(same(await files(mailed.draft.id), [body])).toBe(true);
      await store().remove({});
      expect(await storage().bodies()).toEqual([]);
    });

    test('bytes come back as they were, whatever they are', async () => {
      // Around what is kept as it is (256), shown (64 KiB) and cut into frames (64 KiB).
      const length = fc.oneof(fc.nat(600), fc.integer({ min: inline - 3, max: inline + 3 }), fc.nat(200_000));
      const bytes = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), length, fc.nat(3)).map(([pattern, size, noisy]) =>
        Buffer.concat([Buffer.alloc(size, pattern), ...Array.from({ length: noisy }, () => randomBytes(Math.ceil(size / 3)))]));
      await fc.assert(fc.asyncProperty(bytes, bytes, fc.array(bytes, { maxLength: 2 }), async (request, reply, attached) => {
        const id = await keep(request, reply, attached);
        expect(same([...await given(id), ...await files(id)], [request, reply, ...attached])).toBe(true);
        const { body } = (await store().capture(id))!.request;
        const shown = Buffer.from(body.data, body.encoding === 'base64' ? 'base64' : 'utf8');
        // A text is not cut inside a character.
        expect(Buffer.compare(shown, request.subarray(0, shown.length))).toBe(0);
        expect(shown.length).toBeGreaterThan(Math.min(request.length, inline) - 4);
        expect(body.size).toBe(request.length);
      }), { numRuns: 40 });
    });

    describe('that are damaged', () => {
      const flipped = (data: Uint8Array, at: number): Buffer => {
        const copy = Buffer.from(data);
        copy[at]! ^= 0x55;
        return copy;
      };
      /** compressed to three quarters: its beginning is not all of it */
      const long = Buffer.from(randomBytes(300_000).toString('base64'));
      const frame = zstdCompressSync(Buffer.from(letters(5_004)).fill('x', 100, 200));
      const damages: readonly { readonly what: string; readonly body: Buffer; readonly change: (kept: KeptBody) => Partial<KeptBody>; readonly said?: RegExp }[] = [
        { what: 'a byte is another', body: letters(5_000), change: ({ data }) => ({ data: flipped(data, Math.floor(data.length / 2)) }) },
        { what: 'the first byte is another', body: letters(5_001), change: ({ data }) => ({ data: flipped(data, 0) }) },
        { what: 'it is cut short', body: letters(5_002), change: ({ data }) => ({ data: Buffer.from(data.subarray(0, data.length - 1)) }) },
        { what: 'nothing is left of it', body: letters(5_003), change: () => ({ data: Buffer.alloc(0) }) },
        { what: 'it is another body of the same size', body: letters(5_004), change: () => ({ data: frame }) },
        { what: 'it would become larger than what was kept', body: letters(5_005), change: () => ({ data: zstdCompressSync(Buffer.alloc(50_000_000)) }), said: /Buffer larger than 5005 bytes/ },
        { what: 'the size is more', body: letters(5_006), change: ({ size }) => ({ size: size + 1_000 }) },
        { what: 'the size is less', body: letters(5_008), change: ({ size }) => ({ size: size - 1_000 }) },
        { what: 'the coding is another', body: letters(5_009), change: () => ({ coding: 'raw' }) },
        { what: 'a byte of one kept as it is is another', body: letters(200), change: ({ data }) => ({ data: flipped(data, 100) }) },
        { what: 'one kept as it is is said to be compressed', body: letters(201), change: () => ({ coding: 'zstd' }) },
        { what: 'a byte of the beginning of a long one is another', body: long, change: ({ data }) => ({ data: flipped(data, 700) }) },
        { what: 'less than the beginning is left of a long one', body: randomBytes(100_000), change: ({ data }) => ({ data: Buffer.from(data.subarray(0, 60_000)) }) },
      ];
      test('are not shown as anything else, and nothing else suffers for it', async () => {
        const ids = await Promise.all(damages.map(({ body }) => keep(body)));
        const other = await keep(letters(7_000), letters(8_000), [letters(9_000)]);
        const bodies = await storage().bodies();
        for (const { body, change } of damages) {
          const kept = bodies.find(({ sha256 }) => storage().digest(body).equals(sha256))!;
          await storage().alterBody({ ...kept, ...change(kept) });
        }
        for (const [n, { what, said }] of damages.entries()) {
          for (const asked of [() => store().requestBody(ids[n]!), () => store().capture(ids[n]!)]) {
            const refusal = await asked().then(() => null, (error: unknown) => error);
            expect(refusal, what).toBeInstanceOf(StoreUnavailable);
            expect(String(refusal), what).toMatch(/could not read: a kept body is damaged \(sha256 [0-9a-f]{12}, \d+ bytes, (raw|zstd).*\); restore a copy of the store, or delete the capture/);
            if (said !== undefined && storage().sealing(1) === 0) expect(String(refusal), what).toMatch(said);
          }
        }
        expect(same([...await given(other), ...await files(other)], [letters(7_000), letters(8_000), letters(9_000)])).toBe(true);
        expect(await store().remove({ ids })).toBe(ids.length);
      });

      test('behind their beginning are refused where they are asked for whole, attachments too', async () => {
        const [body, file] = [Buffer.from(randomBytes(300_000).toString('base64')), Buffer.from(randomBytes(200_000).toString('hex'))];
        const id = await keep(body, Buffer.alloc(0), [file]);
        for (const kept of await storage().bodies()) await storage().alterBody({ ...kept, data: flipped(kept.data, kept.data.length - 100) });
        expect((await store().capture(id))!.request.body.data).toBe(body.toString('utf8', 0, inline));
        await expect(store().requestBody(id)).rejects.toThrow(/a kept body is damaged/);
        await expect(store().attachment(id, 0)).rejects.toThrow(/a kept body is damaged/);
      });
    });
  });
}
