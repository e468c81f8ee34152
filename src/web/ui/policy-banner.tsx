import type { ReactNode } from 'react';
import { getReady } from '../api/client.ts';
import { useLoaded } from '../api/use-loaded.ts';

/** A newer policy file that does not load: decisions go on under the old one, and everybody should know. */
export function PolicyBanner({ version }: { readonly version: number }): ReactNode {
  const ready = useLoaded('ready', version, getReady);
  if (ready.kind !== 'ready' || ready.value.policy !== 'stale') return null;
  return <p className="banner" role="alert">The policy file was changed and does not load. The policy before it stays in force; the gateway's log says what is wrong.</p>;
}
