import type { HttpRequest } from '../../model/exchange.ts';
import { header, headerAll } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** The sandbox serves builds from Xcode alone; the token itself does not say where it belongs. */
const liveness: Readonly<Record<string, Liveness>> = {
  'api.push.apple.com': 'live', 'api.sandbox.push.apple.com': 'test', 'api.development.push.apple.com': 'test',
};

export interface Routed {
  readonly kind: 'routed';
  readonly operation: 'device.send' | 'broadcast.send';
  readonly liveness: Liveness;
  readonly recipient: Addressee;
}

/** Which call it is: one device, or everybody who follows a channel of an app. */
export function routed(request: HttpRequest): Routed | Unread {
  const { authority: { host }, method, path, query } = request;
  const where = Object.hasOwn(liveness, host) ? liveness[host]! : null;
  if (where === null) return unreadable(host.startsWith('api-manage-broadcast.') ? 'broadcast channels cannot be managed here' : `${host} is not simulated`);
  if (asksForAnotherMethod(request.headers)) return unreadable('a header asks for another method');
  if (query !== null && query !== '') return unreadable('the call carries a query');
  const device = /^\/3\/device\/([0-9A-Za-z]{1,512})$/.exec(path)?.[1];
  const bundle = /^\/4\/broadcasts\/apps\/([0-9A-Za-z][0-9A-Za-z.-]{0,254})$/.exec(path)?.[1];
  if (method !== 'POST' || (device === undefined && bundle === undefined)) return unreadable(`${method} on this path is not simulated; a notification is a POST to /3/device/TOKEN`);
  if (device !== undefined) return { kind: 'routed', operation: 'device.send', liveness: where, recipient: { address: device, kind: 'device', role: 'device' } };
  const [channel, another] = headerAll(request.headers, 'apns-channel-id');
  if (another !== undefined) return unreadable('apns-channel-id is given twice');
  return { kind: 'routed', operation: 'broadcast.send', liveness: where, recipient: { address: `channel ${channel ?? ''} of ${bundle}`, kind: 'audience', role: 'channel' } };
}

export function one(request: HttpRequest, name: string): string | null {
  return header(request.headers, name);
}
