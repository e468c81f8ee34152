import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RunsOpen, type Subject } from '../../src/model/erasure.ts';
import type { Recording, Scope, Store } from '../../src/model/store.ts';
import type { Reader } from '../../src/store/erasure/found.ts';
import { brokenAt } from '../../src/store/erasure/proof.ts';
import { scan } from '../../src/store/erasure/scan.ts';
import { tables, type Table } from '../../src/store/erasure/tables.ts';
import { answer, day, email, enrichment, http, mail, payment, recipient, recording, sms } from './store-drafts.ts';

export interface ErasableStore {
  readonly store: Store;
  /** then nobody stands there in plain text, before as after */
  readonly sealed: boolean;
  /** everything that lies there, as text: every column of every table, and the bodies as they were before they were compressed */
  dump(): Promise<string>;
  /** the columns of every table */
  columns(): Promise<Readonly<Record<string, readonly string[]>>>;
  damageBodies(): Promise<void>;
  /** what a scan reads with */
  reader(): Promise<Reader & { end(): Promise<void> }>;
  dispose(): Promise<void>;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const callback = (more: object = {}) => ({ target: 'shop', object: 'o', event: 'paid', notBeforeMs: day, method: 'POST' as const, headers: [], body: '', contentType: 'text/plain', ...more });
const scope: Scope = { provider: 'stripe', account: '', run: '' };

interface Person { readonly address: string; readonly phone: string; readonly customer: string; readonly device: string; readonly id: string }
const jane: Person = { address: 'Jane.Roe-77@customer.example', phone: '+4917055512345', customer: 'cus_JaneRoe77', device: 'devicetoken0123456789jane', id: 'a' };
const mary: Person = { address: 'mary.major@customer.example', phone: '+4917099987654', customer: 'cus_MaryMajor', device: 'devicetoken9876543210mary', id: 'b' };
const subjectsOf = ({ address, phone, customer, device }: Person): readonly Subject[] =>
  [{ kind: 'email', value: address }, { kind: 'phone', value: phone }, { kind: 'customer', value: customer }, { kind: 'device', value: device }];

/** One capture for each place and each way of writing in which a person can be there: all of them have to be found. */
function places({ address, phone, customer, device, id }: Person): Readonly<Record<string, Recording>> {
  const nobody = { decoded: { kind: 'read', operation: 'things.create', liveness: 'test' } } as const;
  const posted = (body: string | Buffer, more: Partial<Parameters<typeof http>[0]> = {}): Recording => recording({ protocol: 'http', provider: 'vendor', channels: [], reply: answer(), request: http({ body: Buffer.from(body), ...more }), ...nobody });
  const letter = (text: string): Recording => recording({ request: mail({ message: Buffer.from(text.replaceAll('\n', '\r\n')) }), decoded: { kind: 'effects', effects: [email()] } });
  const [name, host] = address.split('@') as [string, string];
  return {
    'recipient of a mail': recording({ decoded: { kind: 'effects', effects: [email({ recipients: [recipient(address)] })] }, identities: [{ kind: 'email', value: address.toLowerCase() }] }),
    'sender of a mail': recording({ decoded: { kind: 'effects', effects: [email({ from: address })] } }),
    'subject and text': recording({ decoded: { kind: 'effects', effects: [email({ subject: `For ${address.toUpperCase()}`, text: 'x' })] } }),
    'recipient of an SMS': recording({ protocol: 'http', decoded: { kind: 'effects', effects: [sms({ recipients: [recipient(phone, { kind: 'phone' })] })] }, identities: [{ kind: 'phone', value: phone }] }),
    'a phone number as people write it': recording({ protocol: 'http', decoded: { kind: 'effects', effects: [sms({ text: `Call ${phone.slice(0, 3)} (${phone.slice(3, 6)}) ${phone.slice(6, 9)}-${phone.slice(9)} now` })] } }),
    'customer of a payment': recording({ protocol: 'http', provider: 'stripe', decoded: { kind: 'effects', effects: [payment({ customer })] }, identities: [{ kind: 'customer', value: `stripe:${customer}` }] }, {
      remember: [{ scope, object: { kind: 'customer', id: customer, expectVersion: 0, value: { id: customer, email: address }, index: { email: address } } }] }),
    'a device': posted('{}', { path: `/3/device/${device}` }),
    'a key': recording({ keys: [{ name: 'order', value: address }] }),
    'a finding': recording({ findings: [{ id: 'x', title: 'x', where: 'text', excerpt: `dear ${address}` }] }),
    'a JSON body': posted(JSON.stringify({ to: [{ email: address }] })),
    'JSON escapes': posted(`{"note":"hello\\n${address.replace('@', '\\u0040')}"}`),
    'JSON in JSON': posted(JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: `\n${address}` }) }) })),
    'a form': posted(`to=${encodeURIComponent(address)}&a=1`),
    'a query': posted('', { query: `to=${encodeURIComponent(encodeURIComponent(`<${address}>`))}` }),
    'a header': posted('', { headers: [['X-User', address]] }),
    'gzip': posted(gzipSync(JSON.stringify({ to: address })), { headers: [['Content-Encoding', 'gzip']] }),
    'UTF-16': posted(Buffer.from(`to ${address}`, 'utf16le')),
    'HTML entities': posted(`<p>to ${name}&#64;${host.replace('.', '&#x2e;')}</p>`),
    'base64 in JSON': posted(JSON.stringify({ attachments: [{ content: base64(`hello there, ${address} is the one`) }] })),
    'a reply': recording({ protocol: 'http', request: http(), reply: answer({ body: Buffer.from(`{"email":"${address}"}`) }), ...nobody }),
    'text of a mail': letter(`From: a@shop.test\nSubject: x\n\nThis is for ${address}, and for nobody else. ${'Long text. '.repeat(60)}\n`),
    'a mail header': letter(`From: a@shop.test\nReply-To: "J" <${address}>\nSubject: x\n\nx\n`),
    'a mail in quoted-printable': letter(`Subject: x\nContent-Transfer-Encoding: quoted-printable\n\nFor ${address.slice(0, 6)}=\n${address.slice(6).replace('@', '=40')} only\n`),
    'a mail in base64': letter(`Subject: x\nContent-Transfer-Encoding: base64\n\n${base64(`${'Hello. '.repeat(20)}${address} is here`).replace(/.{76}/g, '$&\n')}\n`),
    'an attachment': recording({ decoded: { kind: 'effects', effects: [email({ attachments: [{ filename: 'list.csv', contentType: 'text/csv', contentId: null, content: Buffer.from(`id;mail\n1;${address}\n`) }] })] } }),
    'the name of a file': recording({ decoded: { kind: 'effects', effects: [email({ attachments: [{ filename: `${address}.pdf`, contentType: 'application/pdf', contentId: null, content: Buffer.from(`%PDF ${id}`) }] })] } }),
    'a callback': recording({}, { callbacks: [callback({ body: JSON.stringify({ email: address }), object: `c-${id}` })] }),
    'a callback that is not kept': recording({}, { unsent: [{ target: 'https://x.test', event: 'e', notBeforeMs: day, why: `nobody receives for ${address}` }] }),
    'the decision': recording({ decision: { action: 'capture', reply: null, rule: 'all', reason: `${address} is real`, trace: [], reported: [], policy: { sha256: 'f'.repeat(64) }, fault: null } }),
  };
}

/** The same person once more, where no call put it. */
async function besides(store: Store, person: Person): Promise<readonly string[]> {
  const { address, customer, id } = person;
  const [noted, tagged, read] = [recording(), recording(), recording({ enrichment: 'pending' })];
  for (const each of [noted, tagged, read]) await store.record(each);
  await store.patch(noted.draft.id, { note: `asked for by ${address}`, pinned: true });
  await store.patch(tagged.draft.id, { tags: [address] });
  await store.enrich(read.draft.id, enrichment({ text: `Dear ${address}` }));
  await store.putObjects([{ scope, kind: 'note', id: `seed-${id}`, value: { deep: [{ of: address }] } }, { scope, kind: 'customer', id: `${customer}`, value: { id: customer } }]);
  await store.openRun({ name: `mails-${id}`, space: null, claims: [{ kind: 'recipient', pattern: address }, { kind: 'service', service: `shop-${id}` }], registered: true });
  await store.closeRun(`mails-${id}`);
  await store.keepPolicy(id.repeat(64), `safe: { emails: ["${address}"] }`);
  await store.append({ kind: 'changed', capture: null, run: null, data: { payer: { id: customer, kind: 'customer' } } });
  await store.audit({ actor: 'lead', action: 'unmasked', subject: address, data: { of: [address] } });
  const hash = createHmac('sha256', new Uint8Array(32).fill(7)).update(address.toLowerCase()).digest('hex').slice(0, 32);
  await store.tally({ space: null, service: 'mailer', members: [hash], at: day, perMs: 60_000, most: 10 });
  return [noted, tagged, read].map(({ draft }) => draft.id);
}

/** How either may still stand there: as it is, and in the codes that a plain search sees. */
const traces = ({ address, phone, customer, device }: Person): readonly string[] =>
  [address, encodeURIComponent(address), address.split('@')[0]!, phone.slice(1), customer, device].map((text) => text.toLowerCase());

export function erasureContract(name: string, open: () => Promise<ErasableStore>): void {
  describe(`${name} store: erasure`, () => {
    let opened: ErasableStore;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      await store.begin('one');
    });
    afterEach(() => opened.dispose());
    const keep = async (what: Recording): Promise<string> => {
      await store.record(what);
      return what.draft.id;
    };
    const order = (subjects: readonly Subject[], linked = false) => ({ subjects, linked, actor: 'tester' });
    const mailTo = (address: string, more: Parameters<typeof recording>[0] = {}): Recording => recording({ decoded: { kind: 'effects', effects: [email({ recipients: [recipient(address)] })] }, ...more });
    const only = (address: string): readonly Subject[] => [{ kind: 'email', value: address }];

    test('a person in every place there is: all of it goes, nothing of somebody else does, and nothing of the person is in the files or tables any more', async () => {
      const planted = [jane, mary].map((person) => ({ person, made: places(person) }));
      for (const { made } of planted) for (const what of Object.values(made)) await store.record(what);
      const more = [await besides(store, jane), await besides(store, mary)] as const;
      const before = (await opened.dump()).toLowerCase();
      const plainly = (people: readonly Person[]): readonly string[] => people.flatMap((person) => traces(person)).filter((trace) => before.includes(trace));
      expect(plainly([jane, mary])).toEqual(opened.sealed ? [] : [...traces(jane), ...traces(mary)]);

      const sighting = await store.sight(order(subjectsOf(jane)));
      const hers = [...Object.values(planted[0]!.made).map(({ draft }) => draft.id), ...more[0]];
      const found = new Set(sighting.captures);
      expect(Object.entries(planted[0]!.made).filter(([, { draft }]) => !found.has(draft.id)).map(([where]) => where)).toEqual([]);
      expect([...found].toSorted()).toEqual(hers.toSorted());
      expect(sighting).toMatchObject({ clean: false, openRuns: [], near: { count: 0 }, found: { objects: 2, callbacks: 1, runs: 1, policies: 1, tallies: 1, notes: 2, identities: 3 } });

      const proof = await store.erase(order(subjectsOf(jane)));
      expect(proof).toMatchObject({
        actor: 'tester', clean: true, previous: null, erased: { captures: hers.length, objects: 2, callbacks: 1, runs: 1, policies: 1, tallies: 1, notes: 2, identities: 3 },
        left: { found: { captures: 0, callbacks: 0, objects: 0, identities: 0, tallies: 0, runs: 0, notes: 0, policies: 0 }, captures: [], openRuns: [], near: 0 }, scan: { unread: 0, later: 0 },
      });
      expect(proof.erased.bodies).toBeGreaterThan(10);
      expect(proof.scan.rows).toBeGreaterThan(100);
      expect(proof.scan.bodies).toBeGreaterThan(10);
      expect(proof.subjects.every(({ hash }) => /^[0-9a-f]{32}$/.test(hash))).toBe(true);
      const gone = (await store.events(0, 1_000)).filter(({ kind }) => kind === 'deleted');
      expect(gone.map(({ capture }) => capture).toSorted()).toEqual(hers.toSorted());
      expect(gone.every(({ seq, data }) => data['erased'] === proof.id && proof.events.some(([from, to]) => seq >= from && seq <= to))).toBe(true);

      const after = (await opened.dump()).toLowerCase();
      expect(traces(jane).filter((trace) => after.includes(trace))).toEqual([]);
      if (!opened.sealed) expect(traces(mary).filter((trace) => !after.includes(trace))).toEqual([]);
      for (const { draft } of Object.values(planted[1]!.made)) expect(await store.capture(draft.id)).not.toBeNull();
      for (const id of more[1]) expect(await store.capture(id)).not.toBeNull();
      expect(await store.sight(order(subjectsOf(mary)))).toMatchObject({ found: { captures: hers.length, objects: 2, callbacks: 1, runs: 1, policies: 1, tallies: 1, notes: 2, identities: 3 } });
      // the run is still there, without whom it named; and the breaker still counts two
      expect(await store.run('mails-a')).toMatchObject({ claims: [{ kind: 'service', service: 'shop-a' }] });
      expect((await store.breakers({ space: null, service: 'mailer' }))[0]?.seen).toHaveLength(2);
      expect(await store.sight(order(subjectsOf(jane)))).toMatchObject({ clean: true, places: {} });
    });

    test('what is counted and shown by value, and named somebody, goes with its captures: the service, and an object that was deleted', async () => {
      const named = recording();
      await store.record({ ...named, draft: { ...named.draft, origin: { ...named.draft.origin, service: 'for-jane@c.example' } } });
      const hers = recording();
      await store.record({ ...hers, draft: { ...hers.draft, origin: { ...hers.draft.origin, service: 'jane@c.example' } } });
      await keep(recording());
      await store.putObjects([{ scope, kind: 'note', id: 'jane@c.example', value: null }]);
      // the note is the event that tells the service
      expect(await store.sight(order(only('jane@c.example')))).toMatchObject({ captures: [hers.draft.id], found: { captures: 1, objects: 1, notes: 1 } });
      const proof = await store.erase(order(only('jane@c.example')));
      expect(proof).toMatchObject({ clean: true, erased: { captures: 1, objects: 1, notes: 1 }, left: { near: 1 } });
      expect((await store.counts({}, 'service')).toSorted((one, other) => one.value.localeCompare(other.value))).toEqual([{ value: 'for-jane@c.example', count: 1 }, { value: 'shop', count: 1 }]);
    });

    test('a preview changes nothing', async () => {
      const id = await keep(mailTo(jane.address));
      const last = await store.lastSeq();
      expect(await store.sight(order(only(jane.address)))).toMatchObject({ clean: false, captures: [id], found: { captures: 1 } });
      expect([await store.lastSeq(), await store.audits({ limit: 10 })]).toEqual([last, []]);
      expect(await store.capture(id)).not.toBeNull();
    });

    test('proofs are chained: one that is changed, left out or put in between is noticed', async () => {
      for (const address of ['ann@a.example', 'bob@a.example', 'cleo@a.example']) {
        await store.record(mailTo(address));
        await store.erase(order(only(address)));
      }
      const { items, broken } = await store.erasures();
      const proofs = items.toReversed();
      expect([proofs.length, broken]).toEqual([3, null]);
      expect((await store.audits({ limit: 2, action: 'erasure' })).map(({ actor, subject }) => [actor, subject])).toEqual(items.slice(0, 2).map(({ id }) => ['tester', id]));
      expect(brokenAt(proofs)).toBeNull();
      expect(brokenAt([proofs[0]!, { ...proofs[1]!, actor: 'nobody' }, proofs[2]!])).toBe(proofs[1]!.id);
      expect(brokenAt([proofs[0]!, proofs[2]!])).toBe(proofs[2]!.id);
      expect(brokenAt(proofs.slice(1))).toBe(proofs[1]!.id);
      expect(brokenAt([...proofs, proofs[1]!])).toBe(proofs[1]!.id);
      expect(JSON.stringify(proofs)).not.toContain('a.example');
    });

    test('while an open registered run has something of it, nothing at all is erased; when it is closed, it goes', async () => {
      await store.openRun({ name: 'ci', space: null, claims: [], registered: true });
      const ids = [await keep(mailTo(jane.address)), await keep(mailTo(jane.address, { run: 'ci' }))];
      const last = await store.lastSeq();
      const refused = await store.erase(order(only(jane.address))).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(RunsOpen);
      expect((refused as RunsOpen).runs).toEqual(['ci']);
      expect([await store.lastSeq(), (await store.list({}, 10)).items.map(({ id }) => id).toReversed()]).toEqual([last, ids]);
      await store.closeRun('ci');
      expect(await store.erase(order(only(jane.address)))).toMatchObject({ clean: true, erased: { captures: 2 } });
    });

    test('an open run that claims the address, or remembers an object with it, stands in the way too', async () => {
      await store.openRun({ name: 'claims', space: null, claims: [{ kind: 'recipient', pattern: jane.address }], registered: true });
      await store.openRun({ name: 'objects', space: null, claims: [], registered: true });
      await store.putObjects([{ scope: { ...scope, run: 'objects' }, kind: 'customer', id: 'c', value: { email: jane.address } }]);
      await expect(store.erase(order(only(jane.address)))).rejects.toMatchObject({ runs: ['objects', 'claims'] });
    });

    test('a call without an outcome stays until it has one, and the proof says that it is there', async () => {
      const id = await keep(mailTo(jane.address, { outcome: 'pending', reply: null }));
      expect(await store.sight(order(only(jane.address)))).toMatchObject({ pending: [id] });
      expect(await store.erase(order(only(jane.address)))).toMatchObject({ clean: false, left: { found: { captures: 1 }, captures: [id] } });
      await store.outcome(id, 'failed', null);
      expect(await store.erase(order(only(jane.address)))).toMatchObject({ clean: true, erased: { captures: 1 } });
    });

    test('what came of a capture goes with it, and what came of that', async () => {
      const first = await keep(mailTo(jane.address));
      const [second, other] = [await keep(recording({ direction: 'callback', parent: first })), await keep(recording({ direction: 'callback', parent: 'cap_somebody' }))];
      await keep(recording({ parent: second }));
      expect(await store.erase(order(only(jane.address)))).toMatchObject({ clean: true, erased: { captures: 3 } });
      expect((await store.list({}, 10)).items.map(({ id }) => id)).toEqual([other]);
    });

    test('an address inside a longer one is somebody else\'s: named, never erased', async () => {
      const others = await Promise.all(['mary.jane@c.example', 'jane@c.example.org', 'x+jane@c.example', 'not-jane@c.example'].map((address) => keep(mailTo(address))));
      const hers = await keep(mailTo('jane@c.example'));
      const sighting = await store.sight(order(only('JANE@c.example')));
      expect(sighting.captures).toEqual([hers]);
      expect(sighting.near.captures.toSorted()).toEqual(others.toSorted());
      const proof = await store.erase(order(only('jane@c.example')));
      expect(proof).toMatchObject({ clean: true, left: { near: 4 } });
      expect((await store.list({}, 10)).total).toBe(4);
    });

    test('what is known of the same person by another identity is shown, and goes only where it is asked for', async () => {
      const both = [{ kind: 'email', value: 'jane@c.example' }, { kind: 'phone', value: jane.phone }] as const;
      await keep(mailTo('jane@c.example', { identities: both }));
      const text = await keep(recording({ protocol: 'http', decoded: { kind: 'effects', effects: [sms({ recipients: [recipient(jane.phone, { kind: 'phone' })] })] }, identities: [both[1]] }));
      expect(await store.sight(order(only('jane@c.example')))).toMatchObject({ found: { captures: 1 }, linked: { identities: [{ kind: 'phone' }], captures: 1 } });
      const proof = await store.erase(order(only('jane@c.example')));
      expect(proof).toMatchObject({ clean: true, linked: 'left', erased: { captures: 1, identities: 1 }, left: { linkedCaptures: 1 } });
      const left = (await store.capture(text))!;
      expect((await store.list({ person: [left.person!] }, 10)).items.map(({ id }) => id)).toEqual([text]);
      // nobody is called after the hash of whom was erased
      expect(await opened.dump()).not.toContain(`per_${proof.subjects[0]!.hash}`);
    });

    test('with linked, all of the person goes', async () => {
      const both = [{ kind: 'email', value: 'jane@c.example' }, { kind: 'phone', value: jane.phone }] as const;
      await keep(mailTo('jane@c.example', { identities: both }));
      await keep(recording({ protocol: 'http', decoded: { kind: 'effects', effects: [sms({ recipients: [recipient(jane.phone, { kind: 'phone' })] })] }, identities: [both[1]] }));
      const other = await keep(recording({ identities: [{ kind: 'phone', value: mary.phone }] }));
      expect(await store.erase(order(only('jane@c.example'), true))).toMatchObject({ clean: true, linked: 'erased', erased: { captures: 2, identities: 2 } });
      expect((await store.list({}, 10)).items.map(({ id }) => id)).toEqual([other]);
    });

    test('a body that cannot be read is not said to hold nothing', async () => {
      await keep(recording({ request: http({ body: Buffer.from('x'.repeat(2_000)) }), decoded: { kind: 'unrecognized', why: 'x' } }));
      expect(await store.sight(order(only(jane.address)))).toMatchObject({ clean: true, scanned: { unread: 0 } });
      await opened.damageBodies();
      expect(await store.sight(order(only(jane.address)))).toMatchObject({ clean: false, scanned: { unread: 1 } });
    });

    test('what is recorded while an erasure runs goes with it, or the proof says that it is there or was not looked at', async () => {
      for (let nth = 0; nth < 20; nth += 1) await keep(mailTo(nth % 2 === 0 ? jane.address : mary.address));
      let running = true;
      const recorded = (async () => {
        for (let nth = 0; running && nth < 400; nth += 1) await keep(mailTo(jane.address));
      })();
      const proof = await store.erase(order(only(jane.address)));
      running = false;
      await recorded;
      const kept = (await store.list({ recipient: [jane.address.toLowerCase()] }, 500)).items.map(({ seq }) => seq);
      const seen = kept.filter((seq) => seq <= proof.scan.until);
      expect(seen.length).toBeLessThanOrEqual(proof.left.found.captures);
      expect(proof.clean).toBe(proof.left.found.captures === 0);
      expect((await store.list({ recipient: [mary.address] }, 500)).total).toBe(10);
      expect(await store.erase(order(only(jane.address)))).toMatchObject({ clean: true, scan: { later: 0 } });
    });

    test('what changes after it was looked at is looked at again, and what is recorded while it goes on is looked at', async () => {
      const before = [await keep(recording()), await keep(recording())];
      const during: string[] = [];
      const reader = await opened.reader();
      const found = await scan({ ...reader, all: async (text, ...values) => {
        // the captures have been read by now
        if (during.length === 0 && text.includes('FROM terms WHERE id')) {
          during.push(await keep(mailTo(jane.address)));
          await store.patch(before[0]!, { note: `for ${jane.address}` });
        }
        return reader.all(text, ...values);
      } }, { subjects: only(jane.address), linked: false, key: new Uint8Array(32).fill(7) });
      await reader.end();
      expect(found.captures.map(({ id }) => id)).toEqual([before[0], ...during]);
      expect(found.scanned.until).toBe(await store.lastSeq());
    });

    test('every table and column is looked through, or said to hold nobody', async () => {
      const known: Readonly<Record<string, Table>> = tables;
      const missing = Object.entries(await opened.columns()).flatMap(([table, columns]) => {
        const { key = '', more = [], columns: told = [], untold = [] } = known[table] ?? {} as Partial<Table>;
        return columns.filter((column) => ![...key.split(' AS '), ...more, ...told, ...untold].includes(column)).map((column) => `${table}.${column}`);
      });
      expect(missing).toEqual([]);
    });
  });
}
