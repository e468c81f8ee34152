import type { Bytes } from '../model/bytes.ts';
import type { CaptureDraft, Outcome } from '../model/capture.ts';
import type { ForwardPlan } from '../model/decision.ts';
import { header } from '../model/exchange.ts';
import type { HttpRequest, HttpResponse } from '../model/exchange.ts';
import type { Gateway, PassingReply, PassingRequest } from '../model/gateway.ts';
import { isConnectionField, isOwnField, withHeader } from '../model/headers.ts';
import { redact } from '../store/redaction.ts';
import type { Call, House } from './call.ts';
import { failureOf } from './forward-failure.ts';
import type { StreamedReply } from './network-stream.ts';
import { beginningLimit, createMeter, openBody } from './passing-body.ts';
import type { Meter, OpenedBody } from './passing-body.ts';
import { problem, tellable } from './refusal.ts';
import { stamped } from './stamp.ts';

type Passage = NonNullable<Awaited<ReturnType<Gateway['pass']>>>;

/** What is kept of a longer body: a secret that begins in here is seen whole before it is cut (redaction reads `beginningLimit`). */
const kept = beginningLimit - 4 * 1024;
/** how long the record of the intent waits for the beginning of the body, in ms */
const patience = 100;

/**
 * Passes a call on without holding it. The intent is committed first, with the beginning of the body; what passed, with its
 * hash, is written with the outcome, before the client hears the end of the answer. Both bodies go as fast as their reader
 * takes them. Whoever breaks off, the other side sees a break too, never an end.
 */
export async function passCall(house: Pick<House, 'store' | 'network' | 'key' | 'limits' | 'logger' | 'lost'>, call: Call<HttpResponse> & { readonly request: HttpRequest }, draft: CaptureDraft, incoming: PassingRequest): Promise<Passage> {
  const sent = createMeter();
  const received = createMeter();
  const attempt = new AbortController();
  const leave = (): void => attempt.abort(new Error('the client is gone'));
  let body: OpenedBody | null = null;
  let bodyEnded = incoming.body === null;
  let broken: unknown = null;
  try {
    body = incoming.body === null ? null : await openBody(incoming.body, patience);
  } catch (error) {
    broken = error;
  }
  try {
    const arrived = createMeter();
    for (const chunk of body?.first ?? []) arrived.take(chunk);
    await house.store.record({ draft: redacted(house, requestAs(draft, call.request, arrived, incoming.body !== null), null), remember: [], callbacks: [] });
  } catch (error) {
    house.lost();
    house.logger.error({ err: error, target: call.target }, 'not recorded, so refused');
    await body?.rest().return(undefined);
    return { kind: 'answered', answer: stamped({ reply: call.voice.unavailable(tellable(error)), capture: null, action: 'reject' }) };
  }
  if (broken !== null) return answer('failed', problem(400, 'Not received', refusal(`the body of the call broke off: ${messageOf(broken)}`)));

  let clock = setTimeout(() => attempt.abort(new Error(`nothing moved for ${house.limits.requestTimeout} ms`)), house.limits.requestTimeout);
  const moved = (): void => void clock.refresh();
  incoming.signal.addEventListener('abort', leave);
  if (incoming.signal.aborted) leave();
  const over = (): void => {
    clearTimeout(clock);
    incoming.signal.removeEventListener('abort', leave);
    // an answer that came before the end of the request: nobody reads on
    attempt.abort(new Error('the call is over'));
  };
  try {
    return passing(await house.network.stream(outgoing(call.request, draft.id), body === null ? null : upload(body), attempt.signal, planOf(draft)));
  } catch (error) {
    const gone = attempt.signal.aborted;
    over();
    house.logger.warn({ err: error, capture: draft.id, host: call.request.authority.host }, 'a forward failed');
    const failure = failureOf(call.request.authority, gone ? attempt.signal.reason : error);
    return answer(requestIsWhole() && (gone || failure.reached) ? 'unknown' : 'failed', problem(failure.timeout ? 504 : 502, 'Forward failed', refusal(failure.reason)));
  }

  async function* upload(opened: OpenedBody): AsyncGenerator<Bytes> {
    for (const chunk of opened.first) yield passed(chunk);
    for await (const chunk of opened.rest()) yield passed(chunk);
    bodyEnded = true;
  }

  function passed(chunk: Bytes): Bytes {
    sent.take(chunk);
    moved();
    return chunk;
  }

  function passing(upstream: StreamedReply): Passage {
    const head = { ...upstream.head, headers: endToEnd(upstream.head) };
    clearTimeout(clock);
    clock = setTimeout(() => attempt.abort(new Error(`nothing moved for ${house.limits.idleTimeout} ms`)), house.limits.idleTimeout);
    const length = Number(header(upstream.head.headers, 'content-length') ?? NaN);
    async function* download(): AsyncGenerator<Bytes> {
      let whole = false;
      let last: Bytes | null = null;
      const ended = async (): Promise<void> => {
        over();
        await settle(whole ? 'forwarded' : 'failed', { ...head, trailers: whole ? upstream.trailers() : [], body: received.beginning(), streamed: received.streamed(whole) });
      };
      try {
        for await (const chunk of upstream.body) {
          received.take(chunk);
          moved();
          // a client that was told the length knows with this one that it has all
          if (received.size() === length) last = chunk;
          else yield chunk;
        }
        whole = true;
      } finally {
        await ended();
      }
      if (last !== null) yield last;
    }
    const reply: PassingReply = {
      head: stamped({ reply: head, capture: draft.id, action: 'forward' }).reply,
      body: download(),
      trailers: () => upstream.trailers(),
    };
    return { kind: 'passing', reply };
  }

  function requestIsWhole(): boolean {
    const length = header(call.request.headers, 'content-length');
    return bodyEnded || (length !== null && sent.size() === Number(length));
  }

  /** As `recordOutcome` does: the call has been made, so its answer goes to the caller; what could not be written stays 'pending', and no verdict passes over it. */
  async function settle(outcome: Outcome, reply: HttpResponse): Promise<void> {
    const whole = requestIsWhole();
    const request = { ...call.request, trailers: bodyEnded ? incoming.trailers() : [], body: sent.beginning(), ...(incoming.body === null ? {} : { streamed: sent.streamed(whole) }) };
    const cut = redacted(house, { ...draft, request }, reply);
    if (cut.request.kind !== 'http') return;
    try {
      await house.store.outcome(draft.id, outcome, cut.reply, { request: cut.request, redactions: cut.redactions });
    } catch (error) {
      house.lost();
      house.logger.error({ err: error, capture: draft.id, outcome }, 'the outcome of a forward could not be recorded');
    }
  }

  async function answer(outcome: Outcome, reply: HttpResponse): Promise<Passage> {
    await body?.rest().return(undefined);
    await settle(outcome, reply);
    return { kind: 'answered', answer: stamped({ reply, capture: draft.id, action: 'forward' }) };
  }

  function refusal(reason: string): { readonly rule: string; readonly capture: string; readonly reason: string } {
    return { rule: draft.decision.rule, capture: draft.id, reason };
  }
}

function planOf({ decision }: CaptureDraft): Pick<ForwardPlan, 'internal'> {
  return { internal: decision.action === 'forward' && decision.plan.internal };
}

/** Without what belongs to one connection, and with the name of its capture. */
function outgoing(request: HttpRequest, capture: string): HttpRequest {
  return { ...request, headers: withHeader(request.headers.filter(([name]) => !isConnectionField(name) && !isOwnField(name)), ['X-Fourthwall-Capture', capture]) };
}

/** Also what the answer's own Connection field names belongs to that connection only (RFC 9110 §7.6.1). */
function endToEnd({ headers }: HttpResponse): HttpResponse['headers'] {
  const named = new Set(headers.filter(([name]) => name.toLowerCase() === 'connection').flatMap(([, value]) => value.split(',').map((token) => token.trim().toLowerCase())));
  return headers.filter(([name]) => !isConnectionField(name) && !isOwnField(name) && !named.has(name.toLowerCase()));
}

function requestAs(draft: CaptureDraft, request: HttpRequest, arrived: Meter, hasBody: boolean): CaptureDraft {
  return { ...draft, outcome: 'pending', request: { ...request, body: arrived.beginning(), ...(hasBody ? { streamed: { size: null, sha256: null, whole: false } } : {}) } };
}

/** As `record` does for what is held: secrets are cut first; then the end of a beginning goes, where half a secret may stand. */
function redacted(house: Pick<House, 'key'>, draft: CaptureDraft, reply: HttpResponse | null): CaptureDraft {
  const cut = redact({ ...draft, reply }, house.key);
  return {
    ...cut,
    request: cut.request.kind === 'http' ? shortened(cut.request) : cut.request,
    reply: cut.reply?.kind === 'http' ? shortened(cut.reply) : cut.reply,
  };
}

function shortened<T extends HttpRequest | HttpResponse>(message: T): T {
  return message.body.length < beginningLimit ? message : { ...message, body: message.body.subarray(0, kept) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
