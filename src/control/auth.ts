import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isPayPath } from './pay-path.ts';
import { Problem, sendProblem } from './problem.ts';

/** unmasker: reads everything, changes nothing. admin: both. (A masked reader comes with configured users.) */
export type Role = 'unmasker' | 'admin';

export interface Token {
  readonly token: string;
  readonly role: Role;
  /** RFC 3339; null = never */
  readonly expires: string | null;
}

/** open: loopback without configured users. */
export type Auth = { readonly kind: 'open' } | { readonly kind: 'tokens'; readonly tokens: readonly Token[] };

const cookieName = 'fourthwall';
/** What a client needs before it can have a token, and what an orchestrator asks. None of it tells anything captured. A payer's page has a key of its own (pay-path.ts). */
const free = new Set(['/healthz', '/readyz', '/ca.pem', '/ca-bundle.pem', '/ca.p12']);
/** Change nothing, though they carry a body. */
const reading = new Set(['/api/policy/check', '/api/policy/explain', '/api/policy/replay']);

/** Asks every request for a token, but for the few free ones. `/?token=` logs a browser in. */
export function requireToken(app: FastifyInstance, options: { readonly auth: Auth; readonly now: () => number; readonly secure: boolean }): void {
  const { auth, now, secure } = options;
  if (auth.kind === 'open') return;
  // The cookie is not the token, and worth nothing to another process.
  const key = randomBytes(32);
  const sessionOf = (token: string): string => createHmac('sha256', key).update(token).digest('hex');
  const known = auth.tokens.map((token) => ({ ...token, session: sessionOf(token.token) }));
  const alive = ({ expires }: Token): boolean => expires === null || Date.parse(expires) > now();

  const roleOf = (request: FastifyRequest): Role | null => {
    const bearer = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return known.find((one) => same(one.token, bearer) && alive(one))?.role ?? null;
    const session = cookieOf(request.headers.cookie);
    return session === null ? null : known.find((one) => same(one.session, session) && alive(one))?.role ?? null;
  };

  app.addHook('onRequest', async (request, reply) => {
    const { path, query } = addressOf(request.url);
    if (free.has(path) || isPayPath(path)) return;
    const offered = path === '/' && request.method === 'GET' ? query.get('token') : null;
    if (offered !== null) {
      const token = known.find((one) => same(one.token, offered) && alive(one));
      if (token !== undefined) {
        const flags = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
        return reply.header('set-cookie', `${cookieName}=${token.session}; ${flags}`).header('cache-control', 'no-store').redirect('/', 303);
      }
    }
    const role = roleOf(request);
    if (role === null) {
      void reply.header('www-authenticate', 'Bearer realm="fourthwall"');
      return sendProblem(reply, new Problem(401, 'Token required', 'send Authorization: Bearer <token>, or open /?token=<token> in a browser; the log of the gateway tells how'));
    }
    if (role !== 'admin' && !/^(GET|HEAD|OPTIONS)$/.test(request.method) && !reading.has(path)) {
      return sendProblem(reply, new Problem(403, 'Not allowed', `a token of role ${role} reads and changes nothing`));
    }
    return undefined;
  });
}

export function addressOf(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: new URLSearchParams() } : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
}

/** Compares digests of equal length, in a time that tells nothing. */
function same(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function cookieOf(header: string | undefined): string | null {
  const pair = (header ?? '').split(';').map((part) => part.trim()).find((part) => part.startsWith(`${cookieName}=`));
  return pair === undefined ? null : pair.slice(cookieName.length + 1);
}
