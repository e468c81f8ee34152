import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { httpProviders, mailProvider } from '../../src/providers/index.ts';

const installed = (name: string): string =>
  (JSON.parse(readFileSync(fileURLToPath(new URL(`../../node_modules/${name}/package.json`, import.meta.url)), 'utf8')) as { version: string }).version;

describe.each([mailProvider, ...httpProviders].map((provider) => [provider.name, provider] as const))('%s', (_name, { about }) => {
  it('was tried with the library that its tests run', () => {
    if (about.verified !== null) expect(installed(about.verified.sdk)).toBe(about.verified.version);
  });

  it('names each operation once', () => {
    expect(about.operations.length).toBeGreaterThan(0);
    expect(new Set(about.operations).size).toBe(about.operations.length);
  });
});
