import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startDiskWatch } from '../../src/assembly/disk-watch.ts';
import { smallDisk } from '../support/small-disk.ts';

const disk = smallDisk(4);
const reason = 'notPermitted' in disk ? ` (skipped: ${disk.notPermitted})` : '';
afterAll(() => { if (!('notPermitted' in disk)) disk.discard(); });

/** Resolves with the next line that is logged. */
function logged(): { readonly logger: { warn(...line: readonly unknown[]): void; info(...line: readonly unknown[]): void }; next(): Promise<string> } {
  const lines: string[] = [];
  let waiting: (() => void) | null = null;
  const log = (level: string) => (_fields: unknown, message?: unknown): void => {
    lines.push(`${level}: ${String(message)}`);
    waiting?.();
  };
  return {
    logger: { warn: log('warn'), info: log('info') },
    async next() {
      while (lines.length === 0) await new Promise<void>((resolve) => { waiting = resolve; });
      return lines.shift()!;
    },
  };
}

describe.skipIf('notPermitted' in disk)(`the watch on the disk of the store${reason}`, () => {
  it('is quiet while there is room, says once that nine tenths are gone, and once that there is room again', async () => {
    const { directory } = disk as Exclude<typeof disk, { readonly notPermitted: string }>;
    const { logger, next } = logged();
    const watch = startDiskWatch({ directory, logger, every: 20 });
    expect(await watch.disk()).toEqual({ free: 4 * 1024 ** 2, size: 4 * 1024 ** 2 });
    writeFileSync(join(directory, 'most'), Buffer.alloc(3.2 * 1024 ** 2));
    writeFileSync(join(directory, 'more'), Buffer.alloc(0.5 * 1024 ** 2));
    expect(await next()).toMatch(/^warn: the disk of the store is nearly full: .* every call is refused/);
    rmSync(join(directory, 'more'));
    expect(await next()).toBe('info: the disk of the store has room again');
    watch.close();
  });

  it('knows nothing of a directory that is gone, and ends nothing', async () => {
    const { logger } = logged();
    const watch = startDiskWatch({ directory: '/nowhere/at/all', logger });
    expect(await watch.disk()).toBeNull();
    watch.close();
  });
});
