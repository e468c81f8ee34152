import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Recipient } from '../model/recipient.ts';
import type { Safe } from '../policy/safe.ts';
import { anybody, callersOf, isScoped, type Auth, type Caller } from './access/caller.ts';
import { failedSignIns } from './access/failed-sign-ins.ts';
import { freeRoutes, routeName, routeRules, unlisted, type RouteRule } from './access/route-rules.ts';
import { openSessions, type Sessions } from './access/sessions.ts';
import { knownOf } from './masking/known.ts';
import { maskValue } from './masking/mask-value.ts';
import { shownBy } from './masking/shown-address.ts';
import { isPayPath } from './pay-path.ts';
import { Problem, sendProblem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** set before any handler runs, but for what is free */
    caller?: Caller;
    /** of a caller who is shown masked addresses: hides them in any JSON */
    mask?: (value: unknown, recipients?: readonly Recipient[]) => unknown;
    /** recipients to be hidden in an answer that does not list them */
    alsoKnown?: readonly Recipient[];
    /** fields of the answer with nothing captured in them, sent as they are: settings, whose user:password@host looks like an address */
    asIs?: object;
    /** aborted when the caller signs out */
    signedOut?: AbortSignal;
  }
  interface FastifyContextConfig {
    /** a file of the page: the same for everybody, with nothing captured in it */
    page?: boolean;
  }
}

export interface Access {
  /** Who asks; throws where nobody was asked, so that no handler of a free route reads anything by mistake. */
  callerOf(request: FastifyRequest): Caller;
  /** A name and a password for a cookie. Throws a Problem that does not tell which of them was wrong. */
  signIn(request: FastifyRequest, reply: FastifyReply, given: { readonly name: string; readonly password: string }): Promise<Caller>;
  signOut(request: FastifyRequest, reply: FastifyReply): void;
}

export interface AccessOptions {
  readonly auth: Auth;
  readonly now: () => number;
  readonly secure: boolean;
  /** who may be shown to everybody; absent = only reserved addresses */
  readonly safe: () => Safe;
  /** signing in, and signing in in vain */
  readonly note: (entry: { readonly actor: string; readonly action: 'sign-in' | 'sign-in-failed'; readonly subject: string; readonly data: object }) => Promise<void>;
}

const cookieName = 'fourthwall';

/** Asks every request who it is, but for the few free ones, and holds it to what its route says of the role. `/?token=` signs a browser in. */
export function requireCaller(app: FastifyInstance, { auth, now, secure, safe, note }: AccessOptions): Access {
  // What is compared is a keyed digest, in a time that tells nothing; the key is worth nothing to another process.
  const key = randomBytes(32);
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const { tokens, users } = auth.kind === 'open' ? { tokens: [], users: [] } : callersOf(auth);
  const known = tokens.map(({ token, caller }) => ({ caller, digest: digest(token) }));
  const people = users.map(({ name, password, caller }) => ({ caller, digest: digest(JSON.stringify([name, password])) }));
  const sessions = openSessions(now);
  const failures = failedSignIns(now);
  const flags = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  const alive = ({ expires }: Caller): boolean => expires === null || expires > now();
  const holderOf = (token: string): Caller | null => {
    const given = digest(token);
    return known.filter((one) => timingSafeEqual(one.digest, given)).map(({ caller }) => caller).find(alive) ?? null;
  };

  const identify = (request: FastifyRequest): Caller | null => {
    if (auth.kind === 'open') return anybody;
    const bearer = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return holderOf(bearer);
    const session = sessionOf(request, sessions);
    if (session === null) return null;
    request.signedOut = session.ended.signal;
    return { ...session.caller, expires: session.until };
  };

  app.addHook('onRequest', async (request, reply) => {
    const { path, query } = addressOf(request.url);
    const name = routeName(request.method, request.routeOptions.url);
    // spelled exactly so: another spelling of a free address is no free address
    if (freeRoutes.has(routeName(request.method, path)!) || isPayPath(path)) return;
    const offered = path === '/' && request.method === 'GET' ? query.get('token') : null;
    const bringer = offered === null ? null : holderOf(offered);
    if (bringer !== null) {
      await note({ actor: bringer.actor, action: 'sign-in', subject: bringer.actor, data: { from: request.ip, by: 'token' } });
      return reply.header('set-cookie', `${cookieName}=${sessions.begin(bringer)}; ${flags}`).header('cache-control', 'no-store').redirect('/', 303);
    }
    // With users the page itself asks for name and password; what it shows comes from the API.
    if (users.length > 0 && request.routeOptions.config.page === true) return;
    const caller = identify(request);
    if (caller === null) {
      void reply.header('www-authenticate', 'Bearer realm="fourthwall"');
      const how = users.length > 0 ? 'sign in on the page, or send Authorization: Bearer <token>' : 'send Authorization: Bearer <token>, or open /?token=<token> in a browser; the log of the gateway tells how';
      return sendProblem(reply, new Problem(401, users.length > 0 ? 'Not signed in' : 'Token required', how));
    }
    request.caller = caller;
    if (caller.masked) {
      const shown = shownBy(safe());
      request.mask = (value, recipients = []) => maskValue(value, shown, knownOf(recipients, shown));
    }
    if (request.routeOptions.config.page === true || name === null) return;
    const why = refusal(caller, routeRules[name] ?? unlisted);
    return why === null ? undefined : sendProblem(reply, new Problem(403, 'Not allowed', why));
  });

  return {
    callerOf(request) {
      if (request.caller === undefined) throw new Error(`${request.method} ${request.routeOptions.url}: nobody was asked who calls`);
      return request.caller;
    },
    async signIn(request, reply, { name, password }) {
      const wait = failures.wait(request.ip, name);
      if (wait !== null) {
        void reply.header('retry-after', String(wait));
        throw new Problem(429, 'Too many tries', `too many tries in vain; wait ${wait} s`);
      }
      const given = digest(JSON.stringify([name, password]));
      const [caller] = people.filter((one) => timingSafeEqual(one.digest, given)).map((one) => one.caller);
      if (caller === undefined) {
        failures.failed(request.ip, name);
        // what was typed may be a password: only a name we know is written down
        const subject = users.some((user) => user.name === name) ? `user ${name}` : 'an unknown name';
        await note({ actor: 'nobody', action: 'sign-in-failed', subject, data: { from: request.ip } });
        throw new Problem(401, 'Not signed in', 'name or password is wrong');
      }
      await note({ actor: caller.actor, action: 'sign-in', subject: caller.actor, data: { from: request.ip, by: 'password' } });
      void reply.header('set-cookie', `${cookieName}=${sessions.begin(caller)}; ${flags}`);
      return caller;
    },
    signOut(request, reply) {
      const cookie = cookieOf(request.headers.cookie);
      if (cookie !== null) sessions.end(cookie);
      void reply.header('set-cookie', `${cookieName}=; Max-Age=0; ${flags}`);
    },
  };
}

function refusal(caller: Caller, { roles, scoped, masked }: RouteRule): string | null {
  if (!roles.includes(caller.role)) return `role ${caller.role} may not do this; it takes role ${roles.join(' or ')}`;
  if (scoped === 'refuses' && isScoped(caller)) return 'this is about every space and service, and you are for some of them only';
  if (masked === 'refuses' && caller.masked) return 'bytes as they came, and what would spell out an address, cannot be masked; it takes role unmasker';
  return null;
}

export function addressOf(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: new URLSearchParams() } : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
}

function sessionOf(request: FastifyRequest, sessions: Sessions): ReturnType<Sessions['find']> {
  const cookie = cookieOf(request.headers.cookie);
  return cookie === null ? null : sessions.find(cookie);
}

function cookieOf(header: string | undefined): string | null {
  const pair = (header ?? '').split(';').map((part) => part.trim()).find((part) => part.startsWith(`${cookieName}=`));
  return pair === undefined ? null : pair.slice(cookieName.length + 1);
}
