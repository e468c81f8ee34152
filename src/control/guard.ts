import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isPayPath } from './pay-path.ts';
import { Problem, sendProblem } from './problem.ts';

/** The header a page of ours sends with every change, and no page of anybody else's can. */
export const controlHeader = 'x-fourthwall-control';

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
} as const;

/** Keeps other sites' pages from reading (DNS rebinding) and from changing (CSRF) anything here. There is no CORS. */
export function guard(app: FastifyInstance, options: { readonly publicUrl: string | null; readonly listenHost: () => string }): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(headers);
    const name = hostName(request.headers.host);
    if (name === null || !ourName(name, options)) {
      return sendProblem(reply, new Problem(421, 'Misdirected request',
        `${JSON.stringify(request.headers.host ?? '')} is not a name of this gateway; start it with --public-url if people are to reach it by that name`));
    }
    const why = isPayPath(request.url.split('?', 1)[0]!) ? foreignForm(request, options.publicUrl) : forged(request);
    return why === null ? undefined : sendProblem(reply, new Problem(403, 'Forbidden', why));
  });
}

/**
 * Rebinding needs a DNS name of the attacker's. Loopback names are ours, so are the public URL's and the listening
 * address; when we listen on a network, addresses and names without a dot (a container's) as well.
 */
function ourName(name: string, { publicUrl, listenHost }: { readonly publicUrl: string | null; readonly listenHost: () => string }): boolean {
  if (name === 'localhost' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name)) return true;
  if (publicUrl !== null && name === hostName(new URL(publicUrl).host)) return true;
  const bound = listenHost().toLowerCase();
  if (name === bound) return true;
  const loopback = bound === 'localhost' || bound === '::1' || bound.startsWith('127.');
  return !loopback && (isIP(name) !== 0 || /^[a-z0-9_-]+$/.test(name));
}

/** A change asked for by a browser must carry our header, which no other site's page can send without CORS. Plain curl is no browser. */
function forged({ method, headers: given }: FastifyRequest): string | null {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return null;
  const browser = given.origin !== undefined || given['sec-fetch-site'] !== undefined || given.cookie !== undefined;
  if (!browser) return null;
  if (given['sec-fetch-site'] === 'cross-site') return 'a page of another site may change nothing here';
  return given[controlHeader] === '1' ? null : 'a change asked for by a browser needs the header X-Fourthwall-Control: 1';
}

/**
 * A payer's page has a plain form, which carries no header of ours. Whoever can post it knows its token and could open it as well; still only
 * its own form is taken from a browser. Plain curl is no browser.
 */
function foreignForm({ method, headers: { origin, host, 'sec-fetch-site': site } }: FastifyRequest, publicUrl: string | null): string | null {
  if (method === 'GET' || method === 'HEAD') return null;
  const from = origin === undefined ? null : URL.parse(origin);
  const own = origin === undefined || (from !== null && (from.host === host?.toLowerCase() || (publicUrl !== null && from.origin === new URL(publicUrl).origin)));
  return own && (site === undefined || site === 'same-origin') ? null : 'a payment page takes the form of that page only';
}

/** Lower-case, without port and brackets; null when it is no host at all. */
function hostName(host: string | undefined): string | null {
  const found = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host ?? '');
  return (found?.[1] ?? found?.[2])?.toLowerCase().replace(/\.$/, '') ?? null;
}
