import { asArray, asObject } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { Leaf } from '../wire/strangers.ts';

/**
 * The fields of mail/send that may name people without mailing them, as paths with `*` for any one name or number and a
 * trailing `**` for everything below. https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
 */
const harmless = [
  'from/**', 'reply_to/**', 'reply_to_list/**', 'subject', 'content/**', 'attachments/**', 'template_id', 'headers/**', 'categories/**',
  'custom_args/**', 'sections/**', 'substitutions/**', 'batch_id', 'ip_pool_name', 'asm/**', 'tracking_settings/**',
  'personalizations/*/from/**', 'personalizations/*/subject', 'personalizations/*/headers/**', 'personalizations/*/substitutions/**',
  'personalizations/*/dynamic_template_data/**', 'personalizations/*/custom_args/**', 'personalizations/*/categories/**',
  ...['to', 'cc', 'bcc'].flatMap((role) => ['email', 'name'].map((name) => `personalizations/*/${role}/*/${name}`)),
  'mail_settings/bcc/email', 'mail_settings/footer/**', 'mail_settings/spam_check/post_to_url',
].map((path) => new RegExp(`^${path.replaceAll('/**', '(?:/.*)?').replaceAll('/*', '/[^/]+')}$`, 's'));

/** Every text of the body that stands in none of these, the names of such fields included. */
export function* unknownFields(value: JsonValue, path = ''): Generator<Leaf> {
  if (path !== '' && harmless.some((pattern) => pattern.test(path))) return;
  if (typeof value === 'string') yield { path, text: value };
  const children = asArray(value)?.map((item, index) => [String(index), item] as const) ?? Object.entries(asObject(value) ?? {} satisfies JsonObject);
  for (const [name, item] of children) {
    yield { path: `${path}/${name}`, text: name };
    // A slash within a name must not make it look like a known path.
    yield* unknownFields(item, `${path === '' ? '' : `${path}/`}${name.replaceAll('/', '|')}`);
  }
}
