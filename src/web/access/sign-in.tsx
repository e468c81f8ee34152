import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { signIn } from '../api/client.ts';

export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }): ReactNode {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    signIn(name, password).then(onSignedIn, (error: unknown) => {
      setBusy(false);
      setPassword('');
      setWhy(error instanceof Error ? error.message : String(error));
    });
  };
  return (
    <main id="main" className="sign-in">
      <form onSubmit={submit} aria-label="Sign in">
        <img src="/favicon.svg" alt="" width="34" height="34" />
        <h1>Fourthwall</h1>
        <label className="field"><span>Name</span><input className="input" autoComplete="username" autoFocus required value={name} onChange={(event) => { setName(event.target.value); }} /></label>
        <label className="field"><span>Password</span><input className="input" type="password" autoComplete="current-password" required value={password} onChange={(event) => { setPassword(event.target.value); }} /></label>
        {why !== null && <p className="notice failed" role="alert">{why}</p>}
        <button type="submit" className="button solid" disabled={busy}>Sign in</button>
      </form>
    </main>
  );
}
