import type { Sms } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import type { Unread } from '../wire/unread.ts';
import { errorReply, notFound } from './error.ts';
import { messageCallbacks } from './events.ts';
import { asOf, iso, messageOf } from './message.ts';
import type { StoredMessage } from './message.ts';
import { peopleIn, text } from './people.ts';

/** Path under /v2/messages and what it is called in the SDK. */
const sends = {
  '': 'messages.send', '/long_code': 'messages.send_long_code', '/short_code': 'messages.send_short_code', '/number_pool': 'messages.send_number_pool',
  '/alphanumeric_sender_id': 'messages.send_with_alphanumeric_sender', '/group_mms': 'messages.send_group_mms', '/schedule': 'messages.schedule', '/whatsapp': 'messages.send_whatsapp',
} as const;

const item = /^\/v2\/messages\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const messageRoutes: readonly JsonRoute[] = [
  ...Object.entries(sends).map(([path, operation]): JsonRoute => ({
    method: 'POST', path: new RegExp(`^/v2/messages${path}$`), operation, effects: (call) => effects(call, operation), answer: (call) => create(call, operation),
  })),
  {
    method: 'GET', path: item, operation: 'messages.retrieve',
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('message', id);
      return { reply: known === null ? notFound() : jsonReply(200, { data: asOf(known.value as StoredMessage, context.now) }) };
    },
  },
  { method: 'DELETE', path: item, operation: 'messages.cancel_scheduled', effects: () => [{ ...blank, operation: 'messages.cancel_scheduled' }], answer: cancel },
];

const blank = { channel: 'sms', provider: 'telnyx', liveness: 'unknown', recipients: [], keys: [], from: null, text: null, media: [], template: null } as const satisfies Omit<Sms, 'operation'>;

const known = fieldPaths([
  'to/**', 'from', 'text', 'subject', 'media_urls/**', 'messaging_profile_id', 'webhook_url', 'webhook_failover_url', 'use_profile_webhooks', 'type', 'send_at', 'auto_detect', 'encoding', 'whatsapp_message/**',
]);

function effects({ body: value }: JsonCall, operation: string): readonly Sms[] | Unread {
  const people = peopleIn(value, 'to', { several: operation === 'messages.send_group_mms' });
  if (people.kind === 'unreadable') return people;
  const { body, recipients } = people;
  const whatsapp = asObject(field(body, 'whatsapp_message'));
  const template = asObject(field(whatsapp, 'template'));
  const name = asString(field(template, 'name'));
  return [{
    ...blank, operation, recipients: [...recipients, ...strangers(unknownTexts(body, known), recipients)],
    from: text(body, 'from') ?? text(body, 'messaging_profile_id'), text: text(body, 'text') ?? asString(field(asObject(field(whatsapp, 'text')), 'body')),
    media: (asArray(field(body, 'media_urls')) ?? []).flatMap((url) => asString(url) ?? []),
    template: name === null ? null : { id: name, data: field(template, 'components') ?? null },
  }];
}

async function create({ body, context }: JsonCallInContext, operation: string): ReturnType<JsonRoute['answer']> {
  const stored = messageOf(asObject(body) ?? {}, operation, context);
  return {
    reply: jsonReply(200, { data: stored.message }),
    remember: [{ kind: 'message', id: stored.message.id, expectVersion: 0, value: stored }],
    // None for a scheduled message: it may still be cancelled.
    callbacks: stored.startsAt > context.now ? [] : messageCallbacks(context, stored),
  };
}

/** Only what is still more than a minute from leaving can be cancelled (the SDK's own words on cancelScheduled). */
async function cancel({ ids: [id = ''], context }: JsonCallInContext): ReturnType<JsonRoute['answer']> {
  const found = await context.recall('message', id);
  if (found === null) return { reply: notFound() };
  const stored = found.value as StoredMessage;
  if (stored.message.to.some(({ status }) => status !== 'scheduled') || stored.startsAt <= context.now + 60_000) {
    return { reply: errorReply(400, '10015', 'Bad Request', 'The message is not scheduled any more, so it cannot be cancelled.') };
  }
  const message = { ...stored.message, to: stored.message.to.map((each) => ({ ...each, status: 'cancelled' })), completed_at: iso(context.now) };
  return { reply: jsonReply(200, message), remember: [{ kind: 'message', id, expectVersion: found.version, value: { ...stored, message } satisfies StoredMessage }] };
}
