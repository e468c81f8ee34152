import type { CaptureSummary } from '../../model/capture.ts';
import type { CaptureFilter } from '../../model/store.ts';

/** docs/access.md says what each may do; route-rules.ts is where it is done. */
export type Role = 'reader' | 'unmasker' | 'releaser' | 'admin' | 'ci';

/** Empty lists = everything. */
export interface Scope { readonly spaces: readonly string[]; readonly services: readonly string[] }

export interface Token extends Partial<Scope> {
  /** for the audit */
  readonly name?: string;
  readonly token: string;
  readonly role: Role;
  /** RFC 3339; null = never */
  readonly expires: string | null;
}

export interface User extends Partial<Scope> {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
}

/** open: loopback without configured users and tokens. */
export type Auth =
  | { readonly kind: 'open' }
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[]; readonly users?: readonly User[] };

/** Who asks, and what they may see. */
export interface Caller extends Scope {
  /** 'user ann', 'token github'; 'open' where nobody is asked */
  readonly actor: string;
  readonly name: string | null;
  readonly role: Role;
  /** real recipients are hidden from them */
  readonly masked: boolean;
  /** what they read of real people is noted */
  readonly noted: boolean;
  /** ms since the epoch; null = never */
  readonly expires: number | null;
}

export const anybody: Caller = { actor: 'open', name: null, role: 'admin', masked: false, noted: false, spaces: [], services: [], expires: null };

/**
 * Masked is everybody but the role unmasker, and the role admin where no users are configured. Where anybody is masked, or an unmasker is
 * configured, whoever reads unmasked is noted.
 */
export function callersOf(auth: Extract<Auth, { kind: 'tokens' }>): { readonly tokens: readonly (Token & { readonly caller: Caller })[]; readonly users: readonly (User & { readonly caller: Caller })[] } {
  const { tokens, users = [] } = auth;
  const isMasked = (role: Role): boolean => role !== 'unmasker' && (role !== 'admin' || users.length > 0);
  const inForce = [...tokens, ...users].some(({ role }) => isMasked(role) || role === 'unmasker');
  const callerOf = (entry: Token | User, kind: 'token' | 'user', expires: number | null): Caller => {
    const { name = 'without a name', role, spaces = [], services = [] } = entry;
    const masked = isMasked(role);
    return { actor: `${kind} ${name}`, name, role, masked, noted: inForce && !masked, spaces, services, expires };
  };
  return {
    tokens: tokens.map((token) => ({ ...token, caller: callerOf(token, 'token', token.expires === null ? null : Date.parse(token.expires)) })),
    users: users.map((user) => ({ ...user, caller: callerOf(user, 'user', null) })),
  };
}

export function isScoped({ spaces, services }: Scope): boolean {
  return spaces.length > 0 || services.length > 0;
}

type Placed = Pick<CaptureSummary, 'space' | 'service' | 'run'>;

/** Is it a capture that this caller may know of? What has no space is in none of theirs; a ci caller sees what belongs to a run. */
export function sees({ spaces, services, role }: Pick<Caller, 'spaces' | 'services' | 'role'>, { space, service, run }: Placed): boolean {
  if (role === 'ci' && (run === null || run === 'ambiguous')) return false;
  return (spaces.length === 0 || (space !== null && spaces.includes(space))) && (services.length === 0 || services.includes(service));
}

/** A call of nobody known may be one of theirs: a verdict must not pass over it. */
export function mayBeTheirs({ spaces, services }: Scope, { space, service }: Pick<Placed, 'space' | 'service'>): boolean {
  return (spaces.length === 0 || space === null || spaces.includes(space)) && (services.length === 0 || service === 'unattributed' || services.includes(service));
}

/** What the filter asks for, of what they may see. An empty list matches nothing. */
export function narrowed(filter: CaptureFilter, { spaces, services }: Scope): CaptureFilter {
  const within = (asked: readonly string[] | undefined, allowed: readonly string[]): readonly string[] => (asked === undefined ? allowed : asked.filter((value) => allowed.includes(value)));
  return {
    ...filter,
    ...spaces.length === 0 ? {} : { space: within(filter.space, spaces) },
    ...services.length === 0 ? {} : { service: within(filter.service, services) },
  };
}
