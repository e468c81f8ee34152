import { deserialize } from 'node:v8';
import { encodeAside, type KeptBody } from '../body-coding.ts';
import { sealBody } from '../body-sealing.ts';
import type { Part } from '../prepare.ts';
import type { Seal } from '../seal.ts';
import type { PackedWrite } from '../write-report.ts';
import { partsIn } from './write-captures.ts';
import type { WriteName } from './writes.ts';

/** A write with everything done that can be done without the database. */
export interface Unpacked {
  readonly kind: WriteName;
  readonly at: string;
  /** throws what it could not be unpacked for: then it fails alone */
  readonly args: () => unknown;
  readonly bodies: ReadonlyMap<Uint8Array, KeptBody>;
}

/** Compressing 25 MiB takes up to half a second: none of it while the batch holds `head`, and none in the thread that answers calls. */
export async function unpacked({ kind, at, packed }: PackedWrite<WriteName>, seal: Seal): Promise<Unpacked> {
  const bodies = new Map<Uint8Array, KeptBody>();
  let args: unknown;
  let parts: readonly Part[];
  try {
    args = deserialize(packed);
    // The map from names to functions cannot be followed by the type checker through packed bytes.
    parts = kind in partsIn ? (partsIn[kind as keyof typeof partsIn] as (args: unknown) => readonly Part[])(args) : [];
  } catch (error) {
    return { kind, at, bodies, args: () => { throw error; } };
  }
  for (const { bytes } of parts) {
    if (!bodies.has(bytes)) bodies.set(bytes, sealBody(seal, { sha256: seal.digest(bytes), size: bytes.length }, await encodeAside(bytes)));
  }
  return { kind, at, bodies, args: () => args };
}
