import type { HttpResponse } from '../../model/exchange.ts';
import type { Refusal } from '../../model/decision.ts';
import { jsonReply, textReply } from '../wire/reply.ts';

export function ok(value: Readonly<Record<string, unknown>> = {}): HttpResponse {
  return jsonReply(200, { ok: true, ...value });
}

/** The Web API says no in a 200: its libraries take anything else for a failure of transport and try again for half an hour. */
export function failed(error: string, more: Readonly<Record<string, unknown>> = {}): HttpResponse {
  return jsonReply(200, { ok: false, error, ...more });
}

/** Incoming webhooks answer in plain words. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors */
export function hookFailed(status: 400 | 403 | 404, error: string): HttpResponse {
  return textReply(status, error);
}

/** Libraries show `error` and log the messages. 'restricted_action' is Slack's word for what an administrator does not allow. */
export function refused(host: 'api' | 'hook' | 'trigger', { rule, reason, capture }: Refusal): HttpResponse {
  const why = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
  switch (host) {
    case 'hook': return hookFailed(403, `action_prohibited: ${why}`);
    case 'trigger': return jsonReply(403, { ok: false, error: `action_prohibited: ${why}` });
    case 'api': return failed(`restricted_action: ${why}`, { response_metadata: { messages: [`[ERROR] ${why}`] } });
  }
}
