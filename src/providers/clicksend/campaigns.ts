import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { SideEffect } from '../../model/side-effect.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject } from '../wire/json.ts';
import { strangers } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { currency, named, success, text } from './parts.ts';
import { recipientsOf } from './send.ts';

const known = fieldPaths(['list_id', 'name', 'body', 'from', 'schedule', 'url_to_shorten', 'subject', 'media_file', 'from_email_address_id', 'from_name', 'template_id']);

/** One message to everybody on a list. */
export const campaigns: readonly JsonRoute[] = (['sms', 'mms', 'email'] as const).map((kind) => ({
  method: 'POST', path: new RegExp(`^/v3/${kind}-campaigns/send$`), operation: `${kind}-campaigns.send`, effects: (call) => effects(kind, call), answer: (call) => answer(kind, call),
}));

function effects(kind: 'sms' | 'mms' | 'email', { body }: JsonCall): readonly SideEffect[] | Unread {
  const object = asObject(body);
  const listed = object === null ? null : recipientsOf(object);
  if (object === null || listed === null || !listed.some(({ role }) => role === 'list')) return unreadable('there is no list_id');
  const base = { provider: 'clicksend', operation: `${kind}-campaigns.send`, liveness: 'unknown', recipients: [...listed, ...strangers(unknownTexts(object, known), listed)], keys: [], template: null } as const;
  if (kind === 'email') return [{ ...base, channel: 'email', from: null, subject: text(object, 'subject'), text: null, html: text(object, 'body'), attachments: [] }];
  return [{ ...base, channel: 'sms', from: named(object, 'from'), text: text(object, 'body'), media: [named(object, 'media_file') ?? []].flat() }];
}

async function answer(kind: 'sms' | 'mms' | 'email', { body, context }: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const object = asObject(body);
  const id = Number(context.id('', { length: 6, alphabet: 'digits' }));
  const campaign = { [`${kind}_campaign_id`]: id, name: text(object, 'name'), user_id: 1, subaccount_id: 1, list_id: named(object, 'list_id'), from: named(object, 'from') ?? '', body: text(object, 'body'), schedule: named(object, 'schedule') ?? '', status: 'Queued', date_added: Math.floor(context.now / 1000) };
  return { reply: success(`${kind === 'email' ? 'Email' : kind.toUpperCase()} campaign has been created.`, { [`${kind}_campaign`]: campaign, total_count: 0, _currency: currency }) };
}
