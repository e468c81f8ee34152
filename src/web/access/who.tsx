import type { ReactNode } from 'react';
import { signOut } from '../api/client.ts';
import { useMe } from './me.ts';

/** Who is signed in, and the way out; nothing where nobody was asked. */
export function Who(): ReactNode {
  const { name, role } = useMe();
  if (name === null) return null;
  return (
    <span className="who">
      <span className="who-name" title={`Role ${role}`}>{name}</span>
      <button type="button" className="button small" onClick={() => { void signOut(); }}>Sign out</button>
    </span>
  );
}

/** What is not shown, said once and quietly. */
export function MaskedNote(): ReactNode {
  const { masked, spaces, services } = useMe();
  const only = [...spaces.map((space) => `space ${space}`), ...services.map((service) => `service ${service}`)];
  if (!masked && only.length === 0) return null;
  return <p className="masked-note" role="note">{masked && 'Real recipients are masked. '}{only.length > 0 && `You see ${only.join(', ')} only.`}</p>;
}
