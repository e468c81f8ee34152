import type { Sms } from '../../model/side-effect.ts';
import { asString, field } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { misspelt } from './fields.ts';
import { mailjetReply } from './reply.ts';
import type { Parameters, Route } from './route.ts';

/** POST /v4/sms-send, with a token of its own. https://dev.mailjet.com/sms/reference/send-message/ */
export const smsRoutes: readonly Route[] = [{
  method: 'POST', path: /^\/v4\/sms-send$/, operation: 'sms-send', effects: smsOf,
  answer: async ({ body, context }) => {
    const text = asString(field(body, 'Text')) ?? '';
    const now = Math.floor(context.now / 1000);
    return {
      reply: mailjetReply(200, {
        From: asString(field(body, 'From')) ?? '', To: asString(field(body, 'To')) ?? '', Text: text, MessageId: context.uuid(), SMSCount: text.length <= 160 ? 1 : Math.ceil(text.length / 153),
        CreationTS: now, SentTS: now, Cost: { Value: 0.0012, Currency: 'EUR' }, Status: { Code: 2, Name: 'sent', Description: 'Message sent' },
      }),
    };
  },
}];

function smsOf({ body }: Parameters): readonly Sms[] | Unread {
  const odd = misspelt(body, ['From', 'To', 'Text']);
  const to = trimmed(asString(field(body, 'To')) ?? '');
  if (odd !== null || to === '') return unreadable(odd ?? 'no To');
  const recipients = [{ address: to, kind: 'phone', role: 'to' }] as const;
  const unknown = Object.entries(body).filter(([name]) => !['From', 'To', 'Text'].includes(name)).flatMap(([name, value]) => [...leaves(value, name)]);
  return [{
    channel: 'sms', provider: 'mailjet', operation: 'sms-send', liveness: 'unknown', recipients: [...recipients, ...strangers(unknown, recipients)], keys: [],
    from: asString(field(body, 'From')), text: asString(field(body, 'Text')), media: [], template: null,
  }];
}
