import type { Role } from './caller.ts';

/** What a route does with those who may not see everything. */
export interface RouteRule {
  readonly roles: readonly Role[];
  /**
   * narrows: answers and changes only what lies in the caller's spaces and services. none: there is nothing of any capture in it.
   * refuses: 403 for whoever is for some spaces or services only.
   */
  readonly scoped: 'narrows' | 'none' | 'refuses';
  /** masks: its JSON is masked, whatever is in it. refuses: 403 for masked callers. */
  readonly masked: 'masks' | 'refuses';
}

const all: readonly Role[] = ['reader', 'unmasker', 'releaser', 'admin', 'ci'];
const people: readonly Role[] = ['reader', 'unmasker', 'releaser', 'admin'];
const senders: readonly Role[] = ['releaser', 'admin'];
const runners: readonly Role[] = ['ci', 'admin'];
const admins: readonly Role[] = ['admin'];

const rule = (roles: readonly Role[], scoped: RouteRule['scoped'], masked: RouteRule['masked'] = 'masks'): RouteRule => ({ roles, scoped, masked });

/**
 * Every route that asks who calls. One that is not here is for admins of everything only (`unlisted`), and fails a test: whoever adds a route
 * says here what it does.
 */
export const routeRules: Readonly<Record<string, RouteRule>> = {
  'GET /api/captures': rule(all, 'narrows'),
  'GET /api/counts': rule(all, 'narrows'),
  'GET /api/captures/wait': rule(all, 'narrows'),
  'GET /api/captures/quiet': rule(all, 'narrows'),
  'GET /api/captures/:id': rule(all, 'narrows'),
  'GET /api/captures/:id/text': rule(people, 'narrows'),
  'GET /api/captures/:id/html': rule(people, 'narrows'),
  'GET /api/captures/:id/raw': rule(['unmasker', 'admin'], 'narrows', 'refuses'),
  'GET /api/captures/:id/attachments/:n': rule(['unmasker', 'admin'], 'narrows', 'refuses'),
  'PATCH /api/captures/:id': rule(senders, 'narrows'),
  'DELETE /api/captures': rule(admins, 'narrows'),
  'DELETE /api/captures/:id': rule(admins, 'narrows'),
  'POST /api/captures/:id/release': rule(senders, 'narrows'),
  'POST /api/captures/:id/simulate': rule(senders, 'narrows'),
  'POST /api/callbacks/:id/resend': rule(senders, 'narrows'),
  'GET /api/journeys/:key': rule(people, 'narrows'),
  'GET /api/persons/:id': rule(people, 'narrows'),
  'GET /api/events': rule(people, 'narrows'),
  'GET /api/runs': rule(all, 'narrows'),
  'POST /api/runs': rule(runners, 'narrows'),
  'GET /api/runs/:name': rule(all, 'narrows'),
  'POST /api/runs/:name/close': rule(runners, 'narrows'),
  'GET /api/runs/:name/report': rule(all, 'narrows'),
  'GET /api/runs/:name/failures': rule(all, 'narrows'),
  'PUT /api/runs/:name/failures': rule(runners, 'narrows'),
  'GET /api/assert': rule(all, 'narrows'),
  'GET /api/connection': rule(all, 'none'),
  'GET /api/policy': rule(all, 'none'),
  'GET /api/policies/:sha256': rule(all, 'none'),
  'POST /api/policy/check': rule(people, 'none'),
  'POST /api/policy/explain': rule(people, 'none'),
  // a draft that asks for one address after another would tell them letter by letter
  'POST /api/policy/replay': rule(['unmasker', 'admin'], 'narrows', 'refuses'),
  'GET /api/providers': rule(all, 'none'),
  'GET /api/breakers': rule(people, 'narrows'),
  'POST /api/breakers/:service/reset': rule(admins, 'narrows'),
  // what a vendor remembers names no recipients, so nobody could tell whom its words are about
  'GET /api/simulators/:provider/objects': rule(['unmasker', 'admin'], 'refuses', 'refuses'),
  'PUT /api/simulators/:provider/objects': rule(admins, 'refuses'),
  'DELETE /api/simulators/:provider/objects': rule(admins, 'refuses'),
  'POST /api/ca/rotate': rule(admins, 'refuses'),
  'GET /api/audit': rule(admins, 'refuses'),
  'POST /api/erasures': rule(admins, 'refuses'),
  'GET /api/erasures': rule(admins, 'refuses'),
  'GET /api/erasures/:id': rule(admins, 'refuses'),
  'GET /api/me': rule(all, 'none'),
  'DELETE /api/session': rule(all, 'none'),
  'GET /api/openapi.json': rule(all, 'none'),
  'GET /metrics': rule(people, 'refuses'),
};

/** Closed, until somebody has said what it does. */
export const unlisted: RouteRule = rule(admins, 'refuses');

/** What a client needs before it can say who it is, and what an orchestrator asks. None of it tells anything captured. */
export const freeRoutes: ReadonlySet<string> = new Set(['GET /healthz', 'GET /readyz', 'GET /ca.pem', 'GET /ca-bundle.pem', 'GET /ca.p12', 'POST /api/session']);

/** HEAD is GET without its answer. Null: no route is there. */
export function routeName(method: string, url: string | undefined): string | null {
  return url === undefined ? null : `${method === 'HEAD' ? 'GET' : method} ${url}`;
}
