import { createHmac } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, Delivery, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import { msisdn } from '../wire/msisdn.ts';
import type { StoredMessage } from './messages.ts';

/** https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#statuses-object */
export const events = ['sent', 'delivered', 'read', 'failed'] as const;
type Status = (typeof events)[number];

/** ms after the answer at which each is told of a message that arrives by itself; being read is somebody's own doing */
const progress = { sent: 1000, delivered: 2000 };

export function statusCallbacks(context: SimulationContext, stored: StoredMessage): readonly CallbackDraft[] {
  return [told(stored, 'sent', context.now + progress.sent, null), told(stored, 'delivered', context.now + progress.delivered, null)];
}

/** The webhook is the application's own, set in Meta's dashboard: no call names it. */
function told({ id, phone, to, category, data }: StoredMessage, status: Status, at: number, detail: string | null): CallbackDraft {
  const value = {
    messaging_product: 'whatsapp', metadata: { display_phone_number: '15550100000', phone_number_id: phone },
    statuses: [{
      id, status, timestamp: String(Math.floor(at / 1000)), recipient_id: to,
      ...(status === 'sent' || status === 'delivered' ? {
        conversation: { id: createHmac('sha256', phone).update(to).digest('hex').slice(0, 32), ...(status === 'sent' ? { expiration_timestamp: String(Math.floor(at / 1000) + 86_400) } : {}), origin: { type: category } },
        pricing: { billable: true, pricing_model: 'PMP', category, type: 'regular' },
      } : {}),
      ...(status === 'failed' ? { errors: [failure(detail)] } : {}),
      ...(data === null ? {} : { biz_opaque_callback_data: data }),
    }],
  };
  return {
    target: 'whatsapp', object: id, event: status, notBeforeMs: at, method: 'POST', headers: [['User-Agent', 'facebookexternalua']],
    body: JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '0', changes: [{ value, field: 'messages' }] }] }), contentType: 'application/json',
  };
}

/** A code of Meta's own, or words for the usual one: 131026, a message that cannot be delivered. */
function failure(detail: string | null): object {
  const code = detail !== null && /^[0-9]{3,6}$/.test(detail) ? Number(detail) : 131026;
  const title = code === 131026 ? 'Message undeliverable' : `Error ${code}`;
  return {
    code, title, message: title, error_data: { details: detail === null || /^[0-9]{3,6}$/.test(detail) ? 'Message Undeliverable.' : detail },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  };
}

export async function later({ name, recipient, detail }: LaterEvent, { reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const status = events.find((each) => each === name);
  const json = reply.status === 200 ? parseJson(reply.body) : null;
  const id = json?.kind === 'json' ? asString(field(asObject((asArray(field(asObject(json.value), 'messages')) ?? [])[0]), 'id')) : null;
  const known = id === null ? null : await context.recall('message', id);
  if (status === undefined || known === null) return {};
  const stored = known.value as StoredMessage;
  const itself = recipient === null || [stored.input.trim(), msisdn(stored.input), `group ${stored.input.trim()}`].includes(recipient);
  return itself ? { callbacks: [told(stored, status, context.now, detail)] } : {};
}

/** HMAC-SHA256 of the body with the app's secret. https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (secret === '' || secret.startsWith('EAA')) throw new Error("Meta signs with the app's secret, as the basic settings of the app show it; an access token is none");
  const signature = createHmac('sha256', secret).update(delivery.body).digest('hex');
  return { ...delivery, headers: [...delivery.headers.filter(([name]) => name.toLowerCase() !== 'x-hub-signature-256'), ['X-Hub-Signature-256', `sha256=${signature}`]] };
}
