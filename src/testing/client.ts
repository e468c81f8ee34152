import type { CallbackInfo } from '../model/callback.ts';
import type { Capture, CaptureSummary } from '../model/capture.ts';
import type { ErasureOrder, ErasureProof, Sighting } from '../model/erasure.ts';
import type { Event } from '../model/event.ts';
import type { Remembered } from '../model/provider.ts';
import type { Run } from '../model/run.ts';
import type { CaptureFilter, CapturePage, CapturePatch, Scope } from '../model/store.ts';
import type { Connection } from '../control/connection.ts';
import type { DescribedCall, Explanation, PolicyInForce, PolicyProblem } from '../control/dependencies.ts';
import type { Judgement } from '../control/judge.ts';
import type { Replay } from '../control/replay.ts';
import type { Nearest } from '../control/wait.ts';
import { readServerSentEvents } from './server-sent-events.ts';

/** The list filters of the API: one value or several (or). */
export type Filters = { readonly [name in keyof CaptureFilter]?: string | number | readonly string[] };

export type ClaimInput = { readonly recipient: string } | { readonly service: string } | { readonly key: string } | { readonly trace: string };

/** The control API did not answer at all. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The control API said no: `status` and, for a wrong filter or field, its `field`. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly field: string | null;
  constructor(status: number, detail: string, field: string | null) {
    super(detail);
    this.status = status;
    this.field = field;
  }
}

export interface Client {
  /** who this client is to the gateway, and what it is shown */
  me(): Promise<{ readonly name: string | null; readonly role: string; readonly masked: boolean; readonly spaces: readonly string[]; readonly services: readonly string[] }>;
  list(filters?: Filters & { readonly limit?: number }): Promise<CapturePage>;
  /** every match, newest first, page by page */
  all(filters?: Filters): AsyncIterable<CaptureSummary>;
  /** 'latest' works */
  capture(id: string): Promise<Capture>;
  raw(id: string, part?: 'request' | 'reply'): Promise<Uint8Array>;
  text(id: string): Promise<string>;
  attachment(id: string, n: number): Promise<Uint8Array>;
  /** `timeout` in seconds */
  wait(filters?: Filters & { readonly count?: number; readonly timeout?: number; readonly after?: number | 'now' }): Promise<
    { readonly satisfied: boolean; readonly items: readonly CaptureSummary[]; readonly nearest: readonly Nearest[]; readonly cursor: number }>;
  /** `for` in seconds */
  quiet(filters: Filters & { readonly for: number; readonly after?: number | 'now' }): Promise<{ readonly satisfied: boolean; readonly items: readonly CaptureSummary[] }>;
  /** makes something happen to a captured call: `event` in the vendor's own words */
  simulate(id: string, order: { readonly event: string; readonly recipient?: string; readonly detail?: string }): Promise<{ readonly capture: string; readonly event: string; readonly callbacks: readonly CallbackInfo[] }>;
  /** sends a callback again, now */
  resend(callback: string): Promise<CallbackInfo>;
  patch(id: string, patch: CapturePatch): Promise<CaptureSummary>;
  remove(filters: Filters): Promise<number>;
  removeOne(id: string): Promise<number>;
  journey(key: string): Promise<{ readonly items: readonly CaptureSummary[]; readonly total: number; /** false: at least so many */ readonly totalExact: boolean }>;
  openRun(run: { readonly name: string; readonly space?: string; readonly service?: string; readonly claims?: readonly ClaimInput[] }): Promise<Run & Connection>;
  closeRun(name: string): Promise<Run>;
  run(name: string): Promise<Run & Connection>;
  connection(options?: { readonly service?: string; readonly space?: string; readonly run?: string }): Promise<Connection>;
  /** `settle` in seconds */
  assert(question?: Filters & { readonly expect?: string; readonly settle?: number }): Promise<Judgement & { readonly policyCurrent: boolean }>;
  /** the event log from after `after` on, resumed by itself; ends with the signal */
  events(options?: { readonly after?: number; readonly signal?: AbortSignal }): AsyncIterable<Event>;
  policy(): Promise<PolicyInForce>;
  pastPolicy(sha256: string): Promise<{ readonly sha256: string; readonly text: string }>;
  checkPolicy(text: string): Promise<{ readonly valid: boolean; readonly sha256: string; readonly problems: readonly PolicyProblem[] }>;
  explain(call: Partial<DescribedCall>, draft?: string): Promise<Explanation>;
  /** stored captures decided again under a draft: what would change */
  replay(draft: string, filters?: Filters, most?: number): Promise<Replay>;
  breakers(): Promise<{ readonly items: readonly { readonly space: string | null; readonly service: string; readonly tripped: string | null; readonly recipients: number; readonly lastSeen: string | null }[] }>;
  resetBreaker(service: string, space?: string): Promise<void>;
  objects(provider: string): Promise<{ readonly items: readonly (Remembered & { readonly scope: Scope })[] }>;
  ca(): Promise<string>;
  /** looks for everything about somebody, changes nothing */
  sight(order: Omit<ErasureOrder, 'actor'> & { readonly mode: 'preview' | 'verify' }): Promise<Sighting>;
  /** erases everything about somebody */
  erase(order: Omit<ErasureOrder, 'actor'>): Promise<ErasureProof>;
  erasures(): Promise<{ readonly items: readonly ErasureProof[]; readonly broken: string | null }>;
  /** PKCS #12; the password is 'changeit' */
  caTruststore(): Promise<Uint8Array>;
  rotateCa(): Promise<{ readonly state: 'unchanged' | 'published' | 'switched' }>;
  /** the public roots and ours */
  caBundle(): Promise<string>;
}

/** @param options.url of the control listener: 'http://127.0.0.1:8025'. @param options.token sent as a bearer token */
export function createClient({ url, token = null }: { readonly url: string; readonly token?: string | null }): Client {
  const base = url.replace(/\/+$/, '');
  const headers: Readonly<Record<string, string>> = token === null ? {} : { authorization: `Bearer ${token}` };

  async function send(method: string, path: string, query: object = {}, body?: unknown): Promise<Response> {
    const address = `${base}${path}${queryText(query)}`;
    const response = await fetch(address, {
      method, redirect: 'manual',
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    }).catch((error: unknown) => { throw new Unreachable(`${base} does not answer: ${causeOf(error)}`); });
    if (response.ok) return response;
    throw await refusal(response);
  }
  const json = async <T>(method: string, path: string, query: object = {}, body?: unknown): Promise<T> =>
    await (await send(method, path, query, body)).json() as T;
  const bytes = async (path: string, query: object = {}): Promise<Uint8Array> => new Uint8Array(await (await send('GET', path, query)).arrayBuffer());
  const part = encodeURIComponent;

  return {
    me: () => json('GET', '/api/me'),
    list: (filters) => json('GET', '/api/captures', filters),
    async *all(filters = {}) {
      let before: number | string | readonly string[] | undefined | null = filters.before;
      while (before !== null) {
        const page: CapturePage = await json('GET', '/api/captures', { ...filters, limit: 500, ...before === undefined ? {} : { before } });
        yield* page.items;
        before = page.next;
      }
    },
    capture: (id) => json('GET', `/api/captures/${part(id)}`),
    raw: (id, which = 'request') => bytes(`/api/captures/${part(id)}/raw`, { part: which }),
    text: async (id) => (await send('GET', `/api/captures/${part(id)}/text`)).text(),
    attachment: (id, n) => bytes(`/api/captures/${part(id)}/attachments/${n}`),
    wait: (filters) => json('GET', '/api/captures/wait', filters),
    quiet: (filters) => json('GET', '/api/captures/quiet', filters),
    simulate: (id, order) => json('POST', `/api/captures/${part(id)}/simulate`, {}, order),
    resend: (callback) => json('POST', `/api/callbacks/${part(callback)}/resend`),
    patch: (id, patch) => json('PATCH', `/api/captures/${part(id)}`, {}, patch),
    remove: async (filters) => (await json<{ deleted: number }>('DELETE', '/api/captures', filters)).deleted,
    removeOne: async (id) => (await json<{ deleted: number }>('DELETE', `/api/captures/${part(id)}`)).deleted,
    journey: (key) => json('GET', `/api/journeys/${part(key)}`),
    openRun: (run) => json('POST', '/api/runs', {}, run),
    closeRun: (name) => json('POST', `/api/runs/${part(name)}/close`),
    run: (name) => json('GET', `/api/runs/${part(name)}`),
    connection: (options) => json('GET', '/api/connection', options),
    assert: (question) => json('GET', '/api/assert', question),
    async *events({ after, signal } = {}) {
      let last = after;
      for (;;) {
        if (signal?.aborted === true) return;
        const response = await fetch(`${base}/api/events`, {
          headers: { ...headers, ...last === undefined ? {} : { 'last-event-id': String(last) } }, ...signal === undefined ? {} : { signal },
        }).catch((error: unknown) => {
          if (signal?.aborted === true) return null;
          throw new Unreachable(`${base} does not answer: ${causeOf(error)}`);
        });
        if (response === null) return;
        if (!response.ok || response.body === null) throw await refusal(response);
        for await (const { data } of readServerSentEvents(response.body)) {
          const event = JSON.parse(data) as Event;
          last = event.seq;
          yield event;
        }
      }
    },
    policy: () => json('GET', '/api/policy'),
    pastPolicy: (sha256) => json('GET', `/api/policies/${part(sha256)}`),
    checkPolicy: (text) => json('POST', '/api/policy/check', {}, { text }),
    explain: (call, draft) => json('POST', '/api/policy/explain', {}, { call, ...draft === undefined ? {} : { policy: draft } }),
    replay: (draft, filters = {}, most) => json('POST', '/api/policy/replay', {}, { policy: draft, filter: bodyFilter(filters), ...most === undefined ? {} : { most } }),
    breakers: () => json('GET', '/api/breakers'),
    async resetBreaker(service, space) {
      await send('POST', `/api/breakers/${part(service)}/reset`, space === undefined ? {} : { space });
    },
    objects: (provider) => json('GET', `/api/simulators/${part(provider)}/objects`),
    sight: (order) => json('POST', '/api/erasures', {}, order),
    erase: (order) => json('POST', '/api/erasures', {}, { ...order, mode: 'erase' }),
    erasures: () => json('GET', '/api/erasures'),
    ca: async () => (await send('GET', '/ca.pem')).text(),
    caTruststore: () => bytes('/ca.p12'),
    rotateCa: () => json('POST', '/api/ca/rotate'),
    caBundle: async () => (await send('GET', '/ca-bundle.pem')).text(),
  };
}

const single: ReadonlySet<string> = new Set(['q', 'since', 'until', 'after', 'before']);

/** Filters as a JSON body has them: lists, but for those of one value. */
function bodyFilter(filters: Filters): object {
  return Object.fromEntries(Object.entries(filters).map(([name, value]) =>
    [name, single.has(name) ? (name === 'after' || name === 'before' ? Number(value) : String(value)) : (Array.isArray(value) ? value : [value]).map(String)]));
}

function queryText(query: object): string {
  const pairs = Object.entries(query).flatMap(([name, value]: [string, unknown]) =>
    value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)] as [string, string]));
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

async function refusal(response: Response): Promise<Refused> {
  const problem: unknown = await response.json().catch(() => null);
  const field = (name: string): string | null => {
    const value = typeof problem === 'object' && problem !== null ? (problem as Record<string, unknown>)[name] : null;
    return typeof value === 'string' ? value : null;
  };
  return new Refused(response.status, field('detail') ?? `HTTP ${response.status}`, field('name'));
}

/** fetch says only 'fetch failed'; the cause says why. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError) return causeOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}
