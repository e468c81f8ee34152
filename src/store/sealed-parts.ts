import { sha256Of } from './body-coding.ts';
import type { Part } from './prepare.ts';
import type { Place, Seal } from './seal.ts';

/** What a row of `parts` says of its body, and what its body is called. */
export interface PartRow { readonly filename: string | null; readonly content_type: string; readonly content_id: string | null; readonly sha256: Uint8Array }

/** What is told of a part. */
export interface PartInfo { readonly filename: string | null; readonly contentType: string; readonly contentId: string | null; /** of its bytes, in hex; only of an attachment */ readonly sha256: string }

type About = Omit<PartInfo, 'filename'>;

/**
 * Where it is sealed, `content_type` holds all but the name, with the hash that people are told, since `bodies.sha256` is keyed. Each is bound to the
 * capture and to the body it speaks of: with another body under it, it cannot be opened.
 */
export function sealPart(seal: Seal, capture: string, { bytes, ...part }: Part, named: Uint8Array): Omit<PartRow, 'sha256'> {
  return sealPartOf(seal, capture, { ...part, sha256: () => sha256Of(bytes).toString('hex') }, named);
}

/** The same where its bytes are not at hand. */
export function sealPartOf(seal: Seal, capture: string, { role, filename, contentType, contentId, sha256 }: Omit<Part, 'bytes'> & { readonly sha256: () => string }, named: Uint8Array): Omit<PartRow, 'sha256'> {
  if (seal.keyId === null) return { filename, content_type: contentType, content_id: contentId };
  const about: About = { contentType, contentId, sha256: role === 'attachment' ? sha256() : '' };
  return {
    // Compared, so that the same file under the same name is listed once.
    filename: seal.sealSame(placeOf('filename', capture, role, named), filename),
    content_type: seal.sealText(placeOf('content_type', capture, role, named), JSON.stringify(about)),
    content_id: null,
  };
}

/** Throws where it does not belong to this capture, or to this body. */
export function openPart(seal: Seal, { capture, role }: { readonly capture: string; readonly role: Part['role'] }, { filename, content_type: contentType, content_id: contentId, sha256 }: PartRow): PartInfo {
  if (seal.keyId === null) return { filename, contentType, contentId, sha256: Buffer.from(sha256).toString('hex') };
  return {
    filename: seal.openText(placeOf('filename', capture, role, sha256), filename),
    ...JSON.parse(seal.openText(placeOf('content_type', capture, role, sha256), contentType)) as About,
  };
}

function placeOf(column: string, capture: string, role: Part['role'], named: Uint8Array): Place {
  return [`parts.${column}`, capture, role, Buffer.from(named).toString('hex')];
}
