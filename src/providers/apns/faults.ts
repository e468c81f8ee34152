import type { HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import type { Notification } from './notification.ts';
import { one } from './route.ts';

const pushTypes = ['alert', 'background', 'location', 'voip', 'complication', 'fileprovider', 'mdm', 'liveactivity', 'pushtotalk', 'controls', 'widgets'];
export const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface Fault { readonly status: number; readonly reason: string }

/** What Apple says of a call by itself. Never that a device token is bad, unregistered or another app's: applications delete it then. */
export function faultOf(request: HttpRequest, { payload, size, push }: Notification): Fault | null {
  const type = one(request, 'apns-push-type');
  const priority = one(request, 'apns-priority');
  const expiration = one(request, 'apns-expiration');
  const id = one(request, 'apns-id');
  const limit = type === 'voip' || push.operation === 'broadcast.send' ? 5120 : 4096;
  const faults: readonly (readonly [boolean, number, string])[] = [
    [request.headers.some(([name]) => /^apns-/i.test(name) && headerAll(request.headers, name).length > 1), 400, 'DuplicateHeaders'],
    [payload === null, 400, 'PayloadEmpty'],
    [size > limit, 413, 'PayloadTooLarge'],
    [id !== null && !uuid.test(id), 400, 'BadMessageId'],
    [type !== null && !pushTypes.includes(type), 400, 'InvalidPushType'],
    [priority !== null && !['1', '5', '10'].includes(priority), 400, 'BadPriority'],
    [expiration !== null && !/^\d{1,15}$/.test(expiration), 400, 'BadExpirationDate'],
    [(one(request, 'apns-collapse-id') ?? '').length > 64, 400, 'BadCollapseId'],
    // A certificate may say the topic by itself, and is not seen here.
    [push.operation === 'device.send' && one(request, 'authorization') !== null && (one(request, 'apns-topic') ?? '') === '', 400, 'MissingTopic'],
  ];
  const found = faults.find(([wrong]) => wrong);
  return found === undefined ? null : { status: found[1], reason: found[2] };
}
