import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/model/limits.ts';
import type { Retention } from '../../src/model/retention.ts';
import { StoreUnavailable, type Recording, type Store } from '../../src/model/store.ts';
import type { KeptBody } from '../../src/store/body-coding.ts';
import type { GivenBucket } from '../../src/store/bucket/bucket.ts';
import { s3Bucket, type S3Settings } from '../../src/store/bucket/s3.ts';
import { enoughForHead, sha256Of } from '../../src/store/body-coding.ts';
import { startS3, type S3Fault, type S3Request, type S3Server } from '../support/s3.ts';
import { bodyTests, letters, type BodyStorage } from './store-bodies.ts';
import { answer, day, enrichment, http, mail, recording } from './store-drafts.ts';
import { retaining } from './store-retention.ts';

/** Storage of its own for one test, on which stores can be opened one after the other or (`together`) side by side. */
export interface BucketStorage {
  readonly together: boolean;
  open(options: { readonly bucket: GivenBucket | null; readonly now: () => number; readonly retention?: Retention; readonly limits: typeof defaultLimits; readonly sealKey?: KeyObject }): Promise<Store>;
  bodies(): Promise<readonly (KeptBody & { readonly object: string | null })[]>;
  alterBody(body: KeptBody): Promise<void>;
  garbage(): Promise<readonly { readonly object: string; readonly kind: string }[]>;
  dispose(): Promise<void>;
}

const from = 256 * 1024;
const hour = 3_600_000;

/** What every Store must do with a bucket. */
export function bucketContract(name: string, begin: () => Promise<BucketStorage>): void {
  describe(`${name} store with a bucket`, () => {
    let s3: S3Server;
    let storage: BucketStorage;
    let store: Store;
    let now: number;
    let opened: Store[];
    beforeEach(async () => {
      [s3, storage] = await Promise.all([startS3(), begin()]);
      now = day;
      opened = [];
    });
    afterEach(async () => {
      s3.fault = () => null;
      for (const each of opened) await each.close('one');
      await storage.dispose();
      await s3.close();
    });

    const open = async (more: { readonly from?: number; readonly retention?: Retention; readonly limits?: Partial<typeof defaultLimits>; readonly settings?: Partial<S3Settings>; readonly sealKey?: KeyObject } = {}): Promise<Store> => {
      const bucket = s3Bucket({ ...s3.settings, ...more.settings }, { deadline: 2_000 });
      const { retention, limits = {}, sealKey } = more;
      const made = await storage.open({
        bucket: { bucket, from: more.from ?? from }, now: () => now, limits: { ...defaultLimits, storeDeadline: 20_000, ...limits }, ...(retention === undefined ? {} : { retention }), ...(sealKey === undefined ? {} : { sealKey }),
      });
      opened.push(made);
      return made;
    };
    const close = async (which: Store): Promise<void> => {
      opened.splice(opened.indexOf(which), 1);
      await which.close('one');
    };
    const carrying = (body: Uint8Array): Recording => recording({ request: http({ body }), reply: answer({ body: Buffer.alloc(0) }) });
    const keep = async (body: Uint8Array): Promise<string> => {
      const what = carrying(body);
      await store.record(what);
      return what.draft.id;
    };
    /** less the one by which the bucket is known */
    const objects = (): readonly string[] => [...s3.objects.keys()].filter((key) => !key.startsWith('store-'));
    const named = async (): Promise<readonly string[]> => (await storage.bodies()).flatMap(({ object }) => object ?? []);
    const faults = (which: (request: S3Request) => boolean, fault: S3Fault): void => { s3.fault = (request, done) => (!done && which(request) ? fault : null); };
    const away: S3Fault = { kind: 'answer', status: 503, code: 'ServiceUnavailable' };
    /** runs once, in the moment an upload was done and not answered yet */
    const whenPut = (work: () => Promise<void>): void => {
      let asked = false;
      s3.fault = async ({ method, key }, done) => {
        if (asked || done || method !== 'PUT' || key.startsWith('probe-') || key.startsWith('store-')) return null;
        asked = true;
        await work();
        return null;
      };
    };

    describe('takes', () => {
      beforeEach(async () => { store = await open({ from: 1_000 }); });

      /** As if all of it lay in the database: what is asked and altered is in both places. */
      const everywhere: BodyStorage = {
        digest: sha256Of,
        sealing: () => 0,
        bodies: async () => (await storage.bodies()).map((body) => (body.object === null ? body : { ...body, data: s3.objects.get(body.object)! })),
        async alterBody(body) {
          const { object = null, data } = body;
          if (object !== null) s3.objects.set(object, Buffer.from(data));
          await storage.alterBody(object === null ? body : { ...body, data: data.subarray(0, enoughForHead) });
        },
      };
      bodyTests({ store: () => store, storage: () => everywhere });
    });

    test('of a sealed store has sealed bodies only, named by nothing that tells what they are', async () => {
      const key = createSecretKey(randomBytes(32));
      store = await open({ sealKey: key });
      const body = Buffer.concat([Buffer.from('a letter to ann@customer.example '), randomBytes(400_000)]);
      const id = await keep(body);
      const [object] = objects();
      expect(objects()).toHaveLength(1);
      expect([s3.objects.get(object!)!.includes('ann@customer'), s3.objects.get(object!)!.includes(body.subarray(200_000, 200_064))]).toEqual([false, false]);
      expect((await storage.bodies()).map(({ sha256 }) => sha256Of(body).equals(sha256))).toEqual([false]);
      expect(body.equals((await store.requestBody(id))!)).toBe(true);
      expect((await store.capture(id))!.request.body.size).toBe(body.length);
      await close(store);
      store = await open({ sealKey: key });
      expect(body.equals((await store.requestBody(id))!)).toBe(true);
      const altered = Buffer.from(s3.objects.get(object!)!);
      altered[300_000]! ^= 1;
      expect(await store.sight({ subjects: [{ kind: 'email', value: 'ann@customer.example' }], linked: false })).toMatchObject({ captures: [id], scanned: { unread: 0 } });
      s3.objects.set(object!, altered);
      expect(await store.sight({ subjects: [{ kind: 'email', value: 'ann@customer.example' }], linked: false })).toMatchObject({ clean: false, captures: [], scanned: { unread: 1 } });
      await expect(store.requestBody(id)).rejects.toThrow(/damaged.*cannot be opened with the key/);
    });

    describe('by size', () => {
      beforeEach(async () => { store = await open(); });

      test('a large body lies there whole and in the database with its beginning; a small one only in the database', async () => {
        const [large, small] = [randomBytes(400_000), randomBytes(200_000)];
        const [one, other] = [await keep(large), await keep(small)];
        expect((await storage.bodies()).map(({ size, data, object }) => [size, data.length, object !== null]).toSorted()).toEqual([[200_000, 200_000, false], [400_000, enoughForHead, true]]);
        expect(objects()).toEqual(await named());
        expect(large.equals(s3.objects.get(objects()[0]!)!)).toBe(true);
        expect(objects()[0]).toMatch(/^[0-9a-f]{2}\/[0-9a-f-]{36}$/);
        expect(large.equals((await store.requestBody(one))!)).toBe(true);
        expect(small.equals((await store.requestBody(other))!)).toBe(true);
        expect((await store.holding()).bytes).toBeGreaterThan(600_000);
      });

      const jane = 'jane.roe@customer.example';
      const erase = { subjects: [{ kind: 'email', value: jane }], linked: false, actor: 'tester' } as const;
      /** beyond what the database has of it */
      const about = (address: string): Buffer => Buffer.concat([Buffer.from(randomBytes(300_000).toString('base64')), Buffer.from(`\nfor ${address} only\n`)]);

      test('an erasure reads bodies there whole, and takes those that name somebody out of it', async () => {
        const [hers, other] = [await keep(about(jane)), await keep(about('mary@customer.example'))];
        expect(await store.sight(erase)).toMatchObject({ clean: false, captures: [hers], places: { bodies: 1 }, scanned: { bodies: 2, unread: 0 } });
        expect(await store.erase(erase)).toMatchObject({ clean: true, erased: { captures: 1, bodies: 1 }, bucket: { waiting: 0 } });
        expect([await store.capture(hers), objects().length]).toEqual([null, 1]);
        expect(objects()).toEqual(await named());
        expect((await store.capture(other))!.id).toBe(other);
      });

      test('an erasure is not clean while a body there cannot be read, and while one that was deleted still lies there', async () => {
        const ids = [await keep(about(jane)), await keep(about('mary@customer.example'))];
        faults(() => true, away);
        expect(await store.erase(erase)).toMatchObject({ clean: false, erased: { captures: 0 }, scan: { unread: 2 } });
        expect((await store.list({}, 10)).items.map(({ id }) => id).toReversed()).toEqual(ids);
        faults(({ method }) => method === 'DELETE', away);
        expect(await store.erase(erase)).toMatchObject({ clean: false, erased: { captures: 1 }, left: { found: { captures: 0 } }, scan: { unread: 0 }, bucket: { waiting: 1 } });
        expect(await store.sight(erase)).toMatchObject({ clean: false, captures: [], bucket: { waiting: 1 } });
        s3.fault = () => null;
        expect(await store.erase(erase)).toMatchObject({ clean: true, bucket: { waiting: 0 } });
        expect(objects()).toHaveLength(1);
      });

      test('what compresses to less than a large one is a small one', async () => {
        const id = await keep(letters(900_000));
        expect([objects(), (await storage.bodies()).map(({ size, coding }) => [size, coding])]).toEqual([[], [[900_000, 'zstd']]]);
        expect(letters(900_000).equals((await store.requestBody(id))!)).toBe(true);
      });

      test('lists and captures are shown without the bucket', async () => {
        const body = Buffer.from(randomBytes(400_000).toString('base64'));
        const id = await keep(body);
        faults(() => true, away);
        s3.requests.length = 0;
        expect((await store.capture(id))!.request.body).toMatchObject({ size: body.length, truncated: true, data: body.toString('utf8', 0, 64 * 1024) });
        expect((await store.list({}, 10)).items).toHaveLength(1);
        expect(s3.requests).toEqual([]);
      });

      test('replies, attachments that are read later and mails go there too', async () => {
        const [message, file, reply] = [randomBytes(300_000), randomBytes(310_000), randomBytes(320_000)];
        const mailed = recording({ request: mail({ message }), enrichment: 'pending', outcome: 'pending' });
        await store.record(mailed);
        const { id } = mailed.draft;
        await store.enrich(id, enrichment({ attachments: [{ filename: 'a.bin', contentType: 'application/octet-stream', contentId: null, content: file }] }));
        await store.outcome(id, 'forwarded', answer({ body: reply }));
        expect((await named()).toSorted()).toEqual(objects().toSorted());
        expect(objects()).toHaveLength(3);
        expect(message.equals((await store.requestBody(id))!)).toBe(true);
        expect(reply.equals((await store.replyBody(id))!)).toBe(true);
        expect(await store.attachment(id, 0)).toMatchObject({ filename: 'a.bin', content: file });
        // another reply in its place
        await store.outcome(id, 'forwarded', answer({ body: randomBytes(330_000) }));
        await store.remove({ ids: ['cap_nobody'] });
        expect((await storage.garbage()).map(({ kind }) => kind)).toEqual(['garbage']);
      });
    });

    describe('before it acknowledges', () => {
      beforeEach(async () => { store = await open(); });

      test('the books know the object before its upload, and no row names it before the upload was answered', async () => {
        const seen: unknown[] = [];
        whenPut(async () => { seen.push(await named(), (await storage.garbage()).map(({ kind }) => kind)); });
        await keep(randomBytes(300_000));
        expect(seen).toEqual([[], ['intended']]);
        expect(await storage.garbage()).toEqual([]);
      });

      test.each<[string, S3Fault]>([
        ['says no', { kind: 'answer', status: 403, code: 'AccessDenied' }], ['is away', away], ['cuts the connection', { kind: 'cut' }], ['takes it and does not say so', { kind: 'lost' }],
        ['found another checksum', { kind: 'answer', status: 400, code: 'BadDigest' }], ['sends elsewhere', { kind: 'answer', status: 301, code: 'PermanentRedirect' }],
      ])('where the bucket %s, nothing is recorded, and small bodies go on', async (_, fault) => {
        faults(({ method }) => method === 'PUT', fault);
        await expect(store.record(carrying(randomBytes(300_000)))).rejects.toBeInstanceOf(StoreUnavailable);
        const small = await keep(randomBytes(1_000));
        expect((await store.list({}, 10)).items.map(({ id }) => id)).toEqual([small]);
        expect(await named()).toEqual([]);
      });

      test('in a bucket that comes and goes, all that was acknowledged is there, in both places', async () => {
        const bodies = new Map(Array.from({ length: 60 }, (_, n) => [carrying(Buffer.concat([Buffer.from([n]), randomBytes(270_000)])), n]));
        const kinds: readonly S3Fault[] = [away, { kind: 'cut' }, { kind: 'lost' }, { kind: 'answer', status: 403, code: 'AccessDenied' }, { kind: 'answer', status: 500, code: 'InternalError' }];
        let puts = 0;
        s3.fault = ({ method }, done) => {
          if (done || method !== 'PUT') return null;
          puts += 1;
          return puts % 20 < 12 ? kinds[puts % kinds.length]! : null;
        };
        const acknowledged: Recording[] = [];
        const waiting = [...bodies.keys()];
        await Promise.all(Array.from({ length: 6 }, async () => {
          for (let what = waiting.pop(); what !== undefined; what = waiting.pop()) {
            const each = what;
            await store.record(each).then(() => { acknowledged.push(each); }, (error: unknown) => { expect(error).toBeInstanceOf(StoreUnavailable); });
          }
        }));
        s3.fault = () => null;
        expect(acknowledged.length).toBeGreaterThan(0);
        expect(acknowledged.length).toBeLessThan(bodies.size);
        expect((await store.list({}, 100)).total).toBe(acknowledged.length);
        for (const { draft } of acknowledged) {
          const { body } = draft.request as { readonly body: Uint8Array };
          expect(Buffer.compare((await store.requestBody(draft.id))!, body)).toBe(0);
        }
        // what came to nothing is known, and goes in time
        now += 2 * hour;
        await close(store);
        store = await open();
        await store.remove({ ids: [acknowledged[0]!.draft.id] });
        expect(objects().toSorted()).toEqual([...await named()].toSorted());
      });

      test('what is on its way at once is bounded', async () => {
        await close(store);
        store = await open({ limits: { storeQueueBytes: 1_000_000 } });
        let second: unknown = null;
        whenPut(async () => { second = await store.record(carrying(randomBytes(600_000))).catch((error: unknown) => error); });
        await keep(randomBytes(600_000));
        expect(second).toBeInstanceOf(StoreUnavailable);
        expect(String(second)).toContain('the way to the bucket is full');
        await keep(randomBytes(600_000));
      });

      test('a write that came to nothing leaves no object, and the same body again is one object', async () => {
        const body = randomBytes(300_000);
        const what = carrying(body);
        await store.record(what);
        // the same id once more: refused
        await expect(store.record(what)).rejects.toBeInstanceOf(StoreUnavailable);
        await keep(body);
        const gone = await keep(randomBytes(10));
        await store.remove({ ids: [gone] });
        expect(objects()).toEqual(await named());
        expect(objects()).toHaveLength(1);
        expect(await storage.garbage()).toEqual([]);
      });

      test('an upload that takes longer than an hour is refused, whatever became of its object', async () => {
        const gone = await keep(randomBytes(10));
        whenPut(async () => {
          now += hour + 1_000;
          await store.remove({ ids: [gone] });
        });
        await expect(store.record(carrying(randomBytes(300_000)))).rejects.toThrow(/too long on its way into the bucket/);
        expect(await named()).toEqual([]);
        const another = await keep(randomBytes(10));
        await store.remove({ ids: [another] });
        expect(objects()).toEqual([]);
      });
    });

    describe('when it deletes', () => {
      test('objects go with the last capture that has the body, by hand and by eviction', async () => {
        store = await open({ retention: retaining({ captures: 3 }) });
        const body = randomBytes(300_000);
        const ids = [await keep(body), await keep(body), await keep(randomBytes(300_001))];
        await store.remove({ ids: [ids[0]!] });
        expect(objects()).toHaveLength(2);
        await store.remove({ ids: [ids[1]!] });
        expect(objects()).toEqual(await named());
        expect(objects()).toHaveLength(1);
        for (let n = 0; n < 3; n += 1) await keep(randomBytes(10));
        expect(await store.evict(200)).toBe(1);
        expect([objects(), await storage.garbage(), [...s3.objects.values()].some((kept) => kept.length > 1_000)]).toEqual([[], [], false]);
      });

      test('a bucket that is away then loses its objects when it is back, also after a crash in between', async () => {
        store = await open();
        const [one, two] = [await keep(randomBytes(300_000)), await keep(randomBytes(300_000))];
        faults(({ method }) => method === 'DELETE', away);
        expect(await store.remove({ ids: [one, two] })).toBe(2);
        expect([objects().length, (await store.bucket())?.garbage]).toEqual([2, 2]);
        s3.fault = () => null;
        const small = await keep(randomBytes(10));
        await store.remove({ ids: [small] });
        expect([objects(), (await store.bucket())?.garbage]).toEqual([[], 0]);
      });

      test('what was uploaded for a capture that never came goes after an hour, and not before', async () => {
        store = await open();
        faults(({ method }) => method === 'PUT', { kind: 'lost' });
        await expect(store.record(carrying(randomBytes(300_000)))).rejects.toBeInstanceOf(StoreUnavailable);
        s3.fault = () => null;
        const nudge = async (): Promise<void> => { await store.remove({ ids: [await keep(randomBytes(10))] }); };
        now += hour - 1_000;
        await nudge();
        expect(objects()).toHaveLength(1);
        now += 2_000;
        await nudge();
        expect([objects(), await storage.garbage()]).toEqual([[], []]);
      });

      test('one gateway leaves alone what another is about to commit', async () => {
        store = await open();
        const other = storage.together ? await open() : store;
        const gone = await keep(randomBytes(10));
        let id = '';
        whenPut(async () => { await other.remove({ ids: [gone] }); });
        id = await keep(randomBytes(300_000));
        expect(await other.requestBody(id)).toHaveLength(300_000);
      });
    });

    describe('a body that is not as it was put', () => {
      beforeEach(async () => { store = await open(); });

      test('is an error that names it, and everything else can be read', async () => {
        const [missing, altered, short] = [await keep(randomBytes(300_000)), await keep(randomBytes(300_000)), await keep(randomBytes(300_000))];
        const good = await keep(randomBytes(300_000));
        const objectOf = async (id: string): Promise<string> => {
          s3.requests.length = 0;
          await store.requestBody(id);
          return s3.requests.find(({ method }) => method === 'GET')!.key;
        };
        const [a, b, c] = [await objectOf(missing), await objectOf(altered), await objectOf(short)];
        s3.objects.delete(a);
        s3.objects.get(b)![200_000]! ^= 1;
        s3.objects.set(c, s3.objects.get(c)!.subarray(0, 299_999));
        await expect(store.requestBody(missing)).rejects.toThrow(new RegExp(`the object of a kept body is missing \\(${a} in the bucket, sha256 [0-9a-f]{12}, 300000 bytes\\); restore it, or delete the capture`));
        for (const [id, object] of [[altered, b], [short, c]] as const) {
          const refusal = await store.requestBody(id).then(() => null, (error: unknown) => error);
          expect(refusal).toBeInstanceOf(StoreUnavailable);
          expect(String(refusal)).toMatch(new RegExp(`a kept body is damaged \\(sha256 [0-9a-f]{12}, 300000 bytes, raw, in the bucket as ${object}\\)`));
        }
        expect(await store.requestBody(good)).toHaveLength(300_000);
        expect((await store.capture(missing))!.request.body.size).toBe(300_000);
        expect(await store.remove({ ids: [missing, altered, short] })).toBe(3);
        expect(objects()).toEqual(await named());
      });

      test('is not there any more where its capture was deleted meanwhile', async () => {
        const id = await keep(randomBytes(300_000));
        s3.fault = async ({ method }, done) => {
          if (method !== 'GET' || done) return null;
          s3.fault = () => null;
          await store.remove({ ids: [id] });
          return null;
        };
        expect(await store.requestBody(id)).toBeNull();
      });
    });

    describe('at its start', () => {
      test.each<[string, Partial<S3Settings>, RegExp]>([
        ['wrong keys', { secretKey: 'another' }, /403 SignatureDoesNotMatch/], ['a bucket that is not there', { name: 'elsewhere' }, /404 NoSuchBucket; is its name right\?/], ['nobody there', { endpoint: 'http://127.0.0.1:1' }, /ECONNREFUSED/],
      ])('refuses %s with the reason', async (_, settings, why) => {
        await expect(open({ settings })).rejects.toThrow(why);
        store = await open();
        expect(await store.bucket()).toEqual({ why: null, garbage: 0 });
        expect(objects()).toEqual([]);
      });

      test('refuses another bucket than the one its bodies lie in, and none at all, until nothing lies there', async () => {
        store = await open();
        const id = await keep(randomBytes(300_000));
        await close(store);
        await expect(open({ settings: { prefix: 'another' } })).rejects.toThrow(/this is not the bucket that the large bodies of this store lie in: it has no object store-/);
        const none = (): Promise<Store> => storage.open({ bucket: null, now: () => now, limits: { ...defaultLimits, storeDeadline: 20_000 } });
        await expect(none()).rejects.toThrow(/1 bodies of this store lie in a bucket .* gateway\.yaml names no bucket/);
        store = await open();
        expect(await store.requestBody(id)).toHaveLength(300_000);
        await store.remove({ ids: [id] });
        await close(store);
        const without = await none();
        opened.push(without);
        expect(await without.bucket()).toBeNull();
      });

      test('says why it cannot be used while it is away', async () => {
        store = await open();
        faults(() => true, away);
        expect((await store.bucket())?.why).toMatch(/503 ServiceUnavailable/);
        expect(await store.healthy()).toBe(true);
      });
    });
  });
}
