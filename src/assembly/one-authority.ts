import { X509Certificate } from 'node:crypto';
import type { OpenedStore } from './open-store.ts';

/**
 * Gateways on one store are one gateway to services: whoever trusts one must trust all. Throws where a living one signs with another CA.
 * The function it gives is to be called now and then: it tells the others when the CA of this one changes.
 */
export async function oneAuthority({ ca, shared, instance }: {
  readonly ca: { readonly certificatePem: string };
  readonly shared: OpenedStore['shared'];
  readonly instance: string;
}): Promise<() => Promise<void>> {
  if (shared === null) return async () => undefined;
  let told = ca.certificatePem;
  const tell = (): Promise<boolean> => shared.trust(instance, fingerprintsOf(told));
  if (!(await tell())) {
    throw new Error('another gateway on this database signs with another CA, so a service that trusts one would not trust the other; give all of them the same <data>/ca directory, or the same --ca-cert and --ca-key');
  }
  return async () => {
    if (ca.certificatePem === told) return;
    told = ca.certificatePem;
    await tell();
  };
}

function fingerprintsOf(pem: string): readonly string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([one]) => new X509Certificate(one).fingerprint256);
}
