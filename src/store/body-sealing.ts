import { damaged, type Coded, type KeptBody } from './body-coding.ts';
import type { Place, Seal } from './seal.ts';
import { inline } from './stored-capture.ts';

/** How long the sealed beginning is stands before it. */
const lengthBytes = 4;

/**
 * A coded body as it is kept. Its beginning is sealed by itself, as it is coded by itself, so that it can be read without the rest: length of the
 * sealed beginning (4 bytes), the sealed beginning, and what is behind it, sealed too. Each is bound to the body's name, size and coding.
 */
export function sealBody(seal: Seal, named: Pick<KeptBody, 'sha256' | 'size'>, { coding, data, head }: Coded): KeptBody {
  if (seal.keyId === null) return { ...named, coding, data };
  const kept = { ...named, coding };
  const first = seal.sealBytes(placeOf(kept, 'head'), data.subarray(0, head));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(first.length);
  const rest = named.size > inline ? [seal.sealBytes(placeOf(kept, 'rest'), data.subarray(head))] : [];
  return { ...kept, data: Buffer.concat([length, first, ...rest]) };
}

/** As it was coded. Throws where it is not what was kept. */
export function openBody(seal: Seal, kept: KeptBody): KeptBody {
  return seal.keyId === null ? kept : { ...kept, data: opened(seal, kept, kept.size > inline) };
}

/** The same, of its beginning alone: from the first `enoughForHead` bytes of what is kept of it. */
export function openBodyHead(seal: Seal, kept: KeptBody): KeptBody {
  return seal.keyId === null ? kept : { ...kept, data: opened(seal, kept, false) };
}

function opened(seal: Seal, kept: KeptBody, rest: boolean): Uint8Array {
  try {
    const end = lengthBytes + Buffer.from(kept.data.buffer, kept.data.byteOffset, kept.data.length).readUInt32BE();
    // `subarray` would take less without a word.
    if (end > kept.data.length || (kept.size <= inline && end < kept.data.length)) throw new Error('not this length');
    const first = seal.openBytes(placeOf(kept, 'head'), kept.data.subarray(lengthBytes, end));
    return rest ? Buffer.concat([first, seal.openBytes(placeOf(kept, 'rest'), kept.data.subarray(end))]) : first;
  } catch {
    throw damaged(kept, new Error('it cannot be opened with the key of this store'));
  }
}

function placeOf({ sha256, size, coding }: Omit<KeptBody, 'data'>, part: 'head' | 'rest'): Place {
  return ['bodies.data', Buffer.from(sha256).toString('hex'), String(size), coding, part];
}
