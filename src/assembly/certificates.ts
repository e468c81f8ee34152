import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Logger } from 'pino';
import type { CertificateAuthority, Renewal } from '../ingress/certificate-authority.ts';
import type { Store } from '../model/store.ts';

/** Our certificates as files, for containers and runtimes to mount. */
export interface PublishedCertificates {
  readonly files: { readonly ca: string; readonly bundle: string };
  readonly rotate: () => Promise<Renewal>;
  close(): void;
}

const lookEvery = 3_600_000;

/** Writes ca.pem (where the CA is not its own publisher) and ca-bundle.pem, and keeps both true while certificates change. */
export async function publishCertificates({ ca, directory, given, store, logger }: {
  readonly ca: CertificateAuthority;
  readonly directory: string;
  readonly given: boolean;
  readonly store: Pick<Store, 'append'>;
  readonly logger: Logger;
}): Promise<PublishedCertificates> {
  const files = { ca: join(directory, 'ca.pem'), bundle: join(directory, 'ca-bundle.pem') };

  async function write(): Promise<void> {
    if (given) await writeFile(files.ca, ca.certificatePem);
    await writeFile(files.bundle, `${[...rootCertificates, ca.certificatePem.trim()].join('\n')}\n`);
  }

  async function after(step: Promise<Renewal>): Promise<Renewal> {
    const state = await step;
    if (state === 'unchanged') return state;
    await write();
    logger.warn({ state, fingerprint: ca.fingerprint, file: files.ca }, state === 'published'
      ? 'the next CA certificate is published: services take it up when they start again; give containers the new ca.pem'
      : 'leaves are now signed by the next CA certificate: services that were started before it was published do not trust them');
    await store.append({ kind: 'ca', capture: null, run: null, data: { state, fingerprint: ca.fingerprint } });
    return state;
  }

  await mkdir(directory, { recursive: true, mode: 0o700 });
  await write();
  await after(ca.renew());
  const timer = setInterval(() => {
    after(ca.renew()).catch((error: unknown) => logger.error({ err: error }, 'the CA certificate could not be renewed'));
  }, lookEvery);
  return { files, rotate: () => after(ca.rotate()), close: () => clearInterval(timer) };
}
