import { defineConfig } from 'vitest/config';
import { sealedByNight, slow } from './vitest.slow.ts';

/** The slow groups: the same tests over many more rounds. */
export default defineConfig({
  test: {
    include: ['test/e2e/crash*.test.ts', 'test/nightly/**/*.test.ts', ...slow, ...sealedByNight],
    exclude: ['**/node_modules/**'],
    env: { FOURTHWALL_CRASH_ROUNDS: '50', FOURTHWALL_SEALED_STORES: '1' },
    testTimeout: 1_800_000,
    hookTimeout: 60_000,
    pool: 'forks',
    execArgv: ['--no-memory-protection-keys'],
  },
});
