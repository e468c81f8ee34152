import { randomBytes } from 'node:crypto';
import { chmod, link, lstat, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';

/** Certificate and key of an authority as PEM text. */
export interface PemPair {
  readonly certificate: string;
  readonly key: string;
}

/** The key file holds both, so that a reader never sees half a pair; the certificate is published beside it. */
const keyFileName = 'ca-key.pem';
const nextKeyFileName = 'ca-next-key.pem';
const certificateFileName = 'ca.pem';

/** The pair that signs, and the one that will when it ends: published early, so that clients trust it by then. */
export interface KeptPairs {
  readonly current: PemPair;
  readonly next: PemPair | null;
}

/**
 * The pairs kept in `directory`; the current one is made by `make` at the first start. The directory is 0700 and a key file
 * 0600, made with O_EXCL and put in place in one step, so two gateways that start together end with one pair. Throws where
 * somebody else may read a key.
 */
export async function keptPairs(directory: string, make: () => Promise<PemPair>): Promise<KeptPairs> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await refuseOpenDirectory(directory);
  const keyFile = path.join(directory, keyFileName);
  const current = (await readPair(keyFile)) ?? (await place(keyFile, await make()));
  return published(directory, { current, next: await readPair(path.join(directory, nextKeyFileName)) });
}

/** Makes the next pair, unless there is one. */
export async function prepareNext(directory: string, current: PemPair, make: () => Promise<PemPair>): Promise<KeptPairs> {
  const file = path.join(directory, nextKeyFileName);
  return published(directory, { current, next: (await readPair(file)) ?? (await place(file, await make())) });
}

/** The next pair becomes the current one, in one step. Where another gateway was quicker, its work is found. */
export async function promoteNext(directory: string, make: () => Promise<PemPair>): Promise<KeptPairs> {
  await rename(path.join(directory, nextKeyFileName), path.join(directory, keyFileName)).catch(ifMissing);
  return keptPairs(directory, make);
}

async function published(directory: string, pairs: KeptPairs): Promise<KeptPairs> {
  await publish(path.join(directory, certificateFileName), certificatesOf(pairs));
  return pairs;
}

/** What clients are to trust, PEM: the current certificate first. */
export function certificatesOf({ current, next }: KeptPairs): string {
  return current.certificate + (next?.certificate ?? '');
}

/** The pair given by --ca-cert and --ca-key. The key is judged like our own. */
export async function givenPair(certificateFile: string, keyFile: string): Promise<PemPair> {
  await refuseReadableKey(keyFile, await stat(keyFile));
  return { certificate: await readFile(certificateFile, 'latin1'), key: await readFile(keyFile, 'latin1') };
}

async function readPair(keyFile: string): Promise<PemPair | null> {
  const facts = await lstat(keyFile).catch(ifMissing);
  if (facts === null) return null;
  if (!facts.isFile()) throw new Error(`CA key ${keyFile} is not a plain file: remove it, or move the real file there`);
  await refuseReadableKey(keyFile, facts);
  const text = await readFile(keyFile, 'latin1');
  const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/.exec(text)?.[0];
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(text)?.[0];
  if (key === undefined || certificate === undefined) {
    throw new Error(`CA key ${keyFile} does not hold one private key and one certificate in PEM: restore it, or remove it to have a new CA made`);
  }
  return { key, certificate };
}

/** `link` fails where the name is taken: whoever comes second uses what the first one made. */
async function place(keyFile: string, pair: PemPair): Promise<PemPair> {
  const draft = `${keyFile}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(pair.key + pair.certificate);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, keyFile);
    return pair;
  } catch (error) {
    const kept = codeOf(error) === 'EEXIST' ? await readPair(keyFile) : null;
    if (kept === null) throw error;
    return kept;
  } finally {
    await unlink(draft);
  }
}

/** The certificates alone, for people and containers to mount; replaced in one step, so that a reader finds a whole file. */
async function publish(file: string, certificates: string): Promise<void> {
  const present = await readFile(file, 'latin1').catch(ifMissing);
  if (present === certificates) return;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o644);
  try {
    await handle.writeFile(certificates);
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

async function refuseOpenDirectory(directory: string): Promise<void> {
  const facts = await stat(directory);
  refuseForeignOwner(`directory ${directory}`, facts.uid);
  // Ours and empty or ours and opened by a umask or a volume driver: closing it harms nobody.
  if ((facts.mode & 0o077) !== 0) await chmod(directory, 0o700);
}

async function refuseReadableKey(file: string, facts: { readonly mode: number; readonly uid: number }): Promise<void> {
  refuseForeignOwner(`key ${file}`, facts.uid);
  if ((facts.mode & 0o077) !== 0) {
    throw new Error(`CA key ${file} has mode ${(facts.mode & 0o777).toString(8)}: others may read or change it. ` +
      'Whoever read it can impersonate every host to our clients: remove it to have a new CA made, or chmod 600 if you are sure');
  }
}

function refuseForeignOwner(what: string, uid: number): void {
  const ours = process.getuid?.();
  if (ours !== undefined && uid !== ours && uid !== 0) {
    throw new Error(`CA ${what} belongs to user ${uid}, the gateway runs as ${ours}: it must belong to the gateway's user or to root`);
  }
}

function ifMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
