import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, so that a disk that is full is one. */
export interface SmallDisk {
  readonly directory: string;
  discard(): void;
}

/** Null, with the reason, where this user may mount nothing. */
export function smallDisk(megabytes: number): SmallDisk | { readonly notPermitted: string } {
  const directory = mkdtempSync(join(tmpdir(), 'fourthwall-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory], { encoding: 'utf8' });
  if (mounted.status !== 0) {
    rmSync(directory, { recursive: true });
    return { notPermitted: mounted.error?.message ?? mounted.stderr.trim() };
  }
  return {
    directory,
    discard() {
      const unmounted = spawnSync('umount', ['-l', directory], { encoding: 'utf8' });
      if (unmounted.status !== 0) throw new Error(`${directory} could not be unmounted: ${unmounted.stderr}`);
      rmSync(directory, { recursive: true });
    },
  };
}
