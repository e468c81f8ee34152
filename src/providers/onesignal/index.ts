import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { withoutKnownQuery } from '../wire/known-query.ts';
import { failure, notificationRoutes } from './notifications.ts';
import { peopleRoutes } from './people.ts';

const routes: readonly JsonRoute[] = [...notificationRoutes, ...peopleRoutes];

/** OneSignal. https://documentation.onesignal.com/reference. A test is an app of its own, which only its owner knows: liveness is unknown. */
export const onesignal = {
  name: 'onesignal',
  channels: ['push', 'email', 'sms'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'notifications by push, mail and text message, read back and cancelled, with idempotency keys; users, events and live activities are answered and not remembered; no segments, templates or devices are kept; its event webhooks are unsigned, made of free text in its dashboard, and not sent',
    verified: { sdk: '@onesignal/node-onesignal', version: '5.18.0', date: '2026-11-21' },
  },
  // of the second, which is its website too, only the older API
  hosts: [{ host: 'api.onesignal.com' }, { host: 'onesignal.com' }],

  /** `Key ...`, or the older `Basic ...`, as it stands */
  account: ({ headers }) => {
    const [credential, another] = headerAll(headers, 'authorization');
    return another === undefined ? credential ?? null : null;
  },

  decode: (request): Decoded => decodeCall('OneSignal', routesOf(request), plain(request)),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('OneSignal', routesOf(request), plain(request));
    return found.kind === 'unreadable' ? { reply: failure(404, [found.why]) } : found.route.answer({ ...found.call, context });
  },

  /** A 200 with `errors` would resolve, and may name players that are not subscribed, which applications delete. */
  reject(_request, { rule, reason, capture }) {
    return failure(403, [`${rule}: ${reason} (refused by the staging gateway, capture ${capture})`]);
  },
} as const satisfies HttpProvider;

function routesOf({ authority, path }: HttpRequest): readonly JsonRoute[] {
  return authority.host === 'api.onesignal.com' || path.startsWith('/api/v1/') ? routes : [];
}

/** `c` tells OneSignal's statistics which channel a message is for; a cancellation says its app here. */
function plain(request: HttpRequest): HttpRequest {
  if (request.method === 'POST') return withoutKnownQuery(request, { c: /^(?:push|email|sms)$/ });
  return request.method === 'DELETE' ? withoutKnownQuery(request, { app_id: /^[0-9A-Za-z-]{1,64}$/ }) : request;
}
