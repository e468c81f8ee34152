import type { Outcome } from '../../model/capture.ts';
import { agreeOnRetention } from './agreed-retention.ts';
import { held } from './held.ts';
import { Refused } from './refused.ts';
import { freeLeases } from './write-callbacks.ts';
import { setOutcome } from './write-captures.ts';
import type { Write } from './write.ts';

interface Dead { readonly id: string; readonly started_at: string; readonly heartbeat_at: string }

/**
 * Registers this process, and finds those that died. Somebody who begins takes everybody for dead who holds no lock: a gateway that only lost its
 * connection says so with its next heartbeat, and until then a verdict is rather in doubt than wrong.
 */
export async function begin(write: Write, { instance }: { readonly instance: string }): Promise<void> {
  const { sql, silence } = write;
  if (await sql.one('SELECT 1 FROM instances WHERE id = $1', instance) !== undefined) throw new Refused(`instance ${instance} has begun before; every start needs an id of its own`);
  await bury(write, await sql.all<Dead>(`SELECT id, started_at, heartbeat_at FROM instances WHERE stopped_at IS NULL AND crashed_seq IS NULL
    AND (NOT ${held} OR beat < now() - make_interval(secs => $1)) ORDER BY started_seq`, silence));
  await forsaken(write, instance);
  await agreeOnRetention(write, instance);
  const seq = write.event('instance', { data: { instance, state: 'started' } });
  sql.send('INSERT INTO instances (id, started_at, heartbeat_at, started_seq, alive_seq) VALUES ($1, $2, $2, $3, $3)', instance, write.at, seq);
  // left by processes that are long gone
  sql.send(`DELETE FROM writers WHERE at < now() - interval '1 day'`);
}

/**
 * Says that this process lives, and looks after the others: those that have been silent for too long are dead. Not after a silence of its
 * own: then it was the server that could not be reached, by anybody.
 */
export async function heartbeat(write: Write, { instance }: { readonly instance: string }): Promise<void> {
  const { sql, at, last, silence } = write;
  const before = await sql.one<{ fresh: boolean; crashed_seq: number | null }>(
    `SELECT beat > now() - make_interval(secs => $2) AS fresh, crashed_seq FROM instances WHERE id = $1`, instance, silence);
  if (before === undefined) return;
  if (before.crashed_seq !== null) write.event('instance', { data: { instance, state: 'back' } });
  sql.send('UPDATE instances SET heartbeat_at = $1, alive_seq = $2, crashed_seq = NULL, beat = now() WHERE id = $3', at, last, instance);
  if (!before.fresh) return;
  const dead = await sql.all<Dead>(`SELECT id, started_at, heartbeat_at FROM instances WHERE stopped_at IS NULL AND crashed_seq IS NULL AND id <> $1
    AND greatest(beat, pg_postmaster_start_time()) < now() - make_interval(secs => $2) ORDER BY started_seq`, instance, silence);
  if (dead.length === 0) return;
  await bury(write, dead);
  await forsaken(write, instance);
}

/**
 * Notes the CA certificates that services of this gateway trust. False, and nothing is noted, where another living gateway has none of them: a
 * service would trust one and not the other. During a change of the CA they have one in common.
 */
export async function trust({ sql }: Write, { instance, certificates }: { readonly instance: string; readonly certificates: readonly string[] }): Promise<boolean> {
  const stranger = await sql.one(`SELECT 1 FROM instances WHERE id <> $1 AND stopped_at IS NULL AND crashed_seq IS NULL AND ${held} AND NOT certificates && $2::text[]`, instance, certificates);
  if (stranger !== undefined) return false;
  sql.send('UPDATE instances SET certificates = $2::text[] WHERE id = $1', instance, certificates);
  return true;
}

export async function stop(write: Write, { instance }: { readonly instance: string }): Promise<void> {
  const changes = await write.sql.run('UPDATE instances SET stopped_at = $1, heartbeat_at = $1 WHERE id = $2 AND stopped_at IS NULL', write.at, instance);
  if (changes > 0) write.event('instance', { data: { instance, state: 'stopped' } });
}

async function bury(write: Write, dead: readonly Dead[]): Promise<void> {
  const { last } = write;
  for (const { id, started_at: startedAt, heartbeat_at: heartbeatAt } of dead) {
    write.sql.send('UPDATE instances SET crashed_seq = $1 WHERE id = $2', last, id);
    write.event('instance', { data: { instance: id, state: 'crashed', startedAt, heartbeatAt } });
  }
}

/** What nobody who lives will ever finish: outcomes that stay unknown, and callbacks that somebody else has to send. */
async function forsaken(write: Write, instance: string): Promise<void> {
  for (const open of await write.sql.all<{ seq: number; id: string; run: string | null; outcome: Outcome }>(`SELECT seq, id, run, outcome FROM captures
    WHERE outcome = 'pending' AND instance <> $1 AND instance NOT IN (SELECT id FROM instances WHERE stopped_at IS NULL AND crashed_seq IS NULL) ORDER BY seq`, instance)) {
    setOutcome(write, open, 'unknown');
  }
  freeLeases(write);
}
