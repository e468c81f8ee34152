import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import { accountOf, keysOf } from './credential.ts';
import { invalid, notSimulated, StripeFailure, unknownUrl } from './errors.ts';
import { expand } from './expand.ts';
import { indexes, inVersion, operationNamed, versions } from './families.ts';
import { idempotency } from './idempotency.ts';
import type { Answer } from './operation.ts';
import { defaultVersion, failureBody, stripeReply } from './reply.ts';
import type { ReplyFacts } from './reply.ts';
import { readCall } from './request.ts';
import type { StripeCall } from './request.ts';
import { adoptionsFor } from './seeds.ts';
import { openWork } from './work.ts';

/** The answer of Stripe to a captured call. Order: route, credential, version, saved result, validation, effects, expansion. */
export async function simulate(request: HttpRequest, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  const requestId = context.id('req_', { length: 14, alphabet: 'base62' });
  try {
    const read = readCall(request);
    if (read.kind === 'no-route') throw unknownUrl(request.method, request.path);
    if (read.kind === 'unreadable') throw invalid(`Invalid request: ${read.why}`);
    return await answered(request, read.call, context, requestId);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return { reply: stripeReply(request, error.status, failureBody(request.path, error.fields), { requestId }) };
  }
}

async function answered(request: HttpRequest, call: StripeCall, context: SimulationContext, requestId: string): Promise<Simulation<HttpResponse>> {
  requireKey(request, call);
  const version = requireVersion(request);
  const key = header(request.headers, 'idempotency-key');
  const operation = operationNamed(call.route.operation);
  if (operation === null) throw notSimulated(`${call.route.method} ${call.route.pattern} (${call.route.operation})`);
  const repeated = await idempotency(call, key, context);
  if (repeated?.replay) {
    const { status, body, request: originalRequest } = repeated.replay;
    return { reply: stripeReply(request, status, body, { requestId, originalRequest, replayed: true }) };
  }
  const begun = operation(call.params);
  const work = openWork({
    context, indexes, versions, adoptions: adoptionsFor(call), ids: call.ids, uploads: call.uploads, version, account: ownAccount(request), connected: header(request.headers, 'stripe-account') !== null, request: { id: requestId, idempotencyKey: repeated === null ? null : key },
  });
  const facts: ReplyFacts = repeated === null ? { requestId } : { requestId, originalRequest: requestId };
  try {
    const answer = await begun.run(work);
    const shown: Answer = { status: answer.status, body: answer.status === 200 ? await expand(inVersion(answer.body, version), begun.expand, work) : answer.body };
    const { remember, callbacks } = work.finish();
    return {
      reply: stripeReply(request, shown.status, shown.body, facts),
      remember: repeated === null ? remember : [...remember, repeated.saved(shown, requestId)],
      callbacks,
    };
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    // begun and refused: nothing changed, but the result is the key's from now on
    const body = failureBody(request.path, error.fields);
    return {
      reply: stripeReply(request, error.status, body, facts),
      ...(repeated === null ? {} : { remember: [repeated.saved({ status: error.status, body }, requestId)] }),
    };
  }
}

function requireKey(request: HttpRequest, call: StripeCall): void {
  if (keysOf(request, call.params).length > 0) return;
  throw new StripeFailure(401, {
    type: 'invalid_request_error',
    message: "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
  });
}

function requireVersion(request: HttpRequest): string {
  const version = header(request.headers, 'stripe-version') ?? defaultVersion;
  if (/^\d{4}-\d{2}-\d{2}(?:[.;].*)?$/.test(version)) return version;
  throw invalid(`Invalid Stripe API version: ${version}. You can view your current API version from within the API keys page of your Dashboard: https://dashboard.stripe.com/account/apikeys`);
}

/** The connected account that is acted for, or one made from the key: 'acct_1' and 15 characters. */
function ownAccount(request: HttpRequest): string {
  return header(request.headers, 'stripe-account')
    ?? `acct_1${createHash('sha256').update(`account ${accountOf(request) ?? ''}`).digest('base64').replaceAll(/[+/=]/g, '').slice(0, 15)}`;
}
