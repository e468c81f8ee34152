import { parseEmailAddress } from '../../model/address/email-address.ts';
import { parseAddressList } from '../../model/address/address-list.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { invalid, missing } from './errors.ts';
import type { ResendFault } from './errors.ts';
import { listOf, roles } from './mail.ts';

const most = 50;

/** What Resend itself refuses, as far as it is simple and known; null where it would take the mail. */
export function mailFault(value: JsonValue): ResendFault | null {
  const body = asObject(value);
  const has = (name: string): boolean => (asString(field(body, name)) ?? '') !== '';
  const templated = asObject(field(body, 'template')) !== null;
  if (!has('from') && !templated) return missing('from');
  if ((listOf(field(body, 'to')) ?? []).length === 0) return missing('to');
  if (!has('subject') && !templated) return missing('subject');
  if (!has('html') && !has('text') && !templated) return missing('html` or `text');
  for (const role of roles) {
    const texts = listOf(field(body, role)) ?? [];
    if (texts.length > most) return invalid(`Invalid \`${role}\` field. The number of recipients must not exceed ${most}.`);
    if (!texts.every(isMailbox)) return invalid(`Invalid \`${role}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`);
  }
  return has('from') && !isMailbox(asString(field(body, 'from')) ?? '')
    ? { statusCode: 422, name: 'invalid_from_address', message: 'Invalid `from` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.' }
    : null;
}

function isMailbox(text: string): boolean {
  const list = parseAddressList(text);
  return (list.kind === 'list' && list.addresses.length === 1) || parseEmailAddress(text.trim()).kind === 'address';
}
