import { deserialize } from 'node:v8';
import { encodeAside } from '../body-coding.ts';
import { sealBody } from '../body-sealing.ts';
import { hashText, placedIn, type Placed } from '../bucket/placed.ts';
import { partsIn } from '../parts-in.ts';
import type { Part } from '../prepare.ts';
import type { Seal } from '../seal.ts';
import type { PackedWrite } from '../write-report.ts';
import type { WriteName } from './writes.ts';

/** A write with everything done that can be done without the database. */
export interface Unpacked {
  readonly kind: WriteName;
  readonly at: string;
  /** throws what it could not be unpacked for: then it fails alone */
  readonly args: () => unknown;
  readonly bodies: ReadonlyMap<Uint8Array, Placed>;
}

/** Compressing 25 MiB takes up to half a second: none of it while the batch holds `head`, and none in the thread that answers calls. */
export async function unpacked({ kind, at, packed }: PackedWrite<WriteName>, seal: Seal): Promise<Unpacked> {
  const bodies = new Map<Uint8Array, Placed>();
  let args: unknown;
  let parts: readonly Part[];
  try {
    args = deserialize(packed);
    // The map from names to functions cannot be followed by the type checker through packed bytes.
    parts = kind in partsIn ? (partsIn[kind as keyof typeof partsIn] as (args: unknown) => readonly Part[])(args) : [];
  } catch (error) {
    return { kind, at, bodies, args: () => { throw error; } };
  }
  const placed = placedIn(args);
  for (const { bytes } of parts) {
    if (bodies.has(bytes)) continue;
    const sha256 = seal.digest(bytes);
    bodies.set(bytes, placed.get(hashText(sha256)) ?? { ...sealBody(seal, { sha256, size: bytes.length }, await encodeAside(bytes)), object: null });
  }
  return { kind, at, bodies, args: () => args };
}
