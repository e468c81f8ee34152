import type { Presented, SandboxWay } from './sandbox.ts';

/** `Authorization: Bearer KEY` (RFC 6750) */
export const bearerKey: SandboxWay['present'] = (credential) => ({ authorization: `Bearer ${credential}` });

/** `Authorization: Basic`, written by people as 'user:password' (RFC 7617) */
export const basicKey: SandboxWay['present'] = (credential): Presented | string =>
  (/^[^:]+:.*$/s.test(credential) ? { authorization: `Basic ${Buffer.from(credential, 'utf8').toString('base64')}` } : "expected 'user:password'");

/** a header of the vendor's own: 'X-Api-Key' */
export function headerKey(name: string): SandboxWay['present'] {
  return (credential) => ({ headers: [[name, credential]] });
}
