import type { JsonValue } from '../wire/json.ts';
import type { Leaf } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';

/** The fields of mail/send that may name people without mailing them. https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send */
const harmless = fieldPaths([
  'from/**', 'reply_to/**', 'reply_to_list/**', 'subject', 'content/**', 'attachments/**', 'template_id', 'headers/**', 'categories/**',
  'custom_args/**', 'sections/**', 'substitutions/**', 'batch_id', 'ip_pool_name', 'asm/**', 'tracking_settings/**',
  'personalizations/*/from/**', 'personalizations/*/subject', 'personalizations/*/headers/**', 'personalizations/*/substitutions/**',
  'personalizations/*/dynamic_template_data/**', 'personalizations/*/custom_args/**', 'personalizations/*/categories/**',
  ...['to', 'cc', 'bcc'].flatMap((role) => ['email', 'name'].map((name) => `personalizations/*/${role}/*/${name}`)),
  'mail_settings/bcc/email', 'mail_settings/footer/**', 'mail_settings/spam_check/post_to_url',
]);

/** Every text of the body that stands in none of these. */
export function unknownFields(body: JsonValue): Generator<Leaf> {
  return unknownTexts(body, harmless);
}
