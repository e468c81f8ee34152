import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { missing, noSuchResource } from './errors.ts';
import { operation } from './operation.ts';
import { verified } from './webhook.ts';

const asked = ['auth_algo', 'cert_url', 'transmission_id', 'transmission_sig', 'transmission_time', 'webhook_id'] as const;

export const notificationRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/v1\/notifications\/verify-webhook-signature$/, operation: 'notifications.verify-webhook-signature',
    run: async ({ body, ledger }) => {
      const absent = asked.find((name) => asString(field(body, name)) === null) ?? (asObject(field(body, 'webhook_event')) === null ? 'webhook_event' : undefined);
      if (absent !== undefined) throw missing(`/${absent}`);
      return { status: 200, body: { verification_status: await verified(body, ledger) ? 'SUCCESS' : 'FAILURE' } };
    },
  }),
  operation({
    method: 'GET', path: /^\/v1\/notifications\/webhooks-events\/(WH-[A-Z0-9]{1,20}-[A-Z0-9]{1,20})$/, operation: 'notifications.webhooks-events.get',
    run: async ({ ledger, call }) => {
      const event = await ledger.find<{ readonly body: string }>('event', call.ids[0]!);
      if (event === null) throw noSuchResource();
      return { status: 200, body: JSON.parse(event.body) as JsonObject };
    },
  }),
];
