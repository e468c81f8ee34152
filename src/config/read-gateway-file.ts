import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadGatewayFile, type GatewayLoad, type KnownProvider } from './gateway-file.ts';
import type { Environment } from './yaml-file.ts';

/** gateway.yaml of a directory; its defaults where there is none. */
export async function readGatewayFile(directory: string, env: Environment, providers: readonly KnownProvider[]): Promise<GatewayLoad> {
  const file = join(directory, 'gateway.yaml');
  try {
    return loadGatewayFile(await readFile(file, 'utf8'), { file, env, providers });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return loadGatewayFile(null, { file, env });
    return { kind: 'problems', problems: [{ file, line: 1, column: 1, key: '', found: `a file that cannot be read (${message})`, expected: 'a readable file, or none' }] };
  }
}
