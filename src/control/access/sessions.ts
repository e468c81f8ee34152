import { createHash, randomBytes } from 'node:crypto';
import type { Caller } from './caller.ts';

export interface Session {
  readonly caller: Caller;
  /** ms since the epoch */
  readonly until: number;
  /** aborted when it ends early: live feeds end with it */
  readonly ended: AbortController;
}

/** Browsers that signed in, in this process. What the browser holds is random and is kept here only as its digest. */
export interface Sessions {
  /** the value of the cookie */
  begin(caller: Caller): string;
  find(cookie: string): Session | null;
  end(cookie: string): void;
}

const longest = 12 * 3_600_000;
const most = 10_000;
/** Of one user or token: whoever signs in again and again ends their own sessions, nobody else's. */
const mostOfOne = 100;

export function openSessions(now: () => number): Sessions {
  const open = new Map<string, Session>();
  const keyOf = (cookie: string): string => createHash('sha256').update(cookie).digest('hex');
  const drop = (key: string): void => {
    open.get(key)?.ended.abort();
    open.delete(key);
  };
  return {
    begin(caller) {
      for (const [key, { until }] of open) if (until <= now() || open.size >= most) drop(key);
      const own = [...open].filter(([, session]) => session.caller.actor === caller.actor);
      for (const [key] of own.slice(0, Math.max(0, own.length - mostOfOne + 1))) drop(key);
      const cookie = randomBytes(32).toString('hex');
      const until = now() + longest;
      open.set(keyOf(cookie), { caller, until: caller.expires === null ? until : Math.min(until, caller.expires), ended: new AbortController() });
      return cookie;
    },
    find(cookie) {
      const key = keyOf(cookie);
      const session = open.get(key);
      if (session === undefined) return null;
      if (session.until > now()) return session;
      drop(key);
      return null;
    },
    end: (cookie) => drop(keyOf(cookie)),
  };
}
