import type { HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Remember, Simulation } from '../../model/provider.ts';
import type { Chat } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { msisdn, phoneOf } from '../wire/msisdn.ts';
import { jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { report } from './event.ts';
import type { StoredMessage } from './event.ts';
import { bare, named, text } from './parts.ts';
import { keep, takes } from './send.ts';
import { enroute } from './status.ts';

const types = 'text|image|document|audio|video|sticker|location|contact|interactive/(?:buttons|list|product|multi-product|flow)';
const fields = ['from', 'to', 'messageId', 'type', 'content/**', 'callbackData', 'notifyUrl', 'urlOptions/**', 'entityId', 'applicationId', 'context/**', 'smsFailover/**'];
const known = fieldPaths([...fields, ...fields.map((path) => `messages/*/${path}`), 'messages', 'bulkId', 'tracking/**']);

/** WhatsApp messages; a template comes as a list of messages. https://www.infobip.com/docs/api/channels/whatsapp */
export const whatsapp: readonly JsonRoute[] = [
  { method: 'POST', path: new RegExp(`^/whatsapp/1/message/(?:${types})$`), operation: 'whatsapp.message', effects: (call) => effects(call, [asObject(call.body)]), answer: (call) => send(call, [asObject(call.body)]) },
  { method: 'POST', path: /^\/whatsapp\/1\/message\/template$/, operation: 'whatsapp.template', effects: (call) => effects(call, listOf(call)), answer: (call) => send(call, listOf(call)) },
];

function listOf({ body }: JsonCall): readonly (JsonObject | null)[] {
  return (asArray(field(asObject(body), 'messages')) ?? []).map(asObject);
}

function effects({ body, request }: JsonCall, messages: readonly (JsonObject | null)[]): readonly Chat[] | Unread {
  if (messages.length === 0) return unreadable('there are no messages');
  const single = !request.path.endsWith('/template');
  // Which of the two would be served cannot be told.
  if (single ? field(asObject(body), 'messages') !== undefined : field(asObject(body), 'to') !== undefined) return unreadable('there are messages, and a number beside them');
  const found: Chat[] = [];
  for (const message of messages) {
    const to = named(message, 'to');
    if (message === null || to === null || lookalike(Object.keys(message), ['to']) !== null) return unreadable('a message has no one readable to');
    found.push({
      channel: 'chat', provider: 'infobip', operation: single ? 'whatsapp.message' : 'whatsapp.template', liveness: 'unknown', recipients: [phoneOf(to, 'to')], from: named(message, 'from'), text: said(message), attachments: [],
      keys: (['messageId', 'callbackData'] as const).flatMap((name) => { const value = named(message, name); return value === null ? [] : [{ name, value }]; }),
    });
  }
  const others = strangers(unknownTexts(body, known), found.flatMap(({ recipients }) => recipients));
  return found.map((each) => ({ ...each, recipients: [...each.recipients, ...others] }));
}

/** The text of a text; whatever else it is, as it came. */
function said(message: JsonObject): string | null {
  const content = asObject(field(message, 'content'));
  return content === null ? null : text(content, 'text') ?? JSON.stringify(content);
}

async function send({ body, request, context }: JsonCallInContext, messages: readonly (JsonObject | null)[]): Promise<Simulation<HttpResponse>> {
  const single = !request.path.endsWith('/template');
  const bulkId = single ? null : named(asObject(body), 'bulkId') ?? context.uuid();
  const answers: unknown[] = [];
  const remember: Remember[] = [];
  const callbacks: CallbackDraft[] = [];
  for (const message of messages) {
    const to = named(message, 'to') ?? '';
    const stored: StoredMessage = {
      channel: 'whatsapp', version: 1, bulkId, messageId: named(message, 'messageId') ?? context.uuid(), to: bare(to), address: msisdn(to), from: named(message, 'from'), text: message === null ? null : said(message),
      sentAt: context.now, dueAt: context.now + takes, end: null, told: false, notifyUrl: named(message, 'notifyUrl'), contentType: null, callbackData: text(message, 'callbackData'),
    };
    answers.push({ to: bare(to), messageCount: 1, messageId: stored.messageId, status: enroute });
    if (remember.some(({ id }) => id === stored.messageId)) continue;
    remember.push(await keep(context, stored));
    callbacks.push(...report(stored, { name: 'DELIVERED', at: stored.dueAt, detail: null }));
  }
  return { reply: jsonReply(200, single ? answers[0] : { messages: answers, bulkId }), remember, callbacks };
}
