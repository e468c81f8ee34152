import type { ReactNode } from 'react';
import type { Standing } from '../../model/recipient.ts';

/** Told apart by shape first (a filled diamond is a real person), by colour second. */
const shapes: Readonly<Record<Standing, ReactNode>> = {
  safe: <><circle cx="6" cy="6" r="4.700" fill="none" stroke="currentColor" strokeWidth="1.300" /><path d="m3.900 6.200 1.500 1.500 2.800-3.200" fill="none" stroke="currentColor" strokeWidth="1.300" /></>,
  reserved: <rect x="2" y="2" width="8" height="8" rx="1" fill="none" stroke="currentColor" strokeWidth="1.300" />,
  real: <path d="M6 .400 11.600 6 6 11.600.400 6Z" fill="currentColor" />,
  unknown: <><path d="M6 1 11.400 10.600H.600Z" fill="none" stroke="currentColor" strokeWidth="1.300" strokeLinejoin="round" /><path d="M6 4.600v2.600M6 8.900v.1" stroke="currentColor" strokeWidth="1.300" strokeLinecap="round" /></>,
  invalid: <path d="m2 2 8 8M10 2l-8 8" stroke="currentColor" strokeWidth="1.900" strokeLinecap="round" />,
};

export const standingMeaning: Readonly<Record<Standing, string>> = {
  safe: 'safe: on the list of addresses that may be written to',
  reserved: 'reserved: a name or number nobody owns',
  real: 'real: this may be a real person',
  unknown: 'unknown: the audience is not in the request',
  invalid: 'invalid: not an address that can be judged',
};

export function StandingMark({ standing }: { readonly standing: Standing }): ReactNode {
  return (
    <span className="standing" data-standing={standing} role="img" aria-label={standing} title={standingMeaning[standing]}>
      <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">{shapes[standing]}</svg>
    </span>
  );
}
