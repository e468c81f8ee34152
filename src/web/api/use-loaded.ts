import { useEffect, useEffectEvent, useState } from 'react';

export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'ready'; readonly value: T };

/** Loads for `key`; loads again (keeping what is shown) when `version` changes. */
export function useLoaded<T>(key: string, version: number, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ readonly key: string; readonly version: number; readonly loaded: Loaded<T> }>({ key, version, loaded: { kind: 'loading' } });
  const run = useEffectEvent(load);
  useEffect(() => {
    const abort = new AbortController();
    run(abort.signal).then(
      (value) => setState({ key, version, loaded: { kind: 'ready', value } }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ key, version, loaded: { kind: 'failed', why: error instanceof Error ? error.message : String(error) } });
      });
    return () => { abort.abort(); };
  }, [key, version]);
  return state.key === key ? state.loaded : { kind: 'loading' };
}
