import type { Inspection } from './inspect.ts';

export interface Row { readonly name: unknown }

interface Question { readonly kind: string; readonly sql: string; readonly on: (row: Row) => string; readonly what: string; readonly right: string }

const most = 1_000;
const anew = 'export the store and import it into a new one';
const named = (what: string) => ({ name }: Row): string => (name === null ? `${what}s` : `${what} ${name instanceof Uint8Array ? Buffer.from(name).toString('hex').slice(0, 12) : String(name)}`);

const counted = 'says another number than the captures have: lists, totals and counts go by it';
/** The log may have been cut at its beginning. */
const logBegins = '(SELECT coalesce(min(e.seq), 0) FROM events e)';

/** What holds between the tables, whatever the database; each row that comes is one that breaks it. */
export function questions({ wordless, astray }: Pick<Inspection, 'wordless' | 'astray'>): readonly Question[] {
  const ask = (kind: string, sql: string, on: Question['on'], what: string, right = anew): Question => ({ kind, sql: `${sql} LIMIT ${most}`, on, what, right });
  return [
    ask('orphan', 'SELECT sha256 AS name FROM bodies WHERE NOT EXISTS (SELECT 1 FROM parts WHERE body = bodies.id)', named('body'), 'is kept although no capture has it: what was deleted may still be there'),
    ask('reference', 'SELECT DISTINCT id AS name FROM parts JOIN captures ON seq = capture WHERE NOT EXISTS (SELECT 1 FROM bodies WHERE bodies.id = body)', named('capture'),
      'has a body that is not kept', 'restore a copy of the store, or delete the capture'),
    ask('orphan', 'SELECT id AS name FROM terms WHERE NOT EXISTS (SELECT 1 FROM postings WHERE term = terms.id) AND NOT EXISTS (SELECT 1 FROM profile_terms WHERE term = terms.id)', named('term'), 'is in the index although nothing is found by it: it may be the address of somebody who was deleted'),
    ask('orphan', 'SELECT DISTINCT capture AS name FROM postings WHERE NOT EXISTS (SELECT 1 FROM captures WHERE seq = capture)', named('capture number'), 'is in the index and is not there'),
    ask('orphan', 'SELECT capture AS name FROM exchanges WHERE NOT EXISTS (SELECT 1 FROM captures WHERE seq = capture)', named('capture number'), 'has an exchange and is not there'),
    ask('words', wordless, named('capture'), 'is not found by its words'),
    ask('words', astray, named('capture number'), 'is found by words and is not there'),
    ask('holding', `SELECT trim(coalesce(h.kind, s.k) || ' ' || coalesce(h.name, s.n)) AS name FROM holdings h FULL JOIN (
        SELECT 'all' AS k, '' AS n, count(*) AS c, coalesce(sum(bytes), 0) AS b FROM captures
        UNION ALL SELECT 'space', space, count(*), sum(bytes) FROM captures WHERE space IS NOT NULL GROUP BY space
        UNION ALL SELECT 'service', service, count(*), sum(bytes) FROM captures WHERE service IS NOT NULL GROUP BY service
        UNION ALL SELECT 'run', run, count(*), sum(bytes) FROM captures WHERE run IS NOT NULL GROUP BY run) s ON s.k = h.kind AND s.n = h.name
      WHERE h.captures IS NULL OR s.c IS NULL OR s.c <> h.captures OR s.b <> h.bytes`, named('holding'), 'says another number or other bytes than the captures have: retention goes by it'),
    ask('sum', `SELECT coalesce(p.id, s.profile) AS name FROM profiles p FULL JOIN (SELECT profile, count(*) AS c FROM captures GROUP BY profile) s ON s.profile = p.id
      WHERE p.id IS NULL OR p.captures <> coalesce(s.c, 0)`, named('profile'), counted),
    ask('sum', `SELECT coalesce(x.run, s.run) || ', profile ' || coalesce(x.profile, s.profile) AS name FROM cells x
      FULL JOIN (SELECT run, profile, count(*) AS c FROM captures WHERE run IS NOT NULL GROUP BY run, profile) s ON s.run = x.run AND s.profile = x.profile
      WHERE x.captures IS NULL OR s.c IS NULL OR x.captures <> s.c`, named('cell of run'), counted),
    // A deletion does not narrow them: they may say more than there is, never less.
    ask('sum', `SELECT coalesce(x.block, s.block) AS name FROM spans x FULL JOIN (SELECT seq >> 10 AS block, min(at) AS oldest, max(at) AS newest FROM captures GROUP BY seq >> 10) s ON s.block = x.block
      WHERE x.block IS NULL OR s.block IS NULL OR x.oldest > s.oldest OR x.newest < s.newest`, named('span'), 'says other times than its captures have: lists by time go by it'),
    ask('event', `SELECT id AS name FROM captures c WHERE seq >= ${logBegins} AND NOT EXISTS (SELECT 1 FROM events e WHERE e.seq = c.seq AND e.kind = 'recorded' AND e.capture = c.id)`, named('capture'),
      'has no event that it was recorded: the live feed and verdicts miss it'),
    // A set less two others: no row is looked up for each event of a log that is never cut.
    ask('event', `SELECT capture AS name FROM events WHERE kind = 'recorded' EXCEPT SELECT capture FROM events WHERE kind = 'deleted' EXCEPT SELECT id FROM captures`, named('capture'), 'was recorded, is not there, and nobody deleted it', 'restore a copy of the store'),
    ask('event', 'SELECT name FROM (SELECT count(*) AS found, coalesce(min(seq), 1) AS begins, coalesce(max(seq), 0) AS name FROM events) e WHERE found <> name - begins + 1', named('event'),
      'is the last one, and some before it are missing: a verdict over the gap cannot be trusted', 'restore a copy of the store'),
  ];
}
