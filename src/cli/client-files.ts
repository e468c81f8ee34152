import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientFiles } from '../clients/settings.ts';
import type { Client } from '../testing/client.ts';
import { UsageError } from './io.ts';

/** Where the package keeps the preload of `--require`. */
export const preloadFile = fileURLToPath(new URL('../clients/preload.cjs', import.meta.url));

/** The names that `env --write` gives and `env --files` expects. */
export function filesIn(directory: string): ClientFiles & { readonly preload: string; readonly trustStore: string } {
  return { ca: join(directory, 'ca.pem'), bundle: join(directory, 'ca-bundle.pem'), preload: join(directory, 'preload.cjs'), trustStore: join(directory, 'truststore.p12') };
}

/**
 * Writes what a runtime needs to trust the gateway. Roots that the environment names already stay trusted: our own services' CA is often there.
 * @param directory is made, for us alone, if it is not there
 */
export async function writeClientFiles({ client, directory, env }: {
  readonly client: Client; readonly directory: string; readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<ClientFiles> {
  const files = filesIn(resolve(directory));
  const [ca, bundle, store, extra, roots] = await Promise.all([client.ca(), client.caBundle(), client.caTruststore(), inherited(env['NODE_EXTRA_CA_CERTS']), inherited(env['SSL_CERT_FILE'])]);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(files.ca, ca + extra);
    await writeFile(files.bundle, bundle + extra + roots);
    await writeFile(files.trustStore, store);
    await copyFile(preloadFile, files.preload);
  } catch (error) {
    throw new UsageError(`the certificates cannot be written to ${directory}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return files;
}

/** What Node itself does with a file that is not there: nothing. */
async function inherited(file: string | undefined): Promise<string> {
  if (file === undefined || file === '') return '';
  const text = await readFile(file, 'utf8').catch(() => '');
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
