import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { slow } from './vitest.slow.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/nightly/**', '**/node_modules/**', ...slow],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // V8 13 loses pages of code when several threads of a process make and drop WebAssembly (nodejs/node#64500): undone by not protecting them
    execArgv: ['--no-memory-protection-keys'],
    // hundreds of processes load the same sources: compiled once, by content
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'fourthwall-compiled') },
    // many tests mostly wait for processes and sockets: a second worker uses that on two cores, too
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
