import { statfs } from 'node:fs/promises';
import type { Logger } from 'pino';

/** Bytes of the file system the store lies on, as we may use them. */
export interface Disk { readonly free: number; readonly size: number }

export interface DiskWatch {
  /** null where it cannot be known */
  disk(): Promise<Disk | null>;
  close(): void;
}

/** Beyond this share of the disk somebody should look, before calls are refused. */
const alarming = 0.9;

/** Says once that the disk is nearly full, while calls are still taken, and once that it is not any more. */
export function startDiskWatch({ directory, logger, every = 10_000 }: {
  readonly directory: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** ms */
  readonly every?: number;
}): DiskWatch {
  let alarmed = false;
  const disk = async (): Promise<Disk | null> => {
    // A file system that does not tell is no reason to refuse anything: the store finds out by itself when it is full.
    const found = await statfs(directory).catch(() => null);
    return found === null || found.blocks === 0 ? null : { free: found.bavail * found.bsize, size: found.blocks * found.bsize };
  };
  const look = async (): Promise<void> => {
    const found = await disk();
    if (found === null) return;
    const nearly = found.free <= (1 - alarming) * found.size;
    if (nearly && !alarmed) logger.warn({ ...found, directory }, 'the disk of the store is nearly full: when it is, every call is refused; make room, or set retention in gateway.yaml (docs/store.md)');
    if (!nearly && alarmed) logger.info({ ...found, directory }, 'the disk of the store has room again');
    alarmed = nearly;
  };
  void look();
  const timer = setInterval(() => { void look(); }, every);
  timer.unref();
  return { disk, close: () => clearInterval(timer) };
}
