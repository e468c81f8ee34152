import type { Claim, Run } from '../../model/run.ts';
import { runOf, sealClaims, type RunRow } from '../rows.ts';
import type { Write } from './write.ts';

export interface RunRequest { readonly name: string; readonly space: string | null; readonly claims: readonly Claim[]; readonly registered: boolean }

/**
 * Opens a run. One that is open already keeps its window and takes the new claims (a name first seen on a call becomes
 * registered so); one that was closed gets a new window.
 */
export function openRun(write: Write, { name, space, claims, registered }: RunRequest): Run {
  if (name === 'ambiguous') throw new Error('a run cannot be called "ambiguous": that names captures claimed by two runs');
  const known = find(write, name);
  if (known === undefined || known.closed_at !== null) {
    const seq = write.event('run', { run: name, data: { state: 'opened', registered } });
    write.sql.run('INSERT OR REPLACE INTO runs (name, space, claims, registered, opened_at, closed_at, opened_seq, closed_seq) VALUES (?, ?, ?, ?, ?, NULL, ?, NULL)',
      name, space, sealClaims(write.sql.seal, name, claims), Number(registered), write.at, seq);
  } else if (registered) {
    write.event('run', { run: name, data: { state: 'changed', registered } });
    write.sql.run('UPDATE runs SET space = ?, claims = ?, registered = 1 WHERE name = ?', space, sealClaims(write.sql.seal, name, claims), name);
  }
  return runOf(write.sql.seal, find(write, name)!);
}

export function closeRun(write: Write, { name }: { readonly name: string }): Run | null {
  const known = find(write, name);
  if (known === undefined) return null;
  if (known.closed_at === null) {
    const seq = write.event('run', { run: name, data: { state: 'closed' } });
    write.sql.run('UPDATE runs SET closed_at = ?, closed_seq = ? WHERE name = ?', write.at, seq, name);
  }
  return runOf(write.sql.seal, find(write, name)!);
}

/** A run name first seen on a call makes a run that nobody registered. */
export function noteRun(write: Write, name: string, space: string | null): void {
  if (find(write, name) === undefined) openRun(write, { name, space, claims: [], registered: false });
}

function find({ sql }: Write, name: string): RunRow | undefined {
  return sql.one<RunRow>('SELECT * FROM runs WHERE name = ?', name);
}
