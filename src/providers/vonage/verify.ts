import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Verification } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { parametersOf } from '../wire/parameters.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths } from '../wire/unknown-fields.ts';
import { codeFor, mostAttempts } from './code.ts';
import type { StoredVerification } from './code.ts';
import { only, phoneIn, textOf, withStrangers } from './fields.ts';
import { apiKeyOf } from './sms.ts';

const known = fieldPaths(['number', 'brand', 'payee', 'amount', 'country', 'sender_id', 'code_length', 'lg', 'pin_expiry', 'next_event_wait', 'workflow_id', 'pin_code', 'api_key', 'api_secret', 'sig', 'timestamp']);

/** Verify v1: every answer is a 200 with a status. https://developer.vonage.com/en/api/verify */
export const verifyRoutes: readonly JsonRoute[] = (['POST', 'GET'] as const).flatMap((method): readonly JsonRoute[] => [
  { method, path: /^\/verify(?:\/psd2)?\/json$/, operation: 'verify.start', read: parametersOf, effects: startEffects, answer: start },
  { method, path: /^\/verify\/check\/json$/, operation: 'verify.check', read: parametersOf, effects: checkEffects, answer: check },
  { method, path: /^\/verify\/control\/json$/, operation: 'verify.control', read: parametersOf, effects: controlEffects, answer: control },
  { method, path: /^\/verify\/search\/json$/, operation: 'verify.search', read: only(['request_id']), answer: search },
]);

const text = (body: JsonValue, name: string): string | null => textOf(field(asObject(body), name));

function startEffects({ body }: JsonCall): readonly Verification[] | Unread {
  const fields = asObject(body) ?? {};
  const odd = lookalike(Object.keys(fields), ['number', 'country']);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Vonage spells it`);
  const number = text(fields, 'number');
  if (number === null) return unreadable('no number');
  const effect: Verification = {
    channel: 'verification', provider: 'vonage', operation: 'verify.start', liveness: 'unknown', keys: [], recipients: [phoneIn(number, text(fields, 'country'))],
    // Workflow 1, the usual one, is a text and then calls; 6 is the text alone, 3 the calls alone.
    by: ['3', '5'].includes(text(fields, 'workflow_id') ?? '') ? 'call' : 'sms', code: codeOf(fields, number),
  };
  return [withStrangers(effect, fields, known)];
}

function silent(operation: string, code: string | null, recipients: readonly Addressee[] = []): Verification {
  return { channel: 'verification', provider: 'vonage', operation, liveness: 'unknown', recipients, keys: [], by: null, code };
}

function codeOf(fields: JsonObject, number: string): string {
  return text(fields, 'pin_code') ?? codeFor(text(fields, 'brand') ?? text(fields, 'payee') ?? '', number, text(fields, 'code_length') === '6' ? 6 : 4);
}

async function start({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const fields = asObject(body) ?? {};
  const number = text(fields, 'number') ?? '';
  const missing = text(fields, 'brand') === null && text(fields, 'payee') === null;
  if (missing) return { reply: jsonReply(200, { status: '2', error_text: 'Your request is incomplete and missing the mandatory parameter `brand`' }) };
  const value: StoredVerification = { id: context.id('', { length: 32, alphabet: 'hex' }), to: number, code: codeOf(fields, number), status: 'running', attempts: 0, at: context.now };
  return { reply: jsonReply(200, { request_id: value.id, status: '0' }), remember: [{ kind: 'verify', id: value.id, expectVersion: 0, value }] };
}

async function check(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  return withRunning(call, async (stored, version) => {
    const keep = (value: StoredVerification): Simulation<HttpResponse>['remember'] => [{ kind: 'verify', id: stored.id, expectVersion: version, value }];
    if (text(call.body, 'code') === stored.code) {
      const reply = jsonReply(200, { request_id: stored.id, status: '0', event_id: call.context.uuid(), price: '0.10000000', currency: 'EUR', estimated_price_messages_sent: '0.03330000' });
      return { reply, remember: keep({ ...stored, status: 'done' }) };
    }
    const attempts = stored.attempts + 1;
    const over = attempts >= mostAttempts;
    const error = over ? 'The wrong code was provided too many times. Workflow terminated' : 'The code inserted does not match the expected value';
    return { reply: jsonReply(200, { request_id: stored.id, status: over ? '17' : '16', error_text: error }), remember: keep({ ...stored, attempts, status: over ? 'failed' : 'running' }) };
  });
}

function checkEffects({ body }: JsonCall): readonly Verification[] | Unread {
  const code = text(body, 'code');
  return code === null || text(body, 'request_id') === null ? unreadable('no request_id or no code') : [silent('verify.check', code)];
}

/** The next step of a verification is another text or call to whoever it was begun for. */
function controlEffects({ body }: JsonCall): readonly Verification[] | Unread {
  const id = text(body, 'request_id');
  const command = text(body, 'cmd');
  if (id === null || (command !== 'cancel' && command !== 'trigger_next_event')) return unreadable('no request_id, or a cmd that is not simulated');
  return [silent('verify.control', null, command === 'cancel' ? [] : [{ address: `verification ${id.slice(0, 40)}`, kind: 'audience', role: 'verification' }])];
}

async function control(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  return withRunning(call, async (stored, version) => {
    const command = text(call.body, 'cmd');
    const reply = jsonReply(200, { status: '0', command });
    return command === 'cancel' ? { reply, remember: [{ kind: 'verify', id: stored.id, expectVersion: version, value: { ...stored, status: 'cancelled' } satisfies StoredVerification }] } : { reply };
  });
}

const shownStatus = { running: 'IN PROGRESS', done: 'SUCCESS', cancelled: 'CANCELLED', failed: 'FAILED' } as const;

async function search({ body, request, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const id = text(body, 'request_id') ?? '';
  const stored = (await context.recall('verify', id))?.value as StoredVerification | null | undefined;
  if (stored === null || stored === undefined) return { reply: jsonReply(200, { status: '101', error_text: 'No response found' }) };
  const time = new Date(stored.at).toISOString().slice(0, 19).replace('T', ' ');
  return {
    reply: jsonReply(200, {
      request_id: id, account_id: apiKeyOf(request) ?? '', number: stored.to, sender_id: 'verify', date_submitted: time, date_finalized: stored.status === 'running' ? '' : time, checks: [],
      first_event_date: time, last_event_date: time, price: '0.10000000', currency: 'EUR', status: shownStatus[stored.status], estimated_price_messages_sent: '0.03330000', events: [],
    }),
  };
}

async function withRunning({ body, context }: JsonCallInContext, answer: (stored: StoredVerification, version: number) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const id = text(body, 'request_id') ?? '';
  const found = await context.recall('verify', id);
  const stored = found?.value as StoredVerification | null | undefined;
  if (found === null || stored === null || stored === undefined || stored.status !== 'running') {
    return { reply: jsonReply(200, { request_id: id, status: '6', error_text: `The Vonage platform was unable to process this message for the following reason: Request '${id}' was not found or it has been verified already.` }) };
  }
  return answer(stored, found.version);
}
