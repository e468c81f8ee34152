import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Push } from '../../model/side-effect.ts';
import type { JsonCall, JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { dataKeys } from '../wire/push-data.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fcmErrorReply } from './error.ts';
import { recipientsOf, targets } from './target.ts';

/** Google reads each field in two spellings (https://protobuf.dev/programming-guides/json/), never in another one, and refuses what it does not know. */
const ofCall = ['message', 'validate_only', 'validateOnly'];
const ofMessage = ['name', 'data', 'notification', 'android', 'webpush', 'apns', 'fcm_options', 'fcmOptions', 'token', 'topic', 'condition'];

/** https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send */
export const sendRoute: JsonRoute = {
  method: 'POST', path: /^\/v1\/projects\/([A-Za-z0-9][A-Za-z0-9.:_-]{0,99})\/messages:send$/, operation: 'messages.send',
  effects: (call) => {
    const read = readSend(call);
    return 'kind' in read ? read : [read.push];
  },
  answer: async (call): Promise<Simulation<HttpResponse>> => {
    const { context, ids: [project = ''] } = call;
    const read = readSend(call);
    if ('kind' in read) return { reply: fcmErrorReply(400, 'INVALID_ARGUMENT', read.why, 'INVALID_ARGUMENT') };
    const fault = faultOf(read.message);
    if (fault !== null) return { reply: fcmErrorReply(400, 'INVALID_ARGUMENT', fault, null) };
    const message = read.dryRun ? 'fake_message_id' : `0:${context.now}${context.id('', { length: 3, alphabet: 'digits' })}%${context.id('', { length: 16, alphabet: 'hex' })}`;
    return { reply: jsonReply(200, { name: `projects/${project}/messages/${message}` }) };
  },
};

interface Send { readonly push: Push; readonly message: JsonObject; readonly dryRun: boolean }

function readSend({ body }: JsonCall): Send | Unread {
  const call = asObject(body);
  const message = asObject(field(call, 'message'));
  if (call === null || message === null) return unreadable('the body has no message object');
  const odd = strange(call, ofCall) ?? strange(message, ofMessage);
  if (odd !== null) return unreadable(odd);
  const recipients = recipientsOf(message);
  if ('kind' in recipients) return recipients;
  // Only the boolean counts: "true" may or may not be taken for it, and then the message is real.
  const dryRun = (field(call, 'validate_only') ?? field(call, 'validateOnly')) === true;
  return { push: { ...contentOf(message), channel: 'push', provider: 'fcm', operation: 'messages.send', liveness: dryRun ? 'test' : 'unknown', recipients }, message, dryRun };
}

/** A field that FCM does not have, or one in both of its spellings. */
function strange(object: JsonObject, known: readonly string[]): string | null {
  const names = Object.keys(object);
  const odd = names.find((name) => !known.includes(name));
  if (odd !== undefined) return `'${odd.slice(0, 40)}' is no field that FCM has there`;
  const twice = names.find((name) => name.includes('_') && names.includes(name.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())));
  return twice === undefined ? null : `'${twice}' is given in both of its spellings`;
}

/** What is shown: the notification for all platforms, else the first platform's own. */
function contentOf(message: JsonObject): Pick<Push, 'title' | 'text' | 'data' | 'keys'> {
  const apns = asObject(field(asObject(field(message, 'apns')), 'payload'));
  const alert = field(asObject(field(apns, 'aps')), 'alert');
  const shown = [
    asObject(field(message, 'notification')), ...['android', 'webpush'].map((platform) => asObject(field(asObject(field(message, platform)), 'notification'))),
    typeof alert === 'string' ? { body: alert } : asObject(alert),
  ];
  const first = (name: string): string | null => shown.map((each) => asString(field(each, name))).find((text) => text !== null) ?? null;
  const options = asObject(field(message, 'fcm_options') ?? field(message, 'fcmOptions'));
  const label = asString(field(options, 'analytics_label') ?? field(options, 'analyticsLabel'));
  const data = field(message, 'data') ?? null;
  return { title: first('title'), text: first('body'), data, keys: [...label === null ? [] : [{ name: 'analytics_label', value: label }], ...dataKeys(data)] };
}

/** What FCM refuses of a message, as far as it is simple. Never that a token is wrong: applications delete it then. */
function faultOf(message: JsonObject): string | null {
  const [first, second] = targets.filter((name) => (field(message, name) ?? null) !== null);
  if (second !== undefined) return `Invalid value at 'message' (oneof), oneof field 'target' is already set. Cannot set '${second}' besides '${first}'`;
  const data = Object.entries(asObject(field(message, 'data')) ?? {}).findIndex(([, value]) => typeof value !== 'string');
  return data < 0 ? null : `Invalid value at 'message.data[${data}].value' (TYPE_STRING)`;
}
