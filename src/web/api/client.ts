import type { Capture, CaptureSummary } from '../../model/capture.ts';
import type { CapturePage, CapturePatch } from '../../model/store.ts';
import type { Run } from '../../model/run.ts';
import type { Me } from '../access/me.ts';

/** What the API said when it refused: the problem+json's own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Count { readonly value: string; readonly count: number }
export type CountBy = 'channel' | 'provider' | 'service' | 'run' | 'action' | 'outcome' | 'standing' | 'finding';

export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly reasons: readonly { readonly expectation: string; readonly captures: readonly string[]; readonly why: string }[];
  readonly counts: Readonly<Record<string, unknown>>;
}

export interface Ready { readonly ports: Readonly<Record<string, number>>; readonly policy: string | null }

/** The event of a window whose session is over. */
export const signedOut = 'fourthwall-signed-out';

export const getMe = (signal?: AbortSignal): Promise<Me> => request('/api/me', { signal });
export const signIn = (name: string, password: string): Promise<unknown> => request('/api/session', { method: 'POST', body: { name, password } });

export async function signOut(): Promise<void> {
  await request('/api/session', { method: 'DELETE' }).catch(() => undefined);
  window.dispatchEvent(new window.Event(signedOut));
}

export const getCaptures = (query: URLSearchParams, signal?: AbortSignal): Promise<CapturePage> =>
  request(`/api/captures?${query}`, { signal });
export const getCapture = (id: string, signal?: AbortSignal): Promise<Capture> =>
  request(`/api/captures/${encodeURIComponent(id)}`, { signal });
export const patchCapture = (id: string, patch: CapturePatch): Promise<unknown> =>
  request(`/api/captures/${encodeURIComponent(id)}`, { method: 'PATCH', body: patch });
export const resendCallback = (id: string): Promise<unknown> => request(`/api/callbacks/${encodeURIComponent(id)}/resend`, { method: 'POST' });
export const simulateEvent = (id: string, order: { readonly event: string; readonly recipient?: string; readonly detail?: string }): Promise<unknown> =>
  request(`/api/captures/${encodeURIComponent(id)}/simulate`, { method: 'POST', body: order });
export const getAssert = (run: string, signal?: AbortSignal): Promise<Verdict> =>
  request(`/api/assert?${new URLSearchParams({ run, settle: '0' })}`, { signal });

/** Rejects when nothing was deleted: an open run keeps what belongs to it. */
export async function deleteCapture(id: string): Promise<void> {
  const { deleted } = await request<{ readonly deleted: number }>(`/api/captures/${encodeURIComponent(id)}`, { method: 'DELETE' });
  if (deleted === 0) throw new ApiError(409, 'Not deleted: its run is still open, and its verdict needs every capture. Close the run first.');
}

/** What can be made to happen later to a call of this provider. */
export async function getEvents(provider: string, signal?: AbortSignal): Promise<readonly string[]> {
  const providers = itemsOf<{ readonly name: string; readonly events?: readonly string[] }>(await request('/api/providers', { signal }));
  return providers.find(({ name }) => name === provider)?.events ?? [];
}

export type Counts = Partial<Readonly<Record<CountBy, readonly Count[]>>>;

/** `counted`: null, or how many of the newest were counted where many match */
export async function getCounts(by: readonly CountBy[], query: URLSearchParams, signal?: AbortSignal): Promise<{ readonly counts: Counts; readonly counted: number | null }> {
  const wanted = new URLSearchParams(query);
  wanted.set('by', by.join(','));
  return request(`/api/counts?${wanted}`, { signal });
}

export async function getRuns(signal?: AbortSignal): Promise<readonly Run[]> {
  return itemsOf<Run>(await request('/api/runs?limit=200', { signal }));
}

/** /readyz answers 503 with the same body while the store is away: the ports are wanted then too. */
export async function getReady(signal?: AbortSignal): Promise<Ready> {
  const response = await fetch('/readyz', { headers: { accept: 'application/json' }, ...(signal === undefined ? {} : { signal }) });
  const body: unknown = await response.json();
  const record = isRecord(body) ? body : {};
  const ports = isRecord(record['ports']) ? record['ports'] : isRecord(record['listeners']) ? record['listeners'] : {};
  return {
    ports: Object.fromEntries(Object.entries(ports).filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
    policy: typeof record['policy'] === 'string' ? record['policy'] : null,
  };
}

/** Every capture that matches, oldest first, at most `limit`: for a story on one time axis. */
export async function getStory(query: URLSearchParams, limit: number, signal?: AbortSignal): Promise<{ readonly items: readonly CaptureSummary[]; readonly total: number; readonly totalExact: boolean }> {
  const items: CaptureSummary[] = [];
  let before: number | null = null;
  let [total, totalExact] = [0, true];
  do {
    const wanted = new URLSearchParams(query);
    wanted.set('limit', String(Math.min(500, limit - items.length)));
    if (before !== null) wanted.set('before', String(before));
    const page: CapturePage = await getCaptures(wanted, signal);
    items.push(...page.items);
    if (before === null) ({ total, totalExact } = page);
    before = page.next;
  } while (before !== null && items.length < limit);
  return { items: items.toReversed(), total, totalExact };
}

interface Options { readonly method?: string; readonly body?: unknown; readonly signal?: AbortSignal | undefined }

async function request<T>(path: string, options: Options = {}): Promise<T> {
  const method = options.method ?? 'GET';
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-fourthwall-control': '1' }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (response.status === 401 && path !== '/api/session' && path !== '/api/me') window.dispatchEvent(new window.Event(signedOut));
  if (!response.ok) throw new ApiError(response.status, await problem(response));
  return (response.status === 204 ? null : await response.json()) as T;
}

async function problem(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  if (isRecord(body)) {
    const words = body['detail'] ?? body['title'] ?? body['reason'] ?? body['message'];
    if (typeof words === 'string') return words;
  }
  return `The gateway answered ${response.status} ${response.statusText}`.trim();
}

/** A list, whether the route answers it bare or as `{ items }`. */
function itemsOf<T>(body: unknown): readonly T[] {
  if (Array.isArray(body)) return body as readonly T[];
  return isRecord(body) && Array.isArray(body['items']) ? body['items'] as readonly T[] : [];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
