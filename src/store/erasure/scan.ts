import { createSecretKey } from 'node:crypto';
import { digitsOf, type Subject } from '../../model/erasure.ts';
import { personId } from '../person.ts';
import type { Seal } from '../seal.ts';
import { termValue } from '../sealed-search.ts';
import type { Found, Reader, ScanOrder } from './found.ts';
import { looking, type Look } from './look.ts';
import { mentionsOf } from './mentions.ts';
import { keepChildren, lookAtCaptures, lookAtEveryCapture } from './scan-captures.ts';
import { lookAtAudit, lookAtEvents, lookAtIndex, lookAtTheRest } from './scan-rest.ts';
import { hashesOf } from './spelling.ts';

/** How often what changed meanwhile is looked at again. */
const rounds = 5;

/**
 * Looks through everything: every text of every table, every body unpacked and decoded, every keyed hash. In pages, so the memory it takes is that of a page and of what was found. What changes
 * while it is under way is looked at again, by the log of events, until nothing changes or some rounds are over: `until` says up to which event all was seen.
 */
export async function scan(reader: Reader, { subjects, linked, key: secret }: ScanOrder): Promise<Found> {
  const key = createSecretKey(secret);
  const look = looking(reader, mentionsOf(subjects));
  const providers = (await reader.all<{ value: string }>(`SELECT value FROM terms WHERE name = 'provider'`)).map(({ value }) => value);
  const hashes = subjects.map((subject) => hashesOf(key, subject, providers));
  const addresses = new Set(hashes.flatMap((each) => each.addresses));

  let until = await lastSeq(reader);
  await lookAtEveryCapture(look);
  const index = await lookAtIndex(look, indexHashes(reader.seal, subjects));
  const audits = await lookAtAudit(look);
  const events: number[] = [];
  let read = 0;
  let rest = await lookAtTheRest(look, addresses, subjects);
  for (let round = 0; round < rounds; round += 1) {
    const began = until;
    const log = await lookAtEvents(look, read);
    read = log.last;
    events.push(...log.found);
    if (round === 0 && log.last <= began) break;
    for (const id of round === 0 ? await changedSince(reader, began) : log.captures) await lookAtCaptures(look, 'id = ?1', id);
    until = log.last;
    rest = await lookAtTheRest(look, addresses, subjects);
    if (await lastSeq(reader) === until) break;
  }
  for (const hash of addresses) await look.keepWhere('recipients', 'seq IN (SELECT capture FROM recipients WHERE hash = ?1)', hash);
  const persons = await lookAtPersons(look, [...new Set(hashes.flatMap((each) => each.identities))], linked);
  await keepChildren(look);

  const captures = [...look.captures.values()].toSorted((one, other) => one.seq - other.seq);
  const openRuns = new Set((await reader.all<{ name: string }>('SELECT name FROM runs WHERE registered = 1 AND closed_at IS NULL')).map(({ name }) => name));
  const { open, ...others } = rest;
  return {
    captures, ...others, ...index, audits, events, identities: persons.identities,
    openRuns: [...new Set([...captures.map(({ run }) => run), ...rest.objects.map(({ run }) => run), ...open])].filter((run) => run !== null && openRuns.has(run)) as string[],
    linked: persons.linked,
    near: [...look.near].filter(([seq]) => !look.captures.has(seq)).map(([, id]) => id),
    places: look.places,
    scanned: { ...look.counted, until },
  };
}

/** What stands in a sealed index for them. */
function indexHashes(seal: Seal, subjects: readonly Subject[]): ReadonlySet<string> {
  if (seal.keyId === null) return new Set();
  const values = subjects.flatMap(({ kind, value }) => [value.trim(), value.trim().toLowerCase(), ...kind === 'phone' ? [digitsOf(value), `+${digitsOf(value)}`] : []]);
  return new Set(['recipient', 'key', 'trace', 'tag'].flatMap((name) => values.map((value) => termValue(seal, name, value))));
}

async function lastSeq(reader: Reader): Promise<number> {
  return (await reader.all<{ seq: number | null }>('SELECT max(seq) AS seq FROM events'))[0]?.seq ?? 0;
}

async function changedSince(reader: Reader, seq: number): Promise<readonly string[]> {
  return (await reader.all<{ capture: string }>(`SELECT DISTINCT capture FROM events WHERE seq > ?1 AND capture IS NOT NULL AND kind <> 'deleted'`, seq)).map(({ capture }) => capture);
}

/**
 * By the identities of a person. Who is known by no other identity than the named ones is wholly named; what of a person is known only by other identities (a phone number that a mail to
 * the address also named) is taken only where it is asked for: identities can be shared, and a deletion cannot be undone.
 */
async function lookAtPersons(look: Look, identities: readonly string[], linked: boolean): Promise<Pick<Found, 'identities' | 'linked'>> {
  const { reader } = look;
  const named = new Set(identities);
  const [found, others]: [string[], { kind: string; hash: string }[]] = [[], []];
  const persons = new Set<string>();
  for (const hash of identities) {
    const [row] = await reader.all<{ person: string }>('SELECT person FROM identities WHERE hash = ?1', hash);
    if (row === undefined) continue;
    look.hit('identities');
    found.push(hash);
    persons.add(row.person);
  }
  let left = 0;
  for (const person of new Set([...persons, ...identities.map((hash) => personId(hash))])) {
    const more = (await reader.all<{ kind: string; hash: string }>('SELECT kind, hash FROM identities WHERE person = ?1 ORDER BY hash', person)).filter(({ hash }) => !named.has(hash)).map(({ kind, hash }) => ({ kind, hash }));
    others.push(...more);
    if (linked || more.length === 0) {
      await look.keepWhere('persons', 'person = ?1', person);
      if (linked) found.push(...more.map(({ hash }) => hash));
    } else {
      const captures = await reader.all<{ seq: number }>('SELECT seq FROM captures WHERE person = ?1', person);
      left += captures.filter(({ seq }) => !look.captures.has(seq)).length;
    }
  }
  return { identities: found, linked: { identities: others, captures: left } };
}
