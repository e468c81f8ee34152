import type { SideEffect } from '../../model/side-effect.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { endpointName, items, named, push, text, topicName } from './parts.ts';

/** Publish: to one phone number, one device or a topic's subscribers, whoever they are. */
export function publishEffects(input: JsonObject): readonly SideEffect[] | Unread {
  const targets = ['PhoneNumber', 'TopicArn', 'TargetArn'].filter((name) => named(input, name) !== null);
  if (targets.length !== 1) return unreadable('there is not exactly one of PhoneNumber, TopicArn and TargetArn');
  const phone = named(input, 'PhoneNumber');
  if (phone !== null) return [sms(input, phone)];
  const arn = named(input, 'TopicArn') ?? named(input, 'TargetArn') ?? '';
  if (targets[0] === 'TargetArn' && endpointName(arn) !== null) return [toDevice(input, arn)];
  return topicName(arn) === null ? unreadable('the ARN is none of a topic or a platform endpoint') : [toTopic('Publish', input, arn)];
}

/** One effect for each entry. */
export function batchEffects(input: JsonObject): readonly SideEffect[] | Unread {
  const arn = named(input, 'TopicArn') ?? '';
  const entries = items(field(input, 'PublishBatchRequestEntries'));
  if (topicName(arn) === null) return unreadable('TopicArn is none of a topic');
  return entries.length === 0 ? unreadable('it has no entries') : entries.map((entry) => toTopic('PublishBatch', entry ?? {}, arn));
}

function sms(input: JsonObject, phone: string): SideEffect {
  return {
    channel: 'sms', provider: 'sns', operation: 'Publish', liveness: 'unknown', recipients: [{ address: phone, kind: 'phone', role: 'to' }], keys: keysOf(input),
    from: attributeOf(input, 'AWS.SNS.SMS.SenderID') ?? attributeOf(input, 'AWS.MM.SMS.OriginationNumber'), text: textFor(input, ['sms']), media: [], template: null,
  };
}

function toDevice(input: JsonObject, arn: string): SideEffect {
  const said = textFor(input, [endpointName(arn)?.platform ?? '']);
  const payload = text(input, 'MessageStructure') === 'json' ? objectIn(said) : null;
  const shown = payload === null ? null : notificationIn(payload);
  return push('Publish', {
    recipients: [{ address: arn, kind: 'device', role: 'to' }], keys: keysOf(input),
    title: shown?.title ?? text(input, 'Subject'), text: payload === null ? said : shown?.body ?? null, data: payload,
  });
}

/** A topic fans out to mail, SMS, devices, queues and web servers; who they are is not in the call. */
function toTopic(operation: string, input: JsonObject, arn: string): SideEffect {
  return push(operation, {
    recipients: [{ address: arn, kind: 'audience', role: 'topic' }], keys: keysOf(input), title: text(input, 'Subject'), text: textFor(input, []),
    data: text(input, 'MessageStructure') === 'json' ? objectIn(text(input, 'Message')) : null,
  });
}

/** What a protocol gets: its own text of a structured message, else the default. Null: the message is none that SNS would take. */
export function textFor(input: JsonObject | null, protocols: readonly string[]): string | null {
  const message = text(input, 'Message');
  if (text(input, 'MessageStructure') !== 'json') return message;
  const texts = objectIn(message);
  return [...protocols, 'default'].map((name) => asString(field(texts, name))).find((each) => each !== null) ?? null;
}

function objectIn(json: string | null): JsonObject | null {
  const read = json === null ? null : parseJson(Buffer.from(json));
  return read?.kind === 'json' ? asObject(read.value) : null;
}

/** Apple's alert, Google's notification of both APIs. */
function notificationIn(payload: JsonObject): { readonly title: string | null; readonly body: string | null } {
  const alert = field(asObject(field(payload, 'aps')), 'alert');
  const google = asObject(field(asObject(field(asObject(field(payload, 'fcmV1Message')), 'message')), 'notification')) ?? asObject(field(payload, 'notification'));
  const shown = asObject(alert) ?? google;
  return { title: asString(field(shown, 'title')), body: asString(alert) ?? asString(field(shown, 'body')) };
}

export function attributesOf(input: JsonObject | null): readonly { readonly name: string; readonly type: string; readonly value: string }[] {
  return items(field(input, 'MessageAttributes')).map((each) => {
    const value = asObject(field(each, 'Value'));
    return { name: text(each, 'Name') ?? '', type: text(value, 'DataType') ?? 'String', value: text(value, 'StringValue') ?? text(value, 'BinaryValue') ?? '' };
  });
}

function attributeOf(input: JsonObject, name: string): string | null {
  return attributesOf(input).find((each) => each.name === name)?.value ?? null;
}

/** The caller's own attributes; those of AWS say how to send. */
function keysOf(input: JsonObject): SideEffect['keys'] {
  return attributesOf(input).filter(({ name, type }) => !/^AWS\./i.test(name) && !type.startsWith('Binary')).map(({ name, value }) => ({ name, value }));
}
