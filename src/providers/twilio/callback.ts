import { formText } from '../wire/form.ts';
import type { CallbackDraft, SimulationContext } from '../../model/provider.ts';

/**
 * A status callback: a form POST to the URL the request named. X-Twilio-Signature needs the account's token and is added
 * when it is sent. https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 */
export function statusCallback(context: SimulationContext, draft: {
  readonly target: string;
  readonly object: string;
  readonly notBeforeMs: number;
  readonly method?: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}): CallbackDraft {
  return {
    target: draft.target,
    object: draft.object,
    notBeforeMs: draft.notBeforeMs,
    method: draft.method ?? 'POST',
    headers: [['User-Agent', 'TwilioProxy/1.1'], ['I-Twilio-Idempotency-Token', context.uuid()]],
    body: formText(draft.fields),
    contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
  };
}
