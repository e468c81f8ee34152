import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/nightly/**', '**/node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // many tests mostly wait for processes and sockets: a second worker uses that on two cores, too
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
