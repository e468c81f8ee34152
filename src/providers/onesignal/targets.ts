import type { Addressee, RecipientKind } from '../../model/recipient.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/**
 * Fields that name people, https://documentation.onesignal.com/reference/create-message. A device is one by its token or by the id of its
 * subscription (player); whoever stands behind another name is stored at OneSignal, as an audience.
 */
const fields: readonly (readonly [name: string, kind: RecipientKind, role: string])[] = [
  ...['include_subscription_ids', 'include_player_ids', 'include_ios_tokens', 'include_android_reg_ids', 'include_wp_wns_uris', 'include_amazon_reg_ids', 'include_chrome_reg_ids', 'include_chrome_web_reg_ids']
    .map((name) => [name, 'device', name] as const),
  ['email_to', 'email', 'to'], ['include_email_tokens', 'email', 'to'], ['email_bcc', 'email', 'bcc'], ['include_phone_numbers', 'phone', 'to'],
  ['include_external_user_ids', 'audience', 'external_id'], ['included_segments', 'audience', 'segment'],
];

export const targetFields: readonly string[] = [...fields.map(([name]) => name), 'include_aliases', 'filters', 'tags', 'excluded_segments'];

/** Everybody whom a notification names, whatever OneSignal makes of two kinds of targets at once. What it leaves out (`excluded_segments`) takes nobody off the list. */
export function targetsOf(body: JsonObject): readonly Addressee[] | Unread {
  const found: Addressee[] = [];
  for (const [name, kind, role] of fields) {
    const texts = listOf(field(body, name));
    if (texts === null) return unreadable(`${name} is not a list of texts`);
    found.push(...texts.map((text): Addressee => ({ address: kind === 'audience' ? `${role} ${text}` : text, kind, role })));
  }
  const aliases = field(body, 'include_aliases') ?? null;
  if (aliases !== null && asObject(aliases) === null) return unreadable('include_aliases is not an object');
  for (const [label, value] of Object.entries(asObject(aliases) ?? {})) {
    const ids = listOf(value);
    if (ids === null) return unreadable(`include_aliases.${label.slice(0, 40)} is not a list of texts`);
    found.push(...ids.map((id): Addressee => ({ address: `${label} ${id}`, kind: 'audience', role: 'alias' })));
  }
  for (const name of ['filters', 'tags']) {
    const filters = field(body, name) ?? null;
    if (filters === null) continue;
    if (asArray(filters) === null) return unreadable(`${name} is not a list`);
    found.push({ address: `${name} ${JSON.stringify(filters).slice(0, 300)}`, kind: 'audience', role: name });
  }
  return found;
}

/** Absent and null name nobody; null for what is no list of texts. A text by itself is taken for a list of one. */
function listOf(value: JsonValue | undefined): readonly string[] | null {
  if (value === undefined || value === null) return [];
  const texts = (asArray(value) ?? [value]).map((each) => trimmed(asString(each) ?? ''));
  return texts.includes('') ? null : texts;
}
