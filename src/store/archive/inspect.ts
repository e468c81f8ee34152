import type { Checked, Flaw } from '../../model/upkeep.ts';
import { decodeAside, decodeHeadAside } from '../body-coding.ts';
import { openBody, openBodyHead } from '../body-sealing.ts';
import { isOfProfile, isPosted } from '../filter.ts';
import { termsOf } from '../prepare.ts';
import { inline } from '../stored-capture.ts';
import type { ArchivedCapture } from './record.ts';
import { questions, type Row } from './consistency.ts';
import { keptWhole, type BodyRow, type ReadWith } from './whole-body.ts';

/** How a database is looked into. One moment of it; nothing is written. */
export interface Inspection {
  /** what it is read with */
  readonly given: ReadWith;
  readonly schema: number;
  /** what it says of itself */
  damages(): AsyncIterable<Flaw>;
  ask(sql: string): Promise<readonly Row[]>;
  /** of captures, oldest first */
  seqs(): AsyncIterable<number>;
  count(): Promise<number>;
  /** throws where its rows are not whole */
  capture(seq: number): Promise<ArchivedCapture>;
  /** what it is found by */
  terms(seq: number): Promise<readonly (readonly [name: string, value: string])[]>;
  bodies(): AsyncIterable<BodyRow>;
  /** the words of full text: which captures have none, and what has words and is no capture */
  readonly wordless: string;
  readonly astray: string;
  close(): Promise<void>;
}

/** Captures whose entries in the index are compared without `deep`. */
const sampled = 2_000;
/** Objects of the bucket that cannot be read, one after the other, before the rest is left. */
const mostUnread = 5;
/** Flaws that are told one by one. */
const told = 200;

/** Looks at everything there is, one row after the other. What cannot be read is a flaw, and the rest is looked at all the same. */
export async function inspect(inspection: Inspection, { deep }: { readonly deep: boolean }): Promise<Checked> {
  const flaws: Flaw[] = [];
  const found: Record<string, number> = {};
  const note = (flaw: Flaw): void => {
    found[flaw.kind] = (found[flaw.kind] ?? 0) + 1;
    if (flaws.length < told) flaws.push(flaw);
  };
  /** A part of the database that cannot be read at all ends what is asked of it, and nothing else. */
  const tried = async (on: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      note({ kind: 'file', on, what: `cannot be read: ${(error as Error).message}`, right: restored });
    }
  };
  const looked = { captures: 0, bodies: 0, indexed: 0 };

  await tried('the database', async () => { for await (const flaw of inspection.damages()) note(flaw); });
  for (const { kind, sql, on, what, right } of questions(inspection)) {
    await tried(on({ name: null }), async () => { for (const row of await inspection.ask(sql)) note({ kind, on: on(row), what, right }); });
  }
  await tried('captures', async () => {
    const every = deep ? 1 : Math.max(1, Math.ceil(await inspection.count() / sampled));
    for await (const seq of inspection.seqs()) {
      looked.captures += 1;
      const capture = await inspection.capture(seq).catch((error: unknown) => {
        note({ kind: 'capture', on: `capture number ${seq}`, what: (error as Error).message.replace(/; fourthwall store check tells more$/, ''), right: 'delete it, or restore a copy of the store' });
        return null;
      });
      if (capture === null || looked.captures % every !== 0) continue;
      looked.indexed += 1;
      const { missing, beyond } = compared(termsOf(inspection.given.seal, capture.summary, capture).filter(([name]) => isPosted(name) || isOfProfile(name)), await inspection.terms(seq));
      if (missing.length > 0) note({ kind: 'index', on: `capture ${capture.id}`, what: `is not found by its ${missing.join(', ')}: the index lacks ${missing.length} entries`, right: reindexed });
      if (beyond.length > 0) note({ kind: 'index', on: `capture ${capture.id}`, what: `is found by ${beyond.join(', ')} that it does not have`, right: reindexed });
    }
  });
  await tried('bodies', async () => {
    /** one after the other: then it is the bucket that cannot be reached, and not they that are damaged */
    let unread = 0;
    for await (const kept of inspection.bodies()) {
      looked.bodies += 1;
      const what = await flawOf(inspection.given, kept).then((flaw) => { unread = 0; return flaw; }, (error: unknown) => {
        unread += 1;
        if (unread === mostUnread) throw error;
        return `cannot be had from the bucket: ${(error as Error).message}`;
      });
      if (what === null) continue;
      note({
        kind: 'body', on: `body ${Buffer.from(kept.sha256).toString('hex').slice(0, 12)} (${kept.size} bytes, ${kept.coding})`, what,
        right: kept.object === null ? 'restore a copy of the store, or delete the captures that have it' : 'restore the object, or delete the captures that have it',
      });
    }
  });
  return { schema: inspection.schema, looked, flaws, found };
}

const restored = 'restore a copy of the store; fourthwall store export takes out what can still be read';
const reindexed = 'export the store and import it into a new one: the index is made anew';

/** By the names of what they are found by, never the values. PostgreSQL keeps U+0000 as U+FFFD. */
function compared(wanted: readonly (readonly [string, string])[], kept: readonly (readonly [string, string])[]): { readonly missing: readonly string[]; readonly beyond: readonly string[] } {
  const keyed = (terms: readonly (readonly [string, string])[]): ReadonlyMap<string, string> =>
    new Map(terms.map(([name, value]) => [JSON.stringify([name, value.replaceAll('\0', '\uFFFD')]), name]));
  const [one, other] = [keyed(wanted), keyed(kept)];
  const names = (of: ReadonlyMap<string, string>, without: ReadonlyMap<string, string>): readonly string[] => [...new Set([...of].filter(([key]) => !without.has(key)).map(([, name]) => name))];
  return { missing: names(one, other), beyond: names(other, one) };
}

/** What is wrong with a kept body, or null. Rejects where the bucket does not answer. */
async function flawOf({ seal, bucket }: ReadWith, kept: BodyRow): Promise<string | null> {
  const whole = await keptWhole(bucket, kept);
  if (whole === null) return `is missing in the bucket, as ${kept.object} (or was deleted while this looked: check again)`;
  try {
    const body = await decodeAside(openBody(seal, whole), seal.digest);
    // Its beginning lies in the database as well, and is what is shown.
    if (kept.object !== null && Buffer.compare(await decodeHeadAside(openBodyHead(seal, kept), seal.digest), body.subarray(0, inline)) !== 0) return 'begins otherwise in the database than in the bucket';
    return null;
  } catch {
    return `is not, byte for byte, what was kept${kept.object === null ? '' : `, in the bucket as ${kept.object}`}`;
  }
}
