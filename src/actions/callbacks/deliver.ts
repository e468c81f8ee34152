import type { Agent } from 'undici';
import type { CallbackResult, OutboxCallback } from '../../model/callback.ts';
import { newCaptureId } from '../../model/capture-id.ts';
import type { Capture, CaptureDraft } from '../../model/capture.ts';
import { header, type Headers, type HttpRequest, type HttpResponse } from '../../model/exchange.ts';
import { isOwnField } from '../../model/headers.ts';
import type { Delivery, HttpProvider, MailProvider } from '../../model/provider.ts';
import { redactCallback } from '../../store/redaction.ts';
import type { House } from '../call.ts';
import { failureOf } from '../forward-failure.ts';
import { record } from '../record.ts';
import { pauseAfter } from './schedule.ts';
import { requestOf, send } from './send.ts';
import { resolveTarget, type Webhooks } from './target.ts';

export interface Delivering {
  readonly house: House;
  readonly webhooks: Webhooks;
  readonly agent: Agent;
  readonly provider: (name: string) => HttpProvider | MailProvider | null;
}

/**
 * One attempt at a leased callback: resolve, sign, send, and then one commit { its own capture, what came of it }. A crash before that commit
 * leaves the lease to run out, and it is sent again: at least once, never lost.
 */
export async function deliver(delivering: Delivering, callback: OutboxCallback): Promise<void> {
  const { house, webhooks, agent } = delivering;
  const result: CallbackResult = {
    id: callback.id, instance: house.instance, attempt: callback.attempt, state: 'failed', notBeforeMs: null, url: null, status: null, error: null, delivery: null,
  };
  const resolved = resolveTarget(webhooks, callback);
  if (resolved.kind === 'nowhere') {
    await house.store.settleCallback({ ...result, state: 'skipped', error: resolved.why });
    return;
  }
  const parent = await house.store.capture(callback.capture);
  // gone since it was leased: deleted with its capture; else a payer chose when the capture was gone already
  if (parent === null && await house.store.callback(callback.id) === null) return;
  const at = house.now();
  const url = redactCallback(resolved.url.href);
  // Another vendor's secret says nothing to who receives this, and some vendors' "signature" is the secret itself.
  const foreign = resolved.name !== callback.provider && delivering.provider(resolved.name) !== null;
  const signed = signedBy(delivering, callback, resolved.url, foreign ? null : resolved.secret, at);
  if (signed.kind === 'unsigned') {
    // Trying again changes nothing: whoever corrects the secret sends it again by hand.
    await house.store.settleCallback({ ...result, url, error: signed.why });
    return;
  }
  const request = requestOf(signed.delivery);
  const reached = await attempt(agent, request);
  const status = reached.reply?.status ?? null;
  const delivered = status !== null && status >= 200 && status < 300;
  const pause = delivered ? null : pauseAfter(callback.attempt);
  const draft = draftOf(house, callback, parent, { at, request, reply: reached.reply, delivered });
  await record(house, draft, null, {
    ...result, url, status, delivery: draft.id,
    state: delivered ? 'delivered' : pause === null ? 'failed' : 'pending',
    notBeforeMs: pause === null ? null : house.now() + pause,
    error: delivered ? null : reached.error,
  });
}

type Signed = { readonly kind: 'signed'; readonly delivery: Delivery } | { readonly kind: 'unsigned'; readonly why: string };

function signedBy({ provider }: Delivering, callback: OutboxCallback, to: URL, secret: string | null, at: number): Signed {
  const plain = plainDelivery(callback, to);
  const sign = provider(callback.provider)?.sign;
  if (sign === undefined || secret === null) return { kind: 'signed', delivery: plain };
  try {
    const delivery = sign(plain, secret, at);
    return new URL(delivery.url).origin === to.origin ? { kind: 'signed', delivery }
      : { kind: 'unsigned', why: `the signature of ${callback.provider} would change where it goes` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'unsigned', why: `it could not be signed: ${why.replaceAll(secret, '***')}` };
  }
}

/** A GET carries its form in the query. Two fields of ours say what it is about: a receiver can tell a second delivery of one callback by them. */
function plainDelivery({ id, capture, method, headers, body, contentType }: OutboxCallback, to: URL): Delivery {
  const ours = [['X-Fourthwall-Capture', capture], ['X-Fourthwall-Callback', id]] as const;
  const url = new URL(to);
  url.hash = '';
  if (method === 'GET' && body !== '' && contentType.startsWith('application/x-www-form-urlencoded')) {
    url.search = url.search === '' ? body : `${url.search}&${body}`;
    return { method, url: url.href, headers: [...headers, ...ours], contentType, body: '' };
  }
  return { method, url: url.href, headers: [...headers, ...ours], contentType, body };
}

async function attempt(agent: Agent, request: HttpRequest): Promise<{ readonly reply: HttpResponse | null; readonly error: string | null }> {
  try {
    const reply = await send(agent, request);
    const { status } = reply;
    if (status < 300 || status > 399) return { reply, error: `it answered ${status}; 2xx counts as delivered` };
    return { reply, error: `it answered ${status} to ${shownLocation(reply.headers)}; a redirect is never followed` };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return { reply: null, error: `${request.authority.host}:${request.authority.port} gave no whole answer in time` };
    return { reply: null, error: failureOf(request.authority, error).reason };
  }
}

/** Without its query: an application that only turns http into https says all of our own address there, its secret too. */
function shownLocation(headers: Headers): string {
  const location = header(headers, 'location') ?? 'nowhere';
  return redactCallback(location.replace(/[?#].*$/s, '')).slice(0, 200);
}

/**
 * The delivery as a capture of its own. It is nothing that an application did and no forward: no rule decided it, gateway.yaml allows its target.
 */
function draftOf(house: House, callback: OutboxCallback, parent: Capture | null, { at, request, reply, delivered }: {
  readonly at: number; readonly request: HttpRequest; readonly reply: HttpResponse | null; readonly delivered: boolean;
}): CaptureDraft {
  const { space, service, run, trace, channels, keys } = parent ?? { space: null, service: 'unattributed', run: null, trace: null, channels: [], keys: [] };
  return {
    id: newCaptureId(at), at: new Date(at).toISOString(), instance: house.instance,
    origin: { space, service, run: null, trace, address: '', via: 'api' }, run,
    protocol: 'http', direction: 'callback', parent: callback.capture, provider: callback.provider, channels, request,
    reply: reply === null ? null : { ...reply, headers: reply.headers.filter(([name]) => !isOwnField(name)) },
    decoded: { kind: 'read', operation: `callback${callback.event === undefined ? '' : `.${callback.event}`}`, liveness: 'unknown' },
    decision: {
      action: 'capture', reply: null, rule: 'gateway:callback', reason: `a callback to a webhook of gateway.yaml, attempt ${callback.attempt}`,
      trace: [], reported: [], policy: { sha256: house.policy().sha256 }, fault: null,
    },
    outcome: delivered ? 'forwarded' : 'failed', keys, identities: [], findings: [], redactions: [], enrichment: 'done', account: null,
  };
}
