import { page } from '../../src/control/page.ts';
import type { Auth, Role, Scope } from '../../src/control/access/caller.ts';
import type { ControlOptions } from '../../src/control/dependencies.ts';
import type { CaptureDraft } from '../../src/model/capture.ts';
import type { Store } from '../../src/model/store.ts';
import { draft, harness, type Call, type Harness } from './harness.ts';

export const roles: readonly Role[] = ['reader', 'unmasker', 'releaser', 'admin', 'ci'];
export const tokenOf = (role: string): string => `token-of-the-${role}`;

/** A control listener with every route there can be, a token of each role and users. */
export async function guarded(more: Partial<ControlOptions> & { readonly tokens?: readonly (Partial<Scope> & { readonly name: string; readonly role: Role })[]; readonly users?: Extract<Auth, { kind: 'tokens' }>['users'] } = {}): Promise<Harness> {
  const { tokens = roles.map((role) => ({ name: role, role })), users = [{ name: 'ann', password: 'correct horse', role: 'reader' }], ...options } = more;
  return harness({
    auth: { kind: 'tokens', tokens: tokens.map((token) => ({ ...token, token: tokenOf(token.name), expires: null })), users },
    release: async ({ capture }) => ({ kind: 'released', capture, outcome: 'relayed' }),
    callbacks: { resend: async () => ({ kind: 'not-found' }), later: async ({ capture }) => ({ kind: 'happened', capture, callbacks: [] }) },
    runFailures: { written: async () => [], put: async () => [] },
    rotateCa: async () => 'unchanged', caTruststore: () => new Uint8Array(),
    pay: { show: async () => null, choose: async () => ({ kind: 'unknown' }) },
    page: page({ directory: '/nowhere', previewOrigin: () => null }),
    ...options,
  });
}

/** A call of a service in a space. */
export async function recordFrom(store: Store, space: string | null, call: Call = {}, more: Partial<CaptureDraft> = {}): Promise<string> {
  const made = draft(call);
  const kept = { ...made, ...more, origin: { ...made.origin, space } };
  await store.record({ draft: kept, remember: [], callbacks: [] });
  return kept.id;
}
