import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { formText } from '../wire/form.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, SimulationContext } from '../../model/provider.ts';

/**
 * A status callback: a form to the URL the request named, by POST or GET. X-Twilio-Signature needs the account's token and is added
 * when it is sent. https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 */
export function statusCallback(context: SimulationContext, draft: {
  readonly target: string;
  readonly object: string;
  readonly event: string;
  readonly notBeforeMs: number;
  readonly method?: string | null;
  readonly fields: readonly (readonly [name: string, value: string])[];
}): CallbackDraft {
  return {
    target: draft.target,
    object: draft.object,
    event: draft.event,
    notBeforeMs: draft.notBeforeMs,
    method: draft.method?.toUpperCase() === 'GET' ? 'GET' : 'POST',
    headers: [['User-Agent', 'TwilioProxy/1.1'], ['I-Twilio-Idempotency-Token', context.uuid()]],
    body: formText(draft.fields),
    contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
  };
}

/** What the answer named the object it made; null where it made none. */
export function sidOf({ status, body }: HttpResponse): string | null {
  const json = status >= 300 ? null : parseJson(body);
  return json?.kind === 'json' ? asString(field(asObject(json.value), 'sid')) : null;
}

/** A code the vendor has for a failure, and words of whoever asked for it. */
export function failureOf(detail: string | null, usual: number): { readonly code: number; readonly message: string | null } {
  return detail !== null && /^\d{3,6}$/.test(detail) ? { code: Number(detail), message: null } : { code: usual, message: detail };
}
