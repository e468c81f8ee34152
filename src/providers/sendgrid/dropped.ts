import type { SimulationContext } from '../../model/provider.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';

/** SendGrid's words for a mail that it drops, by the list somebody is on, and the setting of a mail that goes over it. */
const lists = [
  { kind: 'suppression.bounces', reason: 'Bounced Address', over: 'bypass_bounce_management' },
  { kind: 'suppression.spam_reports', reason: 'Spam Reporting Address', over: 'bypass_spam_management' },
  { kind: 'suppression.unsubscribes', reason: 'Unsubscribed Address', over: 'bypass_unsubscribe_management' },
  { kind: 'suppression.invalid_emails', reason: 'Invalid', over: null },
] as const;

/**
 * Who would get none of a mail because of the suppressions that are remembered, by address in lower case. Only what is told later depends on
 * it: whoever the call names is its recipient all the same.
 */
export async function droppedOf(body: JsonObject, { list }: Pick<SimulationContext, 'list'>): Promise<ReadonlyMap<string, string>> {
  const settings = asObject(field(body, 'mail_settings'));
  const isOn = (name: string | null): boolean => name !== null && field(asObject(field(settings, name)), 'enable') === true;
  if (isOn('bypass_list_management')) return new Map();
  const dropped = new Map<string, string>();
  const group = field(asObject(field(body, 'asm')), 'group_id');
  if (typeof group === 'number') {
    for (const { value } of (await list('asm.suppressions', { where: { group: String(group) }, limit: 1000 })).items) dropped.set((value as { readonly email: string }).email.toLowerCase(), 'Unsubscribed Address');
  }
  for (const { kind, reason, over } of lists) {
    if (!isOn(over)) for (const { id } of (await list(kind, { limit: 1000 })).items) dropped.set(id.toLowerCase(), reason);
  }
  return dropped;
}
