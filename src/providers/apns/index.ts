import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import { claimsOf } from '../wire/oauth.ts';
import { asString, field } from '../wire/json.ts';
import { emptyReply } from '../wire/reply.ts';
import { apnsError } from './error.ts';
import { faultOf, uuid } from './faults.ts';
import { readNotification } from './notification.ts';
import { one } from './route.ts';

/** Ports that Apple serves beside 443: 2197 for notifications, 2195 and 2196 for channels (and, until 2021, its binary protocol). */
const ports = [2195, 2196, 2197];

/** Apple Push Notification service, over HTTP/2. https://developer.apple.com/documentation/usernotifications/setting-up-a-remote-notification-server */
export const apns = {
  name: 'apns',
  channels: ['push'],
  about: {
    operations: ['device.send', 'broadcast.send'],
    fidelity: 'notifications to devices and to broadcast channels, on ports 443 and 2197, with what Apple says of headers and sizes; no tokens are checked, so that none is lost; channels cannot be managed; Apple tells nobody of deliveries, so there are no events',
    verified: { sdk: '@parse/node-apn', version: '8.1.0', date: '2026-11-21' },
  },
  // whatever else stands below push.apple.com is Apple's too, and refused
  hosts: ['api.push.apple.com', 'api.sandbox.push.apple.com', 'api.development.push.apple.com', '*.push.apple.com', '*.sandbox.push.apple.com'].map((host) => ({ host, ports })),

  /** The team, which stays the same while its tokens change by the hour. A caller with a client certificate has none. */
  account(request) {
    const token = bearer(request.headers);
    return token === null ? null : asString(field(claimsOf(token), 'iss')) ?? token;
  },

  decode(request): Decoded {
    const read = readNotification(request);
    return read.kind === 'unreadable' ? { kind: 'unrecognized', why: `APNs: ${read.why}` } : { kind: 'effects', effects: [read.push] };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const read = readNotification(request);
    if (read.kind === 'unreadable') return { reply: apnsError(404, 'BadPath') };
    const { operation, liveness } = read.push;
    // A broadcast is told apart by an id of its own.
    const name = operation === 'device.send' ? 'apns-id' : 'apns-request-id';
    const own = one(request, name);
    const id = own !== null && uuid.test(own) ? own : context.uuid().toUpperCase();
    const fault = faultOf(request, read);
    if (fault !== null) return { reply: apnsError(fault.status, fault.reason, [[name, id]]) };
    return { reply: emptyReply(200, [[name, id], ...(liveness === 'test' ? [['apns-unique-id', context.uuid()] as const] : [])]) };
  },

  /** 403: applications delete a token on 410 and on 400 BadDeviceToken, and nobody retries it but for the very reason ExpiredProviderToken. */
  reject(_request, { rule, reason, capture }) {
    return apnsError(403, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },
} as const satisfies HttpProvider;
