import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { ApiError, getMe, signedOut } from '../api/client.ts';
import { MeContext, type Me } from './me.ts';
import { SignIn } from './sign-in.tsx';

type State = { readonly kind: 'asking' } | { readonly kind: 'nobody' } | { readonly kind: 'failed'; readonly why: string } | { readonly kind: 'in'; readonly me: Me };

/** The page for whoever is signed in, else the form; back to the form when the session is over. */
export function Gate({ children }: { readonly children: ReactNode }): ReactNode {
  const [state, setState] = useState<State>({ kind: 'asking' });
  const [asked, ask] = useState(0);
  useEffect(() => {
    const over = (): void => { setState({ kind: 'nobody' }); };
    window.addEventListener(signedOut, over);
    return () => { window.removeEventListener(signedOut, over); };
  }, []);
  useEffect(() => {
    const abort = new AbortController();
    getMe(abort.signal).then(
      (me) => setState({ kind: 'in', me }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setState(error instanceof ApiError && error.status === 401 ? { kind: 'nobody' } : { kind: 'failed', why: error instanceof Error ? error.message : String(error) });
      });
    return () => { abort.abort(); };
  }, [asked]);
  switch (state.kind) {
    case 'asking': return null;
    case 'nobody': return <SignIn onSignedIn={() => { ask((n) => n + 1); }} />;
    case 'failed': return <main className="screen"><p className="notice failed" role="alert">The gateway does not say who you are: {state.why} <button type="button" className="button small" onClick={() => { ask((n) => n + 1); }}>Try again</button></p></main>;
    case 'in': return <MeContext value={state.me}>{children}</MeContext>;
  }
}
