import type { HttpRequest } from '../../model/exchange.ts';
import type { Push } from '../../model/side-effect.ts';
import { content } from '../wire/content.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { dataKeys } from '../wire/push-data.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { one, routed } from './route.ts';

export interface Notification {
  readonly kind: 'notification';
  readonly push: Push;
  /** null: there is no body, which APNs refuses */
  readonly payload: JsonObject | null;
  /** bytes of the payload */
  readonly size: number;
}

/** https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns. Its body is JSON whatever the content type says: Apple's clients send none. */
export function readNotification(request: HttpRequest): Notification | Unread {
  const route = routed(request);
  if (route.kind === 'unreadable') return route;
  const body = content(request);
  if (body.kind === 'unreadable') return body;
  const json = body.bytes.length === 0 ? null : parseJson(body.bytes);
  if (json?.kind === 'unreadable') return json;
  const payload = json === null ? null : asObject(json.value);
  if (json !== null && payload === null) return unreadable('the payload is not a JSON object');
  const { aps: _aps, ...own } = payload ?? {};
  const alert = field(asObject(field(payload, 'aps')), 'alert');
  const keys = ['apns-id', 'apns-collapse-id'].flatMap((name) => one(request, name) === null ? [] : [{ name, value: one(request, name)! }]);
  return {
    kind: 'notification', payload, size: body.bytes.length,
    push: {
      channel: 'push', provider: 'apns', operation: route.operation, liveness: route.liveness, recipients: [route.recipient], keys: [...keys, ...dataKeys(own)],
      title: asString(field(asObject(alert), 'title')), text: asString(alert) ?? asString(field(asObject(alert), 'body')), data: Object.keys(own).length === 0 ? null : own,
    },
  };
}
