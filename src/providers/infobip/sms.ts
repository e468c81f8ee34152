import type { Sms } from '../../model/side-effect.ts';
import type { JsonCall } from '../wire/json-api.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { phoneOf } from '../wire/msisdn.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { named, stringsOf, text } from './parts.ts';

/** One message to one number, as every version of the API comes down to. */
export interface OneSms {
  readonly to: string;
  /** the caller's own */
  readonly messageId: string | null;
}

/** One message of a call. */
export interface SmsMessage {
  readonly destinations: readonly OneSms[];
  readonly from: string | null;
  readonly text: string | null;
  readonly notifyUrl: string | null;
  readonly contentType: string | null;
  readonly callbackData: string | null;
  readonly sendAt: string | null;
  readonly campaign: string | null;
}

export interface SmsCall {
  readonly kind: 'sms';
  readonly bulkId: string | null;
  readonly messages: readonly SmsMessage[];
  /** whether the answer says how many parts each message has */
  readonly counted: boolean;
}

const destination = ['to', 'messageId', 'networkId'].map((name) => `destinations/*/${name}`);
const ofV2 = [
  ...destination, 'to/**', 'from', 'text', 'flash', 'transliteration', 'language/**', 'notifyUrl', 'notifyContentType', 'callbackData', 'sendAt', 'validityPeriod', 'regional/**', 'deliveryTimeWindow/**', 'intermediateReport',
  'binary/**', 'urlOptions/**', 'entityId', 'applicationId', 'campaignReferenceId',
];
const known = {
  v2: fieldPaths([...ofV2, ...ofV2.map((path) => `messages/*/${path}`), 'bulkId', 'type', 'tracking/**', 'sendingSpeedLimit/**', 'conversionTracking/**', 'includeSmsCountInResponse', 'destinations', 'messages']),
  v3: fieldPaths([...[...destination, 'sender', 'content/**', 'options/**', 'webhooks/**', 'destinations'].map((path) => `messages/*/${path}`), 'messages', 'options/**']),
};

/** A body of any version; strict, for a message that is not understood may be to anybody. */
export function readSms({ body, request }: Pick<JsonCall, 'body' | 'request'>): SmsCall | Unread {
  const object = asObject(body);
  if (object === null) return unreadable('the body is not a JSON object');
  const v3 = request.path.startsWith('/sms/3/');
  const list = field(object, 'messages');
  if (list !== undefined && (field(object, 'to') !== undefined || field(object, 'destinations') !== undefined)) return unreadable('there are messages, and a destination beside them');
  const odd = lookalike(Object.keys(object), ['messages', 'to', 'destinations']);
  if (odd !== null) return unreadable(`'${odd.slice(0, 40)}' is not spelt as Infobip spells it`);
  const given = list === undefined && !v3 ? [object] : asArray(list);
  if (given === null || given.length === 0) return unreadable('there are no messages');
  const messages: SmsMessage[] = [];
  for (const each of given) {
    const message = readMessage(asObject(each), v3);
    if ('kind' in message) return message;
    messages.push(message);
  }
  const options = asObject(field(object, 'options'));
  return {
    kind: 'sms', messages, bulkId: v3 ? named(asObject(field(options, 'schedule')), 'bulkId') : named(object, 'bulkId'),
    counted: field(v3 ? options : object, 'includeSmsCountInResponse') === true,
  };
}

function readMessage(message: JsonObject | null, v3: boolean): SmsMessage | Unread {
  if (message === null) return unreadable('a message is not a JSON object');
  const odd = lookalike(Object.keys(message), ['to', 'destinations']);
  if (odd !== null) return unreadable(`'${odd.slice(0, 40)}' is not spelt as Infobip spells it`);
  const destinations = destinationsOf(field(message, 'destinations'));
  const direct = v3 ? [] : stringsOf(field(message, 'to'));
  if (destinations === null || direct === null) return unreadable('a destination has no readable number');
  const all = [...destinations, ...direct.map((to): OneSms => ({ to, messageId: null }))];
  if (all.length === 0) return unreadable('a message has no destination');
  const [content, webhooks] = v3 ? [asObject(field(message, 'content')), asObject(field(message, 'webhooks'))] : [message, null];
  const [binary, delivery] = [v3 ? content : asObject(field(message, 'binary')), asObject(field(webhooks, 'delivery'))];
  return {
    destinations: all, from: named(message, v3 ? 'sender' : 'from'), text: text(content, 'text') ?? text(binary, 'hex'),
    notifyUrl: v3 ? named(delivery, 'url') : named(message, 'notifyUrl'), contentType: v3 ? named(webhooks, 'contentType') : named(message, 'notifyContentType'),
    callbackData: v3 ? text(webhooks, 'callbackData') : text(message, 'callbackData'), sendAt: named(message, 'sendAt'),
    campaign: v3 ? named(asObject(field(message, 'options')), 'campaignReferenceId') : named(message, 'campaignReferenceId'),
  };
}

function destinationsOf(value: JsonValue | undefined): readonly OneSms[] | null {
  if (value === undefined || value === null) return [];
  const all = (asArray(value) ?? [null]).map(asObject);
  const read = all.map((each) => ({ to: named(each, 'to'), messageId: named(each, 'messageId') }));
  const odd = all.some((each) => each === null || lookalike(Object.keys(each), ['to']) !== null);
  return odd || read.some(({ to }) => to === null) ? null : read.map(({ to, messageId }) => ({ to: to!, messageId }));
}

export function smsEffects(call: JsonCall): readonly Sms[] | Unread {
  const read = readSms(call);
  if (read.kind === 'unreadable') return read;
  const effects = read.messages.map((message): Sms => ({
    channel: 'sms', provider: 'infobip', operation: call.request.path.startsWith('/sms/3/') ? 'sms.messages' : 'sms.send', liveness: 'unknown',
    recipients: message.destinations.map(({ to }) => phoneOf(to, 'to')), keys: keysOf(read, message), from: message.from, text: message.text, media: [], template: null,
  }));
  const others = strangers(unknownTexts(call.body, known[call.request.path.startsWith('/sms/3/') ? 'v3' : 'v2']), effects.flatMap(({ recipients }) => recipients));
  return effects.map((effect) => ({ ...effect, recipients: [...effect.recipients, ...others] }));
}

export function keysOf({ bulkId }: Pick<SmsCall, 'bulkId'>, { destinations, callbackData, campaign }: Pick<SmsMessage, 'destinations' | 'callbackData' | 'campaign'>): Sms['keys'] {
  const given: readonly (readonly [string, string | null])[] = [['bulkId', bulkId], ...destinations.map(({ messageId }) => ['messageId', messageId] as const), ['callbackData', callbackData], ['campaignReferenceId', campaign]];
  return given.flatMap(([name, value]) => value === null ? [] : [{ name, value }]);
}
