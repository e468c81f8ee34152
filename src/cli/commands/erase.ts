import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ErasureProof, Sighting, Subject } from '../../model/erasure.ts';
import { exitCode, UsageError } from '../io.ts';
import { clientOf, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';

interface Options { readonly url?: string; readonly dryRun?: boolean; readonly verify?: boolean; readonly linked?: boolean; readonly json?: string }

/** `fourthwall captures erase`: everything about somebody goes, with a proof. Exit 0 when nothing is left, 3 when something is. */
export function eraseCommand(captures: Command, cli: Cli): void {
  withUrl(captures.command('erase <subject...>'))
    .description('everything about somebody: an address, a phone number (+...), customer:ID or device:TOKEN; exit 0 when nothing is left, 3 otherwise')
    .option('--dry-run', 'only show what would go')
    .option('--verify', 'only say whether anything is there')
    .option('--linked', 'also what is known of the same person only by other identities')
    .option('--json <file>', 'write the proof, or with --dry-run and --verify what was found')
    .action(async (given: readonly string[], options: Options) => {
      if (options.dryRun === true && options.verify === true) throw new UsageError('captures erase: --dry-run or --verify, not both');
      const client = clientOf(cli, options);
      const order = { subjects: given.map(subjectOf), linked: options.linked === true };
      if (options.dryRun === true || options.verify === true) {
        const sighting = await client.sight({ ...order, mode: options.dryRun === true ? 'preview' : 'verify' });
        await written(options.json, sighting);
        cli.stdout.write(sightingText(sighting));
        if (options.verify === true && !sighting.clean) cli.exit(exitCode.inconclusive);
        return;
      }
      const proof = await client.erase(order);
      await written(options.json, proof);
      cli.stdout.write(proofText(proof));
      if (!proof.clean) cli.exit(exitCode.inconclusive);
    });
}

/** What it is can be seen from how it is written; ids say it. */
function subjectOf(text: string): Subject {
  const [, kind, value] = /^(email|phone|customer|device):(.+)$/s.exec(text) ?? [];
  if (kind !== undefined) return { kind: kind as Subject['kind'], value: value! };
  if (text.includes('@')) return { kind: 'email', value: text };
  if (/^(?:\+|00)[\d\s()./-]+$/.test(text)) return { kind: 'phone', value: text };
  throw new UsageError('captures erase: expected an email address, a phone number in international form (+...), customer:ID or device:TOKEN');
}

function counts(found: Readonly<Record<string, number>>): string {
  return Object.entries(found).filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`).join(', ') || 'nothing';
}

function sightingText({ clean, found, openRuns, pending, linked, near, scanned, bucket }: Sighting): string {
  return [
    `found: ${counts(found)} (in ${scanned.rows} rows and ${scanned.bodies} bodies)`,
    ...scanned.unread > 0 ? [`not clean: ${scanned.unread} bodies could not be read`] : [],
    ...waitingText(bucket),
    ...clean ? ['clean'] : [],
    ...openRuns.length > 0 ? [`open runs that have to be closed first: ${openRuns.join(', ')}`] : [],
    ...pending.length > 0 ? [`without an outcome yet, they stay until they have one: ${pending.join(', ')}`] : [],
    ...linked.captures > 0 ? [`of the same person by other identities, with --linked: ${linked.captures} captures`] : [],
    ...near.count > 0 ? [`as a part of a longer value, never erased: ${near.count} captures (${near.captures.slice(0, 5).join(', ')})`] : [],
  ].map((line) => `${line}\n`).join('');
}

function proofText({ id, clean, erased, left, scan, storage, bucket, sha256 }: ErasureProof): string {
  return [
    `erased: ${counts({ ...erased })}`,
    clean ? `nothing is left (second look: ${scan.rows} rows, ${scan.bodies} bodies)` : `NOT everything is gone: ${counts({ ...left.found })} left${scan.unread > 0 ? `, ${scan.unread} bodies could not be read` : ''}`,
    ...waitingText(bucket),
    ...left.openRuns.length > 0 ? [`open runs that have to be closed first: ${left.openRuns.join(', ')}`] : [],
    ...left.linkedCaptures > 0 ? [`left, of the same person by other identities (--linked): ${left.linkedCaptures} captures`] : [],
    ...left.near > 0 ? [`left, as a part of a longer value: ${left.near} captures`] : [],
    ...scan.later > 0 ? [`recorded since and not looked at: ${scan.later} captures`] : [],
    ...storage.engine === 'postgres' ? [...storage.vacuumed ? [] : [`not vacuumed: ${storage.why ?? ''}`], `the database itself may still hold it in: ${storage.mayStillHold.join('; ')}`] : [],
    `proof ${id} sha256 ${sha256}`,
  ].map((line) => `${line}\n`).join('');
}

function waitingText(bucket: Sighting['bucket']): readonly string[] {
  return bucket === null || bucket.waiting === 0 ? [] : [`not clean: ${bucket.waiting} objects of deleted bodies still lie in the bucket`];
}

async function written(file: string | undefined, value: object): Promise<void> {
  if (file === undefined) return;
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`).catch((error: unknown) => {
    throw new UsageError(`--json: ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  });
}
