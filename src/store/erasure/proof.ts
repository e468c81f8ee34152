import { createHash } from 'node:crypto';
import type { ErasureProof } from '../../model/erasure.ts';
import type { AuditRow, Store } from '../../model/store.ts';

export type UnchainedProof = Omit<ErasureProof, 'previous' | 'sha256'>;

/** Each proof holds the hash of the one before it: none can be changed, left out or put in between without all after it saying so. */
export function chained(proof: UnchainedProof, previous: string | null): ErasureProof {
  const whole = { ...proof, previous };
  return { ...whole, sha256: sha256(whole) };
}

/** The id of the first proof that is not as it was written, or does not follow the one before it; null where all do. Oldest first. */
export function brokenAt(proofs: readonly ErasureProof[]): string | null {
  let before: string | null = null;
  for (const { sha256: said, ...proof } of proofs) {
    if (proof.previous !== before || sha256(proof) !== said) return proof.id;
    before = said;
  }
  return null;
}

/** All proofs there are, newest first, and where their chain is broken. */
export async function proofsIn(store: Pick<Store, 'audits'>): Promise<{ readonly items: readonly ErasureProof[]; readonly broken: string | null }> {
  const items: ErasureProof[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = await store.audits({ before, limit: 500, action: 'erasure' });
    items.push(...page.map((entry) => proofOf(entry)));
    if (page.length < 500) return { items, broken: brokenAt(items.toReversed()) };
    before = page.at(-1)!.seq;
  }
}

function proofOf({ data }: AuditRow): ErasureProof {
  return data as unknown as ErasureProof;
}

function sha256(proof: object): string {
  return createHash('sha256').update(JSON.stringify(proof)).digest('hex');
}
