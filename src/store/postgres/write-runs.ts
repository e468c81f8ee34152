import type { Claim, Run } from '../../model/run.ts';
import { runOf, sealClaims, type RunRow } from '../rows.ts';
import { Refused } from './refused.ts';
import type { Write } from './write.ts';

export interface RunRequest { readonly name: string; readonly space: string | null; readonly claims: readonly Claim[]; readonly registered: boolean }

/**
 * Opens a run. One that is open already keeps its window and takes the new claims (a name first seen on a call becomes
 * registered so); one that was closed gets a new window.
 */
export async function openRun(write: Write, { name, space, claims, registered }: RunRequest): Promise<Run> {
  if (name === 'ambiguous') throw new Refused('a run cannot be called "ambiguous": that names captures claimed by two runs');
  const known = await find(write, name);
  if (known === undefined || known.closed_at !== null) {
    const seq = write.event('run', { run: name, data: { state: 'opened', registered } });
    write.sql.send(`INSERT INTO runs (name, space, claims, registered, opened_at, opened_seq) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (name) DO UPDATE SET space = $2, claims = $3, registered = $4, opened_at = $5, closed_at = NULL, opened_seq = $6, closed_seq = NULL`,
      name, space, sealClaims(write.sql.seal, name, claims), Number(registered), write.at, seq);
  } else if (registered) {
    write.event('run', { run: name, data: { state: 'changed', registered } });
    write.sql.send('UPDATE runs SET space = $1, claims = $2, registered = 1 WHERE name = $3', space, sealClaims(write.sql.seal, name, claims), name);
  }
  return runOf(write.sql.seal, (await find(write, name))!);
}

export async function closeRun(write: Write, { name }: { readonly name: string }): Promise<Run | null> {
  const known = await find(write, name);
  if (known === undefined) return null;
  if (known.closed_at === null) {
    const seq = write.event('run', { run: name, data: { state: 'closed' } });
    write.sql.send('UPDATE runs SET closed_at = $1, closed_seq = $2 WHERE name = $3', write.at, seq, name);
  }
  return runOf(write.sql.seal, (await find(write, name))!);
}

/** A run name first seen on a call makes a run that nobody registered. */
export async function noteRun(write: Write, name: string, space: string | null): Promise<void> {
  if (await find(write, name) === undefined) await openRun(write, { name, space, claims: [], registered: false });
}

function find({ sql }: Write, name: string): Promise<RunRow | undefined> {
  return sql.one<RunRow>('SELECT name, space, claims, registered, opened_at, closed_at, opened_seq, closed_seq FROM runs WHERE name = $1', name);
}
