import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Tally } from '../../src/model/breaker.ts';
import { ObjectConflict, StoreUnavailable, Unanswerable, type CaptureFilter, type Recording, type Scope, type SeedObject, type Store } from '../../src/model/store.ts';
import { auditTests } from './store-audit.ts';
import { bodyTests, type BodyStorage } from './store-bodies.ts';
import { callbackTests } from './store-callbacks.ts';
import { answer, day, email, enrichment, http, mail, payment, recipient, recording, sms } from './store-drafts.ts';

/** An implementation under test, on storage of its own that outlives `store`; `sealed`: with a key. */
export interface OpenStore extends BodyStorage {
  readonly sealed: boolean;
  readonly store: Store;
  /** sets what the store takes for now (ms since the epoch) */
  at(ms: number): void;
  /** the same storage, opened anew; the one before was closed or (`kill`) is abandoned as by a crash */
  reopen(): Promise<Store>;
  kill(): Promise<void>;
  dispose(): Promise<void>;
}

/** What every Store must do. Run on each implementation: `storeContract('sqlite', open)`. */
export function storeContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`${name} store`, () => {
    let opened: OpenStore;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      opened.at(day);
      await store.begin('one');
    });
    afterEach(() => opened.dispose());

    const keep = async (what: Recording): Promise<string> => {
      await store.record(what);
      return what.draft.id;
    };
    const ids = async (filter: CaptureFilter): Promise<readonly string[]> => (await store.list(filter, 100)).items.map(({ id }) => id);

    describe('recording', () => {
      test('a recorded capture is there at once, and its seq is that of its recorded event', async () => {
        const what = recording();
        const { seq } = await store.record(what);
        expect(await store.capture(what.draft.id)).toMatchObject({ id: what.draft.id, seq, title: 'Your order', channel: 'email', outcome: 'captured', duplicateOf: null });
        expect((await store.events(0, 100)).find((event) => event.seq === seq)).toMatchObject({ kind: 'recorded', capture: what.draft.id });
        expect(await store.capture('latest')).toMatchObject({ id: what.draft.id });
        expect(await store.capture('cap_nobody')).toBeNull();
      });

      test('a whole capture has every field of the contract, null and never absent', async () => {
        const request = http({ query: 'a=1', trailers: [['X-T', '1']] });
        const id = await keep(recording({ protocol: 'http', request, reply: answer(), provider: 'stripe', channels: ['payment'], decoded: { kind: 'effects', effects: [payment()] } }));
        const capture = (await store.capture(id))!;
        expect(Object.values(capture).includes(undefined)).toBe(false);
        expect(Object.keys(capture).toSorted()).toEqual(['action', 'amount', 'at', 'callbacks', 'channel', 'channels', 'codes', 'content', 'decision', 'decoded', 'direction', 'duplicateOf',
          'effectCount', 'enrichment', 'findings', 'fingerprint', 'from', 'id', 'instance', 'keys', 'links', 'liveness', 'note', 'operation', 'operations', 'outcome', 'parent', 'person', 'pinned',
          'protocol', 'provider', 'recipients', 'redactions', 'reply', 'request', 'rule', 'run', 'seen', 'seq', 'service', 'size', 'space', 'tags', 'title', 'trace']);
        expect(capture).toMatchObject({
          title: 'EUR 42.00 payment_intents.confirm, Visa 4242', amount: { minor: '4200', exponent: 2, currency: 'EUR', text: 'EUR 42.00' }, size: 7,
          request: { kind: 'http', method: 'POST', url: 'https://api.vendor.test/v1/things?a=1', headers: [['Content-Type', 'application/json']], trailers: [['X-T', '1']],
            body: { encoding: 'utf8', data: '{"a":1}', size: 7, truncated: false } },
          reply: { kind: 'http', status: 200, body: { data: '{"ok":true}' } },
        });
        expect(Buffer.from((await store.requestBody(id))!).toString()).toBe('{"a":1}');
        expect(Buffer.from((await store.replyBody(id))!).toString()).toBe('{"ok":true}');
      });

      test('bytes come back exactly, whatever they are; long ones are shown in part and marked so', async () => {
        const message = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7) % 256));
        const id = await keep(recording({ request: mail({ message }) }));
        expect(Buffer.compare(Buffer.from((await store.requestBody(id))!), message)).toBe(0);
        const { body } = (await store.capture(id))!.request;
        expect(body).toMatchObject({ encoding: 'base64', size: 200_000, truncated: true, href: `/api/captures/${id}/raw` });
        expect(Buffer.from(body.data, 'base64')).toHaveLength(64 * 1024);
      });

      test('a text cut inside a character stays readable text', async () => {
        const id = await keep(recording({ request: http({ body: Buffer.from(`a${'ö'.repeat(50_000)}`) }) }));
        expect((await store.capture(id))!.request.body).toMatchObject({ encoding: 'utf8', truncated: true, data: `a${'ö'.repeat(32_767)}` });
      });

      test('an exchange without bytes has none, and a capture that is not there has null', async () => {
        const id = await keep(recording({ protocol: 'connect', request: { kind: 'connect', via: 'connect', authority: { host: 'evil.test', port: 443 }, headers: [] }, reply: null,
          decoded: { kind: 'unrecognized', why: 'nobody claims this host' }, channels: [], provider: 'unknown' }));
        expect(await store.capture(id)).toMatchObject({ title: 'CONNECT evil.test:443', channel: null, operation: null, liveness: 'unknown', reply: null, request: { body: { encoding: 'none', data: '', size: 0, href: null } } });
        expect(await store.requestBody(id)).toHaveLength(0);
        expect(await store.replyBody(id)).toBeNull();
        expect(await store.requestBody('cap_nobody')).toBeNull();
      });

      test('the same id twice is refused as unavailable, and its neighbours in the same commit are not', async () => {
        const what = recording();
        const settled = await Promise.allSettled([store.record(what), store.record(recording()), store.record(what), store.record(recording())]);
        expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
        expect((settled[2] as PromiseRejectedResult).reason).toBeInstanceOf(StoreUnavailable);
        expect((await store.list({}, 10)).total).toBe(3);
      });

      test('a retry is marked as duplicate of the first: same bytes and same Idempotency-Key or Message-ID within a day', async () => {
        const request = http({ headers: [['Idempotency-Key', 'k1']] });
        const first = await keep(recording({ request }));
        const again = await keep(recording({ request }));
        const otherKey = await keep(recording({ request: http({ headers: [['idempotency-key', 'k2']] }) }));
        const otherBytes = await keep(recording({ request: http({ headers: [['Idempotency-Key', 'k1']], body: Buffer.from('{"a":2}') }) }));
        const nameless = [await keep(recording({ request: http() })), await keep(recording({ request: http() }))];
        const late = await keep(recording({ request, at: new Date(day + 25 * 3_600_000).toISOString() }));
        const message = Buffer.from('Message-ID: <1@shop.test>\r\n\r\nhello');
        const mailed = await keep(recording({ request: mail({ message }) }));
        const mailedAgain = await keep(recording({ request: mail({ message }) }));
        const twin = async (id: string): Promise<string | null> => (await store.capture(id))!.duplicateOf;
        expect(await Promise.all([first, again, otherKey, otherBytes, ...nameless, late, mailed, mailedAgain].map(twin))).toEqual([null, first, null, null, null, null, null, null, mailed]);
      });

      test('messages of one sort share a fingerprint, of another do not', async () => {
        const print = async (subject: string, operation = 'mail.send'): Promise<string | null> =>
          (await store.capture(await keep(recording({ decoded: { kind: 'effects', effects: [email({ subject, operation })] } }))))!.fingerprint;
        const one = await print('Order 12 for ann@shop.test');
        expect(one).toMatch(/^[0-9a-f]{12}$/);
        expect(await print('Order 7,500 for bob.b+x@other.test')).toBe(one);
        expect(await print('Invoice 12 for ann@shop.test')).not.toBe(one);
        expect(await print('Order 12 for ann@shop.test', 'mail.other')).not.toBe(one);
      });

      test('attachments are kept as bytes and listed, and their content is not in decoded', async () => {
        const attachment = { filename: 'a.pdf', contentType: 'application/pdf', contentId: null, content: Buffer.from('%PDF') };
        const id = await keep(recording({ decoded: { kind: 'effects', effects: [email({ text: 'see', attachments: [attachment] })] } }));
        const capture = (await store.capture(id))!;
        expect(capture.decoded).toMatchObject({ effects: [{ attachments: [{ filename: 'a.pdf', size: 4 }] }] });
        expect(JSON.stringify(capture.decoded)).not.toContain('content":');
        expect(capture.content).toMatchObject({ text: 'see', attachments: [{ n: 0, filename: 'a.pdf', contentType: 'application/pdf', size: 4, href: `/api/captures/${id}/attachments/0` }] });
        expect(capture.content?.attachments[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
        const kept = (await store.attachment(id, 0))!;
        expect({ ...kept, content: Buffer.from(kept.content).toString() }).toEqual({ filename: 'a.pdf', contentType: 'application/pdf', content: '%PDF' });
        expect(await store.attachment(id, 1)).toBeNull();
        expect(await store.attachment(id, 0.5)).toBeNull();
      });
    });

    bodyTests({ store: () => store, storage: () => opened });

    auditTests({
      store: () => store,
      now: (ms) => opened.at(ms),
      async reopen() {
        await store.close('one');
        store = await opened.reopen();
        return store;
      },
    });

    callbackTests({
      store: () => store,
      now: (ms) => opened.at(ms),
      async crash() {
        await opened.kill();
        store = await opened.reopen();
      },
    });

    describe('outcome and enrichment', () => {
      test('the outcome of a forward is added with its reply, as an event of its own', async () => {
        const id = await keep(recording({ outcome: 'pending', reply: null }));
        await store.outcome(id, 'forwarded', answer({ status: 202 }));
        expect(await store.capture(id)).toMatchObject({ outcome: 'forwarded', reply: { status: 202 } });
        expect((await store.events(0, 100)).at(-1)).toMatchObject({ kind: 'outcome', capture: id, data: { outcome: 'forwarded', was: 'pending' } });
        expect(await ids({ outcome: ['forwarded'] })).toEqual([id]);
        expect(await ids({ outcome: ['pending'] })).toEqual([]);
        await expect(store.outcome('cap_nobody', 'failed', null)).rejects.toThrow(/cap_nobody/);
      });

      test('what passed of a streamed call is added with the outcome: its beginning, counts, hashes and trailers', async () => {
        const call = http({ body: Buffer.from('begin') });
        const id = await keep(recording({ outcome: 'pending', reply: null, request: { ...call, streamed: { size: null, sha256: null, whole: false } } }));
        expect((await store.capture(id))!.request.body).toMatchObject({ data: 'begin', size: 5, truncated: true, streamed: { sha256: null, whole: false } });
        const redaction = { where: 'request.body', offset: 0, length: 2, kind: 'card' as const, hint: '', fingerprint: null };
        await store.outcome(id, 'forwarded', answer({ body: Buffer.from('ok'), streamed: { size: 9_000_000, sha256: 'b'.repeat(64), whole: false } }), {
          request: { ...call, body: Buffer.from('beginning'), trailers: [['x-sum', '1']], streamed: { size: 5_000_000_000, sha256: 'a'.repeat(64), whole: true } }, redactions: [redaction],
        });
        const kept = (await store.capture(id))!;
        expect(kept).toMatchObject({
          outcome: 'forwarded', size: 5_000_000_000, redactions: [redaction],
          request: { trailers: [['x-sum', '1']], body: { data: 'beginning', size: 5_000_000_000, truncated: true, streamed: { sha256: 'a'.repeat(64), whole: true } } },
          reply: { body: { data: 'ok', size: 9_000_000, truncated: true, streamed: { sha256: 'b'.repeat(64), whole: false } } },
        });
        expect(kept.request).not.toHaveProperty('streamed');
        expect(Buffer.from((await store.requestBody(id))!).toString()).toBe('beginning');
        expect((await store.list({}, 10)).items[0]).toMatchObject({ id, size: 5_000_000_000 });
      });

      test('what was left to read is listed oldest first, also after a restart, until it was read', async () => {
        const first = await keep(recording({ enrichment: 'pending' }));
        const second = await keep(recording({ enrichment: 'pending' }));
        await keep(recording());
        expect(await store.pendingEnrichment(10)).toEqual([first, second]);
        expect(await store.pendingEnrichment(1)).toEqual([first]);
        await store.close('one');
        store = await opened.reopen();
        expect(await store.pendingEnrichment(10)).toEqual([first, second]);
        await store.enrich(first, enrichment());
        expect(await store.pendingEnrichment(10)).toEqual([second]);
      });

      test('enrichment adds text, attachments, codes, links, findings and keys, and all of it can be found', async () => {
        const there = { id: 'burst', title: 'burst', where: 'recipients', excerpt: '51' };
        const found = { id: 'null-name', title: 'NULL name', where: 'text', excerpt: 'Dear null' };
        const id = await keep(recording({ enrichment: 'pending', findings: [there], keys: [{ name: 'order', value: '1' }] }));
        await store.enrich(id, enrichment({ subject: 'Grüße', text: 'Dear null, your code is 987654', codes: ['987654'], links: ['https://shop.test/x'],
          findings: [found, there], keys: [{ name: 'order', value: '1' }, { name: 'ticket', value: '77' }],
          attachments: [{ filename: null, contentType: 'image/png', contentId: 'logo', content: Buffer.from('png') }] }));
        expect(await store.capture(id)).toMatchObject({ enrichment: 'done', title: 'Grüße', codes: ['987654'], links: ['https://shop.test/x'], findings: [there, found],
          keys: [{ name: 'order', value: '1' }, { name: 'ticket', value: '77' }], content: { subject: 'Grüße', text: 'Dear null, your code is 987654', html: null,
            attachments: [{ n: 0, filename: null, contentId: 'logo', size: 3 }] } });
        for (const filter of [{ q: 'grusse' }, { q: '987654' }, { finding: ['null-name'] }, { finding: ['burst'] }, { key: ['ticket:77'] }, { q: '77' }]) {
          const expected = 'q' in filter && filter.q === 'grusse' ? [] : [id];
          expect(await ids(filter), JSON.stringify(filter)).toEqual(expected);
        }
        expect(await ids({ q: 'gruße' })).toEqual([id]);
        await expect(store.enrich('cap_nobody', enrichment())).resolves.toBeUndefined();
      });

      test('a failed reading says so and keeps what was known; its words are found from then on', async () => {
        const id = await keep(recording({ enrichment: 'pending' }));
        await store.enrich(id, enrichment({ state: 'failed' }));
        expect(await store.capture(id)).toMatchObject({ enrichment: 'failed', title: 'Your order' });
        expect(await ids({ q: '"your order" ann@shop.test' })).toEqual([id]);
      });
    });

    describe('lists', () => {
      test('are newest first, in pages, with the total of the filter', async () => {
        const all: string[] = [];
        for (let nth = 0; nth < 5; nth += 1) all.unshift(await keep(recording()));
        const first = await store.list({}, 2);
        expect(first.items.map(({ id }) => id)).toEqual(all.slice(0, 2));
        expect(first).toMatchObject({ total: 5, next: first.items[1]!.seq, oldestKept: (await store.capture(all[4]!))!.at });
        const second = await store.list({ before: first.next! }, 2);
        expect(second.items.map(({ id }) => id)).toEqual(all.slice(2, 4));
        const third = await store.list({ before: second.next! }, 2);
        expect({ ids: third.items.map(({ id }) => id), next: third.next, total: third.total }).toEqual({ ids: all.slice(4), next: null, total: 5 });
        expect(await ids({ after: first.items[1]!.seq })).toEqual(all.slice(0, 1));
      });

      test('an empty store has an empty list', async () => {
        expect(await store.list({}, 10)).toEqual({ items: [], next: null, total: 0, totalExact: true, oldestKept: null });
      });

      test('every filter finds what it names and nothing else; several values are or, several filters are and', async () => {
        const a = await keep(recording({
          at: '2026-11-21T11:00:00.000Z', run: 'r1', origin: { space: 'team', service: 'billing', run: 'r1', trace: 'a'.repeat(32), address: '::1', via: 'proxy' }, protocol: 'http', provider: 'twilio', channels: ['sms', 'voice'],
          request: http({ authority: { host: 'api.twilio.test', port: 443 } }), decoded: { kind: 'effects', effects: [sms({ recipients: [recipient('+4915100000001', { kind: 'phone', standing: 'real' }), recipient('Bob@Shop.test')] })] },
          keys: [{ name: 'order', value: '42' }, { name: 'url', value: 'a:b' }], findings: [{ id: 'real-recipient', title: 'x', where: 'y', excerpt: 'z' }], identities: [{ kind: 'phone', value: '+4915100000001' }],
        }));
        const b = await keep(recording({ at: '2026-11-21T12:00:00.000Z', outcome: 'rejected', direction: 'callback', decision: { action: 'reject', rule: 'no', reason: 'no', trace: [], reported: [], policy: { sha256: '0' }, fault: null },
          decoded: { kind: 'effects', effects: [email({ liveness: 'live', recipients: [recipient('a[b]?c@x.test')] })] } }));
        await store.patch(b, { tags: ['odd'] });
        const person = (await store.capture(a))!.person!;
        const table: readonly (readonly [CaptureFilter, readonly string[]])[] = [
          [{ run: ['r1'] }, [a]], [{ run: ['r2'] }, []], [{ space: ['team'] }, [a]], [{ service: ['billing'] }, [a]], [{ service: ['billing', 'shop'] }, [b, a]],
          [{ channel: ['voice'] }, [a]], [{ channel: ['email'] }, [b]], [{ provider: ['twilio'] }, [a]], [{ operation: ['messages.create'] }, [a]],
          [{ action: ['reject'] }, [b]], [{ outcome: ['captured', 'rejected'] }, [b, a]], [{ liveness: ['live'] }, [b]], [{ standing: ['real'] }, [a]], [{ standing: ['real', 'invalid'] }, [a]],
          [{ recipient: ['bob@shop.test'] }, [a]], [{ recipient: ['*@SHOP.test'] }, [a]], [{ recipient: ['*@hop.test'] }, []], [{ recipient: ['*@x.test', 'bob@shop.test'] }, [b, a]],
          [{ recipient: ['bob'] }, []], [{ person: [person] }, [a]], [{ host: ['api.twilio.test'] }, [a]],
          [{ key: ['42'] }, [a]], [{ key: ['order:42'] }, [a]], [{ key: ['invoice:42'] }, []], [{ key: ['a:b'] }, [a]], [{ trace: ['a'.repeat(32)] }, [a]], [{ finding: ['real-recipient'] }, [a]],
          [{ tag: ['odd'] }, [b]], [{ direction: ['callback'] }, [b]], [{ since: '2026-11-21T11:00:00.001Z' }, [b]], [{ since: '2026-11-21T12:00:00Z', until: '2026-11-21T13:00:00+01:00' }, [b]],
          [{ until: '2026-11-21T11:00:00Z' }, [a]], [{ since: '2026-11-21T11:30:00Z', channel: ['sms'] }, []], [{ service: ['billing'], standing: ['reserved'], run: ['r1'], until: '2026-11-21T11:00:00Z', q: 'code' }, [a]],
          [{ channel: ['sms'], provider: ['smtp'] }, []], [{ channel: [] }, []], [{ channel: ["' OR 1=1 --"] }, []],
        ];
        // An address that is a hash has no beginning.
        const patterns: typeof table = [[{ recipient: ['+49*'] }, [a]], [{ recipient: ['*'] }, [b, a]], [{ recipient: ['a[b]?c@*'] }, [b]], [{ recipient: ['a[b]xc@*'] }, []], [{ recipient: ['*@*.test'] }, [b, a]]];
        for (const [filter] of opened.sealed ? patterns : []) {
          await expect(store.list(filter, 10), JSON.stringify(filter)).rejects.toBeInstanceOf(Unanswerable);
          await expect(store.remove(filter)).rejects.toThrow(/this store is encrypted.*give a whole address, or \*@ and a whole domain/);
        }
        for (const [filter, expected] of [...table, ...opened.sealed ? [] : patterns]) {
          const page = await store.list(filter, 10);
          expect([page.items.map(({ id }) => id), page.total], JSON.stringify(filter)).toEqual([expected, expected.length]);
        }
        await expect(store.list({ since: 'yesterday' }, 10)).rejects.toBeInstanceOf(RangeError);
      });

      test('full text finds every word in any place, phrases together, and nothing of a query language', async () => {
        const a = await keep(recording({ decoded: { kind: 'effects', effects: [email({ subject: 'Your order has shipped', html: '<p>Track <b>parcel</b> 77</p>', recipients: [recipient('ann.lee@shop.test')] })] }, keys: [{ name: 'order', value: 'ord-991' }] }));
        const b = await keep(recording({ decoded: { kind: 'effects', effects: [sms({ text: 'Order your parcel: 1234' })] } }));
        const table: readonly (readonly [string, readonly string[]])[] = [
          ['parcel', [b, a]], ['PARCEL order', [b, a]], ['parcel shipped', [a]], ['"your order"', [a]], ['"order your"', [b]], ['ann.lee@shop.test', [a]], ['ord-991', [a]], ['messages.create', [b]],
          ['ship', []], ['parcel NOT shipped', []], ['parcel OR nothing', []], ['"unclosed parcel', []], ['text:parcel', []], ['---', []], ['', [b, a]], ['  ', [b, a]], ['parcel)', [b, a]], ['b', []],
        ];
        for (const [q, expected] of table) expect(await ids({ q }), q).toEqual(expected);
        if (opened.sealed) await expect(ids({ q: 'parcel ship*' })).rejects.toThrow(/"ship\*" cannot be looked for, because this store is encrypted.*give whole words/);
        else expect(await ids({ q: 'ship*' })).toEqual([a]);
      });

      test('counts say how many captures match, by one field', async () => {
        await keep(recording({ run: 'r1', decoded: { kind: 'effects', effects: [email({ recipients: [recipient('a@x.test'), recipient('b@x.test'), recipient('c@real.example', { standing: 'real' })] })] } }));
        await keep(recording({ provider: 'twilio', channels: ['sms'], findings: [{ id: 'f', title: '', where: '', excerpt: '' }], decoded: { kind: 'effects', effects: [sms()] } }));
        await keep(recording());
        expect(await store.counts({}, 'channel')).toEqual([{ value: 'email', count: 2 }, { value: 'sms', count: 1 }]);
        expect(await store.counts({}, 'standing')).toEqual([{ value: 'reserved', count: 3 }, { value: 'real', count: 1 }]);
        expect(await store.counts({ channel: ['email'] }, 'run')).toEqual([{ value: 'r1', count: 1 }]);
        expect(await store.counts({ q: 'code' }, 'provider')).toEqual([{ value: 'twilio', count: 1 }]);
        expect(await store.counts({}, 'finding')).toEqual([{ value: 'f', count: 1 }]);
        for (const by of ['service', 'action', 'outcome'] as const) expect((await store.counts({}, by))[0]?.count).toBe(3);
      });
    });

    describe('persons', () => {
      const of = async (...identities: readonly (readonly ['email' | 'phone' | 'customer' | 'device', string])[]): Promise<string> =>
        keep(recording({ identities: identities.map(([kind, value]) => ({ kind, value })) }));
      const person = async (id: string): Promise<string | null> => (await store.capture(id))!.person;

      test('captures that share an identity belong to one person, however it is spelt', async () => {
        const [a, b, c] = [await of(['email', 'Ann@Shop.test ']), await of(['email', 'ann@shop.test'], ['phone', '+49 151 1']), await of(['phone', '0049-151-1'])];
        const other = await of(['email', 'bob@shop.test']);
        const nobody = await of();
        expect(await person(a)).toMatch(/^per_/);
        expect([await person(b), await person(c)]).toEqual([await person(a), await person(a)]);
        expect(await person(other)).not.toBe(await person(a));
        expect(await person(nobody)).toBeNull();
        expect(await ids({ person: [(await person(a))!] })).toEqual([c, b, a]);
      });

      test('two persons that turn out to be one are joined, and the old id still finds them', async () => {
        const [a, b] = [await of(['email', 'ann@shop.test']), await of(['customer', 'cus_1'])];
        const [first, second] = [await person(a), await person(b)];
        expect(first).not.toBe(second);
        const c = await of(['customer', 'cus_1'], ['email', 'ann@shop.test']);
        expect([await person(a), await person(b), await person(c)]).toEqual([first, first, first]);
        expect(await ids({ person: [first!] })).toEqual([c, b, a]);
        expect(await ids({ person: [second!] })).toEqual([c, b, a]);
      });

      test('a person whose last capture is deleted is forgotten', async () => {
        const a = await of(['email', 'ann@shop.test'], ['device', 'd1']);
        await store.remove({ ids: [a] });
        const [b, c] = [await of(['email', 'ann@shop.test']), await of(['device', 'd1'])];
        expect(await person(b)).not.toBe(await person(c));
      });
    });

    describe('changing and deleting', () => {
      test('tags, note, pin and seen can be set, each alone', async () => {
        const id = await keep(recording());
        expect(await store.patch(id, { tags: ['a', 'b', 'a'], note: 'odd' })).toBe(true);
        expect(await store.patch(id, { pinned: true, seen: true })).toBe(true);
        expect(await store.capture(id)).toMatchObject({ tags: ['a', 'b'], note: 'odd', pinned: true, seen: true });
        await store.patch(id, { tags: [], note: null });
        expect(await store.capture(id)).toMatchObject({ tags: [], note: null, pinned: true });
        expect(await ids({ tag: ['a'] })).toEqual([]);
        expect((await store.events(0, 100)).at(-1)).toMatchObject({ kind: 'changed', capture: id });
        expect(await store.patch('cap_nobody', { seen: true })).toBe(false);
      });

      test('removing takes row, bytes and index entries, and says so in the log', async () => {
        const shared = http({ body: Buffer.from('shared bytes') });
        const a = await keep(recording({ request: shared }));
        const b = await keep(recording({ request: shared, decoded: { kind: 'effects', effects: [email({ subject: 'unmistakable' })] } }));
        expect(await store.remove({ ids: [b] })).toBe(1);
        expect(await store.capture(b)).toBeNull();
        expect(await ids({ q: 'unmistakable' })).toEqual([]);
        expect((await store.counts({}, 'channel'))[0]).toEqual({ value: 'email', count: 1 });
        expect(Buffer.from((await store.requestBody(a))!).toString()).toBe('shared bytes');
        expect((await store.events(0, 100)).at(-1)).toMatchObject({ kind: 'deleted', capture: b });
        expect(await store.remove({ ids: [] })).toBe(0);
        expect(await store.remove({ ids: [a], service: ['other'] })).toBe(0);
        expect(await store.remove({ service: ['shop'] })).toBe(1);
        expect((await store.list({}, 1)).total).toBe(0);
      });

      test('captures of an open registered run are never removed; of a closed or merely named one they are', async () => {
        await store.openRun({ name: 'ci', space: null, claims: [], registered: true });
        const [inRun, named, free] = [await keep(recording({ run: 'ci' })), await keep(recording({ run: 'named' })), await keep(recording())];
        expect(await store.remove({})).toBe(2);
        expect(await ids({})).toEqual([inRun]);
        expect([await store.capture(named), await store.capture(free)]).toEqual([null, null]);
        await store.closeRun('ci');
        expect(await store.remove({})).toBe(1);
      });
    });

    describe('remembered objects', () => {
      const none: Scope = { provider: 'stripe', account: 'acc', run: '' };
      const run: Scope = { ...none, run: 'r1' };
      const remember = (scope: Scope, id: string, expectVersion: number, value: unknown, index?: Readonly<Record<string, string>>): Promise<string> =>
        keep(recording({}, { remember: [{ scope, object: { kind: 'customer', id, expectVersion, value, ...(index === undefined ? {} : { index }) } }] }));
      const listed = async (scope: Scope, options: Partial<Parameters<Store['objects']>[2]> = {}): Promise<readonly string[]> =>
        (await store.objects(scope, 'customer', { limit: 10, ...options })).items.map(({ id }) => id);

      test('are recalled as they were remembered, their version growing by one', async () => {
        await remember(none, 'cus_1', 0, { name: 'Ann' });
        expect(await store.recall(none, 'customer', 'cus_1')).toEqual({ kind: 'customer', id: 'cus_1', version: 1, value: { name: 'Ann' } });
        await remember(none, 'cus_1', 1, { name: 'Bob' });
        expect(await store.recall(none, 'customer', 'cus_1')).toMatchObject({ version: 2, value: { name: 'Bob' } });
        for (const scope of [{ ...none, account: 'other' }, { ...none, provider: 'other' }]) expect(await store.recall(scope, 'customer', 'cus_1')).toBeNull();
        expect(await store.recall(none, 'charge', 'cus_1')).toBeNull();
      });

      test('a stale version is a conflict: nothing of that recording is written, and its neighbours are', async () => {
        let made = 0;
        await remember(none, 'cus_1', 0, 1);
        const what = (id: string, expectVersion: number): Recording => recording({}, { remember: [
          { scope: none, object: { kind: 'extra', id: `new_${(made += 1)}`, expectVersion: 0, value: 1 } }, { scope: none, object: { kind: 'customer', id, expectVersion, value: 2 } }] });
        const [first, second, third] = [what('cus_1', 1), what('cus_1', 1), what('cus_2', 4)];
        const settled = await Promise.allSettled([store.record(first), store.record(second), store.record(third)]);
        expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
        for (const [at, result] of settled.entries()) if (at > 0) expect((result as PromiseRejectedResult).reason).toBeInstanceOf(ObjectConflict);
        expect(await store.capture(second.draft.id)).toBeNull();
        expect((await store.objects(none, 'extra', { limit: 10 })).items).toHaveLength(1);
        const fourth = recording();
        await Promise.allSettled([store.record(what('cus_9', 5)), store.record(fourth)]);
        expect(await store.capture(fourth.draft.id)).not.toBeNull();
        await expect(remember(none, 'cus_1', 0, 3)).rejects.toBeInstanceOf(ObjectConflict);
      });

      test('deleting leaves nothing to recall, and the version goes on', async () => {
        await remember(none, 'cus_1', 0, 1);
        await remember(none, 'cus_1', 1, null);
        expect(await store.recall(none, 'customer', 'cus_1')).toBeNull();
        expect(await listed(none)).toEqual([]);
        await remember(none, 'cus_1', 0, 2);
        expect(await store.recall(none, 'customer', 'cus_1')).toMatchObject({ version: 3 });
      });

      test('a run reads through to none, and what it writes or deletes stays its own', async () => {
        for (const id of ['cus_1', 'cus_2', 'cus_3']) await remember(none, id, 0, { of: 'none' });
        await remember(run, 'cus_4', 0, { of: 'run' });
        await remember(run, 'cus_2', 1, { of: 'run' });
        await remember(run, 'cus_3', 1, null);
        expect(await listed(run)).toEqual(['cus_4', 'cus_2', 'cus_1']);
        expect(await listed(none)).toEqual(['cus_3', 'cus_2', 'cus_1']);
        expect(await store.recall(run, 'customer', 'cus_2')).toMatchObject({ version: 2, value: { of: 'run' } });
        expect(await store.recall(none, 'customer', 'cus_2')).toMatchObject({ version: 1, value: { of: 'none' } });
        expect([await store.recall(run, 'customer', 'cus_3'), await store.recall({ ...run, run: 'r2' }, 'customer', 'cus_4')]).toEqual([null, null]);
        await remember(none, 'cus_1', 1, { of: 'none', changed: true });
        await expect(remember(run, 'cus_1', 1, {})).rejects.toBeInstanceOf(ObjectConflict);
      });

      test('lists are newest first with cursors by id, filtered by index fields', async () => {
        for (let nth = 1; nth <= 5; nth += 1) await remember(none, `cus_${nth}`, 0, { nth }, { odd: String(nth % 2) });
        await remember(none, 'cus_2', 1, { nth: 2 }, { odd: '0' });
        const page = async (options: Partial<Parameters<Store['objects']>[2]>): Promise<readonly [readonly string[], boolean]> => {
          const { items, more } = await store.objects(none, 'customer', { limit: 2, ...options });
          return [items.map(({ id }) => id), more];
        };
        expect(await page({})).toEqual([['cus_5', 'cus_4'], true]);
        expect(await page({ after: 'cus_4' })).toEqual([['cus_3', 'cus_2'], true]);
        expect(await page({ after: 'cus_2' })).toEqual([['cus_1'], false]);
        expect(await page({ before: 'cus_2' })).toEqual([['cus_4', 'cus_3'], true]);
        expect(await page({ before: 'cus_4' })).toEqual([['cus_5'], false]);
        expect(await page({ where: { odd: '1' } })).toEqual([['cus_5', 'cus_3'], true]);
        expect(await page({ where: { odd: '0' } })).toEqual([['cus_4', 'cus_2'], false]);
        expect(await page({ where: { even: '0' } })).toEqual([[], false]);
        expect(await page({ after: 'cus_9' })).toEqual([[], false]);
      });

      test('an account reads through to what no account in particular has, and what it writes or deletes stays its own', async () => {
        const seeded: Scope = { ...none, account: '' };
        // each sees what was written before it, but the account alone does not see the run's
        const nearer: readonly (readonly [Scope, number])[] = [[{ ...seeded, run: 'r1' }, 1], [none, 1], [run, 2]];
        await store.putObjects(['cus_1', 'cus_2', 'cus_3'].map((id) => ({ scope: seeded, kind: 'customer', id, value: { of: 'all' } })));
        for (const [scope] of nearer) expect(await listed(scope)).toEqual(['cus_3', 'cus_2', 'cus_1']);
        for (const [index, [scope, version]] of nearer.entries()) {
          await remember(scope, 'cus_2', version, { of: index });
          expect(await store.recall(run, 'customer', 'cus_2')).toMatchObject({ version: version + 1, value: { of: index } });
        }
        await remember(none, 'cus_3', 1, null);
        expect([await listed(run), await listed(none), await listed(seeded)]).toEqual([['cus_2', 'cus_1'], ['cus_2', 'cus_1'], ['cus_3', 'cus_2', 'cus_1']]);
        expect(await store.recall({ ...none, account: 'other' }, 'customer', 'cus_2')).toMatchObject({ version: 1, value: { of: 'all' } });
        expect(await store.recall({ ...none, account: 'other', run: 'r1' }, 'customer', 'cus_2')).toMatchObject({ version: 2, value: { of: 0 } });
        await expect(remember(run, 'cus_1', 0, {})).rejects.toBeInstanceOf(ObjectConflict);
      });

      test('seeded objects are there whatever stood there, found by their own fields or as said; a reset takes all of a provider', async () => {
        const seed = (id: string, value: unknown, index?: Readonly<Record<string, string>>): SeedObject => ({ scope: none, kind: 'customer', id, value, ...(index === undefined ? {} : { index }) });
        await store.putObjects([seed('cus_1', { email: 'a@x.test', nested: {} })]);
        await store.putObjects([
          seed('cus_1', { email: 'b@x.test' }), seed('cus_3', { email: 'c@x.test' }, { region: 'eu' }), { scope: { provider: 'other', account: '', run: '' }, kind: 'thing', id: 't', value: 1 },
        ]);
        await remember(run, 'cus_2', 0, {});
        expect(await store.recall(none, 'customer', 'cus_1')).toMatchObject({ version: 2, value: { email: 'b@x.test' } });
        await store.putObjects([seed('cus_1', { email: 'b@x.test' })]);
        expect(await store.recall(none, 'customer', 'cus_1')).toMatchObject({ version: 2 });
        expect(await listed(none, { where: { email: 'b@x.test' } })).toEqual(['cus_1']);
        for (const where of [{ email: 'a@x.test' }, { email: 'c@x.test' }]) expect(await listed(none, { where })).toEqual([]);
        expect(await listed(none, { where: { region: 'eu' } })).toEqual(['cus_3']);
        expect((await store.allObjects('stripe', 10)).map(({ id, scope }) => [id, scope.account, scope.run])).toEqual([['cus_2', 'acc', 'r1'], ['cus_3', 'acc', ''], ['cus_1', 'acc', '']]);
        expect(await store.removeObjects('stripe')).toBe(3);
        expect(await store.allObjects('stripe', 10)).toEqual([]);
        expect(await store.allObjects('other', 10)).toHaveLength(1);
      });
    });

    describe('runs', () => {
      test('open with a window, close once, and are listed newest first', async () => {
        const opened1 = await store.openRun({ name: 'ci-1', space: 'team', claims: [{ kind: 'service', service: 'shop' }], registered: true });
        expect(opened1).toMatchObject({ name: 'ci-1', space: 'team', registered: true, openedAt: '2026-11-21T10:00:00.000Z', closedAt: null, closedSeq: null, claims: [{ kind: 'service', service: 'shop' }] });
        const { seq } = await store.record(recording({ run: 'ci-1' }));
        await store.openRun({ name: 'ci-2', space: null, claims: [], registered: true });
        const closed = (await store.closeRun('ci-1'))!;
        expect(opened1.openedSeq).toBeLessThan(seq);
        expect(closed.closedSeq).toBeGreaterThan(seq);
        expect(await store.closeRun('ci-1')).toEqual(closed);
        expect(await store.closeRun('nobody')).toBeNull();
        expect((await store.runs({ limit: 10 })).map(({ name: run }) => run)).toEqual(['ci-2', 'ci-1']);
        expect((await store.runs({ open: true, limit: 10 })).map(({ name: run }) => run)).toEqual(['ci-2']);
        expect((await store.runs({ open: false, limit: 10 })).map(({ name: run }) => run)).toEqual(['ci-1']);
        expect(await store.run('ci-1')).toEqual(closed);
        expect(await store.run('nobody')).toBeNull();
      });

      test('a name first seen on a call makes a run that is not registered; registering keeps its window', async () => {
        await keep(recording({ run: 'seen' }));
        const seen = (await store.run('seen'))!;
        expect(seen).toMatchObject({ registered: false, claims: [] });
        const registered = await store.openRun({ name: 'seen', space: null, claims: [{ kind: 'key', value: '1' }], registered: true });
        expect(registered).toMatchObject({ registered: true, openedSeq: seen.openedSeq, claims: [{ kind: 'key', value: '1' }] });
        expect(await store.openRun({ name: 'seen', space: null, claims: [], registered: false })).toEqual(registered);
      });

      test('"ambiguous" is the name of no run', async () => {
        await keep(recording({ run: 'ambiguous' }));
        expect(await store.run('ambiguous')).toBeNull();
        await expect(store.openRun({ name: 'ambiguous', space: null, claims: [], registered: true })).rejects.toThrow(/ambiguous/);
        expect((await store.list({ run: ['ambiguous'] }, 1)).total).toBe(1);
      });

      test('opening a closed run again gives it a new window', async () => {
        const first = await store.openRun({ name: 'ci', space: null, claims: [], registered: true });
        await store.closeRun('ci');
        const second = await store.openRun({ name: 'ci', space: null, claims: [], registered: true });
        expect(second.openedSeq).toBeGreaterThan(first.openedSeq);
        expect(second.closedAt).toBeNull();
      });
    });

    describe('the event log', () => {
      test('grows by one seq for everything, in order, and is read from where a reader stood', async () => {
        await Promise.all(Array.from({ length: 50 }, () => store.record(recording())));
        await store.append({ kind: 'tls-rejected', capture: null, run: null, data: { host: 'x.test' } });
        const all = await store.events(0, 1_000);
        expect(all.map(({ seq }) => seq)).toEqual(all.map((_, at) => all[0]!.seq + at));
        expect(all.at(-1)).toMatchObject({ kind: 'tls-rejected', data: { host: 'x.test' }, at: '2026-11-21T10:00:00.000Z' });
        expect(await store.lastSeq()).toBe(all.at(-1)!.seq);
        expect((await store.events(all[10]!.seq, 5)).map(({ seq }) => seq)).toEqual(all.slice(11, 16).map(({ seq }) => seq));
        expect(await store.events(await store.lastSeq(), 5)).toEqual([]);
      });

      test('a reader that follows it while many write misses nothing', async () => {
        const seen: number[] = [];
        let after = 0;
        const read = async (): Promise<void> => {
          for (const { seq } of await store.events(after, 1_000)) { seen.push(seq); after = seq; }
        };
        const writing = Array.from({ length: 300 }, () => store.record(recording()));
        for (const recorded of writing) {
          await read();
          await recorded;
        }
        await read();
        expect(seen).toEqual(Array.from({ length: await store.lastSeq() }, (_, at) => at + 1));
      });

      test('listeners are called after a commit that appended, when its events can be read, until they unsubscribe', async () => {
        const heard: Promise<number>[] = [];
        const unsubscribe = store.subscribe(() => { heard.push(store.lastSeq()); });
        const { seq } = await store.record(recording());
        expect(heard).toHaveLength(1);
        expect(await heard[0]).toBeGreaterThanOrEqual(seq);
        await store.heartbeat('one');
        expect(heard).toHaveLength(1);
        unsubscribe();
        await store.record(recording());
        expect(heard).toHaveLength(1);
      });
    });

    describe('instances', () => {
      test('a clean stop is recorded and leaves no crash behind', async () => {
        await store.close('one');
        store = await opened.reopen();
        opened.at(day + 60_000);
        await store.begin('two');
        expect(await store.instances()).toMatchObject([{ id: 'two', stoppedAt: null, crashedSeq: null }, { id: 'one', startedAt: '2026-11-21T10:00:00.000Z', stoppedAt: '2026-11-21T10:00:00.000Z', crashedSeq: null }]);
        expect((await store.events(0, 100)).filter(({ kind }) => kind === 'instance').map(({ data }) => [data['instance'], data['state']])).toEqual([['one', 'started'], ['one', 'stopped'], ['two', 'started']]);
      });

      test('an instance that died is marked, and what it left open is unknown', async () => {
        const open1 = await keep(recording({ outcome: 'pending', reply: null, run: 'r' }));
        const done = await keep(recording());
        await store.heartbeat('one');
        const last = await store.lastSeq();
        await opened.kill();
        store = await opened.reopen();
        await store.begin('two');
        expect((await store.instances()).find(({ id }) => id === 'one')).toMatchObject({ stoppedAt: null, crashedSeq: last });
        expect(await store.capture(open1)).toMatchObject({ outcome: 'unknown' });
        expect(await store.capture(done)).toMatchObject({ outcome: 'captured' });
        expect(await ids({ outcome: ['unknown'] })).toEqual([open1]);
        expect((await store.events(last, 10)).map(({ kind, run, data }) => [kind, run, data['state'] ?? data['outcome']])).toEqual([['instance', null, 'crashed'], ['outcome', 'r', 'unknown'], ['instance', null, 'started']]);
      });

      test('a heartbeat moves the time it was last seen alive', async () => {
        opened.at(day + 5_000);
        await store.heartbeat('one');
        expect(await store.instances()).toMatchObject([{ heartbeatAt: '2026-11-21T10:00:05.000Z' }]);
      });
    });

    test('counters of one name are counted for each subject, none twice by many at once, and outlive a restart', async () => {
      const counts = await Promise.all(Array.from({ length: 20 }, () => store.count('failure:third', 'run-1')));
      expect([...counts].sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      expect(await store.count('failure:third', '')).toBe(1);
      expect(await store.count('failure:other', 'run-1')).toBe(1);
      await store.close('one');
      store = await opened.reopen();
      expect(await store.count('failure:third', 'run-1')).toBe(21);
    });

    describe('the mailshot breaker', () => {
      const tally = (members: readonly string[], at = day, more: Partial<Tally> = {}): Tally => ({ space: null, service: 'shop', members, at, perMs: 60_000, most: 4, ...more });
      const trip = { space: null, service: 'shop', capture: 'cap_1', run: 'r', recipients: 4, limit: 3, perMs: 60_000 };

      test('counts different members of one service within the window, and forgets those of before', async () => {
        expect(await store.tally(tally(['a', 'b', 'a']))).toEqual({ distinct: 2, tripped: null });
        expect(await store.tally(tally(['b', 'c'], day + 30_000))).toEqual({ distinct: 3, tripped: null });
        expect(await store.tally(tally(['x'], day, { service: 'other' }))).toEqual({ distinct: 1, tripped: null });
        expect(await store.tally(tally(['x'], day, { space: 'team' }))).toEqual({ distinct: 1, tripped: null });
        expect(await store.tally(tally([], day + 60_000))).toMatchObject({ distinct: 2 });
        expect(await store.tally(tally([], day + 90_000))).toMatchObject({ distinct: 0 });
      });

      test('keeps only the newest, so that the count is right up to that number at any later time', async () => {
        await store.tally(tally(['a', 'b'], day));
        await store.tally(tally(Array.from({ length: 50 }, (_, n) => `m${n}`), day + 1_000));
        expect(await store.tally(tally([], day + 2_000))).toMatchObject({ distinct: 4 });
        expect(await store.tally(tally([], day + 60_500))).toMatchObject({ distinct: 4 });
        expect((await store.breakers({ space: null, service: 'shop' }))[0]?.seen).toHaveLength(4);
      });

      test('adds up what is counted at the same time', async () => {
        const counts = await Promise.all(Array.from({ length: 20 }, (_, n) => store.tally(tally([`m${n}`], day, { most: 100 }))));
        expect(counts.map(({ distinct }) => distinct).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
      });

      test('counts with a capture in the same commit, or not at all', async () => {
        const once = recording({ tally: tally(['a']) });
        await store.record(once);
        await expect(store.record({ ...once, draft: { ...once.draft, tally: tally(['b']) } })).rejects.toBeInstanceOf(StoreUnavailable);
        expect((await store.breakers(null)).map(({ service, seen }) => [service, seen.map(({ member }) => member)])).toEqual([['shop', ['a']]]);
      });

      test('a trip is told once, stays over a restart, and ends with a reset that forgets who was counted', async () => {
        await store.tally(tally(['a', 'b', 'c', 'd']));
        const since = await store.trip(trip);
        expect(since).toBe('2026-11-21T10:00:00.000Z');
        opened.at(day + 5_000);
        expect(await store.trip({ ...trip, capture: 'cap_2' })).toBe(since);
        await store.close('one');
        store = await opened.reopen();
        await store.begin('two');
        expect(await store.tally(tally([]))).toMatchObject({ tripped: since });
        await store.tally(tally(['x'], day, { service: 'another' }));
        expect((await store.breakers(null)).map(({ service, tripped }) => [service, tripped])).toEqual([['shop', since], ['another', null]]);
        expect(await store.resetBreaker({ space: 'team', service: 'shop' })).toBe(false);
        expect(await store.resetBreaker({ space: null, service: 'shop' })).toBe(true);
        expect(await store.resetBreaker({ space: null, service: 'shop' })).toBe(false);
        expect(await store.tally(tally([]))).toEqual({ distinct: 0, tripped: null });
        expect((await store.events(0, 100)).filter(({ kind }) => kind === 'tripped').map(({ capture, run, data }) => [capture, run, data['state'], data['service'], data['recipients']])).toEqual([
          ['cap_1', 'r', 'tripped', 'shop', 4], [null, null, 'reset', 'shop', undefined]]);
      });
    });

    test('policies are kept under their hash', async () => {
      await store.keepPolicy('abc', 'version: 1');
      await store.keepPolicy('abc', 'version: 1');
      expect(await store.policy('abc')).toBe('version: 1');
      expect(await store.policy('def')).toBeNull();
    });

    test('an open store is healthy; a closed one is not, and refuses everything', async () => {
      expect(await store.healthy()).toBe(true);
      await store.close('one');
      expect(await store.healthy()).toBe(false);
      await expect(store.record(recording())).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(store.list({}, 1)).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(store.close('one')).resolves.toBeUndefined();
    });

    test('closing finishes what was accepted', async () => {
      const accepted = Array.from({ length: 200 }, () => recording());
      const writing = Promise.allSettled(accepted.map((what) => store.record(what)));
      await store.close('one');
      expect((await writing).every(({ status }) => status === 'fulfilled')).toBe(true);
      store = await opened.reopen();
      expect((await store.list({}, 1)).total).toBe(200);
    });
  });
}
