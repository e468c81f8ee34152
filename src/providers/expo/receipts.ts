import type { Consequences, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { JsonCall } from '../wire/json-api.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export const mostIds = 1000;

/** What became of one push; Expo's own word is asked for by the id of its ticket. */
/** `device`: Expo's push token, which would be cut as a secret under that name */
export interface Kept { readonly device: string; readonly receipt: Receipt }
type Receipt = { readonly status: 'ok' } | { readonly status: 'error'; readonly message: string; readonly details: { readonly error: string } };

/** https://docs.expo.dev/push-notifications/sending-notifications/#individual-errors */
const errors: Readonly<Record<string, (token: string) => string>> = {
  DeviceNotRegistered: (token) => `"${token}" is not a registered push notification recipient`,
  MessageTooBig: () => 'The total notification payload was too large',
  MessageRateExceeded: () => 'You are sending messages too frequently to the given device',
  MismatchSenderId: () => 'There is an issue with your FCM push credentials',
  InvalidCredentials: () => 'Your push notification credentials for your standalone app are invalid',
};

/** 'ok' takes an error back. */
export const receiptEvents: readonly string[] = ['ok', ...Object.keys(errors)];

/** Nobody is told: the application finds it when it asks for the receipts. */
export async function later(event: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  if (decoded.kind !== 'effects') return {};
  const ids = ticketIds(reply);
  const known = await Promise.all(ids.map((id) => context.recall('receipt', id)));
  return {
    remember: known.flatMap((each): readonly Remember[] => {
      const kept = each?.value as Kept | undefined;
      if (each === null || kept === undefined || (event.recipient !== null && event.recipient !== kept.device)) return [];
      return [{ kind: 'receipt', id: each.id, expectVersion: each.version, value: { ...kept, receipt: receiptOf(event, kept.device) } satisfies Kept }];
    }),
  };
}

function receiptOf({ name, detail }: LaterEvent, token: string): Receipt {
  const message = Object.hasOwn(errors, name) ? errors[name]! : null;
  return message === null ? { status: 'ok' } : { status: 'error', message: detail ?? message(token), details: { error: name } };
}

/** The tickets of a reply as it was kept; none where it was not. */
function ticketIds({ body }: HttpResponse): readonly string[] {
  const json = parseJson(body);
  const data = json.kind === 'json' ? field(asObject(json.value), 'data') : undefined;
  return (asArray(data) ?? [data ?? null]).flatMap((ticket) => asString(field(asObject(ticket), 'id')) ?? []);
}

/** The one question that may be asked with a body: { ids: [...] }. */
export function readIds({ body }: JsonCall): readonly string[] | Unread {
  const object = asObject(body);
  const ids = asArray(field(object, 'ids'));
  if (object === null || Object.keys(object).join() !== 'ids' || ids === null) return unreadable('the body is not exactly { ids }');
  return ids.every((id) => typeof id === 'string') ? ids as readonly string[] : unreadable('an id is not a text');
}
