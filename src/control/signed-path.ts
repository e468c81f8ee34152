import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Bytes } from '../model/bytes.ts';

/** Signs and checks paths of the preview origin, so that only what the page asked for is ever served there. */
export interface PathSigner {
  /** the path with `e` (expiry, ms since the epoch) and `s` (signature) added */
  sign(path: string): string;
  /** true when the signature is ours for exactly this path and has not run out */
  holds(path: string, query: { readonly e?: string | undefined; readonly s?: string | undefined }): boolean;
}

export function pathSigner(options: { readonly key: Bytes; readonly now: () => number; readonly lifetime: number }): PathSigner {
  if (options.key.length < 16) throw new Error(`preview: the signing key has ${options.key.length} bytes; at least 16 are needed`);
  const signature = (path: string, expires: string): Buffer =>
    createHmac('sha256', options.key).update(`fourthwall-preview\n${path}\n${expires}`).digest();
  return {
    sign(path) {
      const expires = String(options.now() + options.lifetime);
      return `${path}?e=${expires}&s=${signature(path, expires).toString('base64url')}`;
    },
    holds(path, { e, s }) {
      if (e === undefined || s === undefined || !/^\d{1,16}$/.test(e) || Number(e) < options.now()) return false;
      const given = Buffer.from(s, 'base64url');
      const wanted = signature(path, e);
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}
