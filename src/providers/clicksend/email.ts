import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext } from '../wire/json-api.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { currency, named, success, text } from './parts.ts';

const known = fieldPaths([...['to', 'cc', 'bcc'].flatMap((role) => [`${role}/*/email`, `${role}/*/name`, role]), 'from/**', 'subject', 'body', 'attachments/**', 'schedule']);

/** email/send. The sender is named by an id; its address stands at ClickSend. */
export function emailEffects({ body }: JsonCall): readonly Email[] | Unread {
  const object = asObject(body);
  if (object === null || lookalike(Object.keys(object), ['to', 'cc', 'bcc']) !== null) return unreadable('the body is not a JSON object with to, cc and bcc as ClickSend spells them');
  const recipients: Addressee[] = [];
  for (const role of ['to', 'cc', 'bcc'] as const) {
    const value = field(object, role);
    for (const each of value === undefined || value === null ? [] : asArray(value) ?? [null]) {
      const entry = asObject(each);
      const address = named(entry, 'email');
      if (entry === null || address === null || lookalike(Object.keys(entry), ['email']) !== null) return unreadable(`${role} is no list of readable addresses`);
      recipients.push({ address, kind: 'email', role });
    }
  }
  if (recipients.length === 0) return unreadable('there is no recipient');
  return [{
    channel: 'email', provider: 'clicksend', operation: 'email.send', liveness: 'unknown', recipients: [...recipients, ...strangers(unknownTexts(object, known), recipients)], keys: [],
    from: null, subject: text(object, 'subject'), text: null, html: text(object, 'body'), template: null,
    attachments: (asArray(field(object, 'attachments')) ?? []).map(asObject).map((each) => ({
      filename: text(each, 'filename'), contentType: text(each, 'type') ?? 'application/octet-stream', contentId: text(each, 'disposition') === 'inline' ? text(each, 'content_id') : null, content: Buffer.from(text(each, 'content') ?? '', 'base64'),
    })),
  }];
}

export async function answerEmail({ body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const object = asObject(body);
  const from = asObject(field(object, 'from'));
  const people = (role: string): readonly (JsonObject | null)[] | null => asArray(field(object, role))?.map(asObject) ?? null;
  return { reply: success('Transactional email queued for delivery.', {
    user_id: 1, subaccount_id: 1, from_email_address_id: named(from, 'email_address_id'), from_name: named(from, 'name'), to: people('to') ?? [], cc: people('cc'), bcc: people('bcc'),
    subject: text(object, 'subject'), body: text(object, 'body'), schedule: named(object, 'schedule'), message_id: context.uuid().toUpperCase(), status: 'WaitApproval', status_code: null, status_text: null,
    soft_bounce_count: 0, hard_bounce_count: 0, price: '0.0100', date_added: Math.floor(context.now / 1000), custom_string: null, _attachments: [], _currency: currency,
  }) };
}
