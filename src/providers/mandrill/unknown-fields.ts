import type { JsonObject } from '../wire/json.ts';
import type { Leaf } from '../wire/strangers.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';

/** Fields that name nobody to mail, but for those that are read: of a call that brings a MIME document, and of every other. */
const ofRawCall = fieldPaths(['key', 'raw_message', 'from_email', 'from_name', 'to', 'async', 'ip_pool', 'send_at', 'return_path_domain'].map((name) => `${name}/**`));
/** `message` with its fields: https://mailchimp.com/developer/transactional/api/messages/send-new-message/ */
const ofCall = fieldPaths([
  'key', 'async', 'ip_pool', 'send_at', 'template_name', 'template_content', 'mc_template_id', 'mc_template_version',
  ...[
    'html', 'text', 'subject', 'from_email', 'from_name', 'to', 'headers', 'important', 'track_opens', 'track_clicks', 'auto_text', 'auto_html', 'inline_css', 'url_strip_qs',
    'preserve_recipients', 'view_content_link', 'bcc_address', 'tracking_domain', 'signing_domain', 'return_path_domain', 'merge', 'merge_language', 'global_merge_vars', 'merge_vars',
    'tags', 'subaccount', 'google_analytics_domains', 'google_analytics_campaign', 'metadata', 'recipient_metadata', 'attachments', 'images',
  ].map((name) => `message/${name}`),
].map((path) => `${path}/**`));

/** Every text in fields that Mandrill is not known to have. */
export function unknownFields(call: JsonObject, kind: 'raw' | 'message'): Generator<Leaf> {
  return unknownTexts(call, kind === 'raw' ? ofRawCall : ofCall);
}
