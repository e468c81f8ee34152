import type { ReactNode } from 'react';
import type { Loaded } from '../api/use-loaded.ts';

/** What stands where something is still loading or could not be loaded. */
export function Notice({ loaded, what }: { readonly loaded: Exclude<Loaded<unknown>, { kind: 'ready' }>; readonly what: string }): ReactNode {
  return loaded.kind === 'loading'
    ? <p className="notice" role="status">Loading {what} …</p>
    : <p className="notice failed" role="alert">{what} could not be loaded: {loaded.why}</p>;
}
