import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `damaged` null: the file is whole. `failed`: it is not known. */
export type FileCheck = { readonly damaged: string | null } | { readonly failed: string };

/**
 * Walks a large file after the start, in a process of its own: it takes seconds for each gigabyte, one statement cannot be interrupted, and a thread in the midst of it
 * would hold up the end of this process. It can only read, and gives way to everything else.
 */
export function checkFile(path: string): { readonly ended: Promise<FileCheck>; stop(): Promise<void> } {
  const child = started(path);
  if (child instanceof Error) return { ended: Promise.resolve({ failed: child.message }), stop: async () => undefined };
  const ended = new Promise<FileCheck>((resolve) => {
    child.once('message', (found) => resolve(found as FileCheck));
    child.once('error', (error) => resolve({ failed: error.message }));
    child.once('exit', (code, signal) => resolve({ failed: `it ended with ${signal ?? code}` }));
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    ended,
    async stop() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Most of what stands in the way of a process is told by its 'error'; some is thrown. */
function started(path: string): ChildProcess | Error {
  try {
    return fork(fileURLToPath(new URL(`./file-check-process${extname(import.meta.url)}`, import.meta.url)), [path], { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  } catch (error) {
    return error as Error;
  }
}
