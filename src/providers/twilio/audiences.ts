import type { Addressee } from '../../model/recipient.ts';
import type { Chat, SideEffect, Sms } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import { trimmed } from '../wire/trim.ts';
import type { Unread } from '../wire/unread.ts';
import { recipientKind } from './messages.ts';
import { one } from './route.ts';
import type { Parameters, Route } from './route.ts';
import { iso, wholeSecond } from './time.ts';

const conversation = /^\/v1\/(?:Services\/IS[0-9A-Za-z]+\/)?Conversations\/([0-9A-Za-z]+)\/Messages$/;

/** Calls whose readers are stored at Twilio: conversations, Notify identities, Studio flows. */
export const audienceRoutes: readonly Route[] = [
  {
    product: 'conversations', method: 'POST', path: conversation, operation: 'conversations.messages.create',
    effect: ({ fields, ids: [sid = ''] }): Chat => ({
      channel: 'chat', provider: 'twilio', operation: 'conversations.messages.create', liveness: 'unknown', keys: [], attachments: [],
      recipients: [audience(`conversation ${sid}`)], from: one(fields, 'Author'), text: one(fields, 'Body'),
    }),
    answer: async ({ fields, ids: [sid = ''], context, request }) => {
      const id = context.id('IM', { length: 32, alphabet: 'hex' });
      const now = iso(wholeSecond(context.now));
      const url = `https://conversations.twilio.com${request.path}/${id}`;
      return {
        reply: jsonReply(201, {
          sid: id, account_sid: null, conversation_sid: sid, index: 0, author: one(fields, 'Author') ?? 'system', body: one(fields, 'Body'), media: null,
          attributes: one(fields, 'Attributes') ?? '{}', participant_sid: null, date_created: now, date_updated: now, delivery: null,
          content_sid: one(fields, 'ContentSid'), url, links: { delivery_receipts: `${url}/Receipts`, channel_metadata: `${url}/ChannelMetadata` },
        }),
      };
    },
  },
  {
    product: 'notify', method: 'POST', path: /^\/v1\/Services\/(IS[0-9A-Za-z]+)\/Notifications$/, operation: 'notifications.create',
    lists: ['Identity', 'Tag', 'Segment', 'ToBinding'], telling: ['Identity', 'Tag', 'Segment', 'ToBinding'],
    effect: ({ fields }): Sms | Unread => {
      const recipients = ['Identity', 'Tag', 'Segment', 'ToBinding'].flatMap((name) => formAll(fields, name).map((value) => audience(`${name} ${value}`)));
      return recipients.length === 0 ? unreadable('names no identity, tag, segment or binding') : texts('notifications.create', fields, recipients);
    },
    answer: async ({ fields, ids: [service = ''], context }) => ({
      reply: jsonReply(201, {
        sid: context.id('NT', { length: 32, alphabet: 'hex' }), account_sid: null, service_sid: service, date_created: iso(wholeSecond(context.now)),
        identities: formAll(fields, 'Identity'), tags: formAll(fields, 'Tag'), segments: formAll(fields, 'Segment'), priority: one(fields, 'Priority') ?? 'high', ttl: 2419200,
        title: one(fields, 'Title'), body: one(fields, 'Body'), sound: null, action: null, data: null, apn: null, gcm: null, fcm: null, sms: null, facebook_messenger: null, alexa: null,
      }),
    }),
  },
  {
    product: 'studio', method: 'POST', path: /^\/v2\/Flows\/(FW[0-9A-Za-z]+)\/Executions$/, operation: 'flows.executions.create', telling: ['To'],
    effect: ({ fields, ids: [flow = ''] }): SideEffect | Unread => {
      const to = trimmed(one(fields, 'To') ?? '');
      // The flow decides whom else it calls or texts.
      return to === '' ? unreadable('no To')
        : texts('flows.executions.create', fields, [{ address: to, kind: recipientKind(to), role: 'to' }, audience(`flow ${flow}`)]);
    },
    answer: async ({ fields, ids: [flow = ''], context }) => {
      const sid = context.id('FN', { length: 32, alphabet: 'hex' });
      const now = iso(wholeSecond(context.now));
      const url = `https://studio.twilio.com/v2/Flows/${flow}/Executions/${sid}`;
      return {
        reply: jsonReply(201, {
          sid, account_sid: null, flow_sid: flow, flow_version: 1, contact_channel_address: one(fields, 'To'), contact_sid: context.id('FC', { length: 32, alphabet: 'hex' }),
          context: {}, status: 'active', date_created: now, date_updated: now, initiated_by: null, url, links: { steps: `${url}/Steps`, execution_context: `${url}/Context` },
        }),
      };
    },
  },
];

function audience(address: string): Addressee {
  return { address, kind: 'audience', role: 'audience' };
}

function texts(operation: string, fields: Parameters['fields'], recipients: readonly Addressee[]): Sms {
  return { channel: 'sms', provider: 'twilio', operation, liveness: 'unknown', recipients, keys: [], from: one(fields, 'From'), text: one(fields, 'Body'), media: [], template: null };
}
