import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { addressesIn, addressHeaders, besides } from '../wire/address-field.ts';
import { asObject, asString, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { isHarmlessHeader } from '../wire/mail-fields.ts';
import { createOutputBudget, tooMuchText } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { listsAmong, senderIn } from './addresses.ts';
import { one } from './fields.ts';
import type { Fields } from './fields.ts';
import { readMime } from './mime.ts';

const roles = ['to', 'cc', 'bcc'] as const;
const options = [
  'tag', 'campaign', 'dkim', 'secondary-dkim', 'secondary-dkim-public', 'deliverytime', 'deliver-within', 'deliverytime-optimize-period', 'time-zone-localize', 'testmode',
  'tracking', 'tracking-clicks', 'tracking-opens', 'tracking-pixel-location-top', 'require-tls', 'skip-verification', 'sending-ip', 'sending-ip-pool', 'archive-to', 'suppress-headers',
].map((name) => `o:${name}`);
const known = [...roles, 'from', 'subject', 'text', 'html', 'amp-html', 'template', 'message', 'attachment', 'inline', 'recipient-variables', 't:version', 't:text', 't:variables', ...options];
const lists: ReadonlySet<string> = new Set([...roles, 'o:tag', 'o:campaign', 'o:archive-to']);

/**
 * Reads POST /v3/{domain}/messages and messages.mime (https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages).
 * With recipient-variables everybody in `to` gets a mail of his own, as an effect of his own; cc and bcc get each of them.
 */
export function readMessage(fields: Fields, { domain, mime }: { readonly domain: string; readonly mime: boolean }): { readonly kind: 'mails'; readonly mails: readonly Email[] } | Unread {
  const { texts, files } = fields;
  const fault = misspelt(fields);
  if (fault !== null) return unreadable(fault);
  const upload = mime ? readMime(fields) : null;
  if (upload?.kind === 'unreadable') return upload;

  const variables = objectIn(one(fields, 'recipient-variables'));
  if (variables === null) return unreadable('recipient-variables is not a JSON object');
  const named = roles.map((role) => texts.filter(([name]) => name === role).flatMap(([, value]) => addressesIn(value, role)));
  const [to = [], ...copies] = named;
  const served = named.flat();
  if (served.length === 0) return unreadable('no recipient');
  const headers = texts.flatMap(([name, value]) => name.startsWith('h:') && addressHeaders.includes(headerName(name)) ? addressesIn(value, `h:${headerName(name)}`) : []);
  const archives = texts.flatMap(([name, value]): Addressee[] => name === 'o:archive-to' ? [{ address: value, kind: 'audience', role: 'o:archive-to' }] : []);
  const batch = texts.some(([name]) => name === 'recipient-variables');
  // In a batch %recipient% stands for the one who is served.
  const outside = [...headers, ...upload?.recipients ?? []].filter(({ address }) => !batch || address !== '%recipient%');
  const others = [...besides(served, outside), ...listsAmong([...served, ...outside], domain), ...archives];
  const unknown = texts.filter(([name]) => !known.includes(name) && !/^[hvt]:/.test(name)).flatMap(([name, value]) => [{ path: name, text: name }, { path: name, text: value }]);
  // Whoever has variables but is not served now may have been meant to be.
  const meant = Object.keys(variables).map((text) => ({ path: 'recipient-variables', text }));
  const extra = [...others, ...strangers([...unknown, ...meant], [...served, ...others])];

  const budget = createOutputBudget();
  const shared = upload ?? {
    from: senderIn(one(fields, 'from')), subject: one(fields, 'subject'), text: one(fields, 'text'), html: one(fields, 'html'), attachments: files.map(attachment), keys: [],
  };
  const keys = [...keysOf(fields), ...shared.keys];
  const mails: Email[] = [];
  for (const recipients of batch && to.length > 0 ? to.map((each) => [each, ...copies.flat(), ...extra]) : [[...served, ...extra]]) {
    const tags = batch ? tagsOf(variables, recipients[0]?.address ?? '') : [];
    const written = [shared.subject, shared.text, shared.html];
    const rendered = written.map((text) => text === null ? null : budget.render(text, tags));
    if (written.some((text, at) => text !== null && rendered[at] === null)) return unreadable(tooMuchText);
    const [subject = null, text = null, html = null] = rendered;
    const mail: Email = {
      channel: 'email', provider: 'mailgun', operation: mime ? 'messages.mime' : 'messages.create',
      // Only the spelling of the documentation: whatever else may or may not be taken for it.
      liveness: one(fields, 'o:testmode') === 'yes' && texts.filter(([name]) => /test-?_?mode/i.test(name)).length === 1 ? 'test' : 'unknown',
      recipients, keys, from: shared.from, subject, text, html, attachments: shared.attachments, template: templateOf(fields),
    };
    const excess = budget.take(mail);
    if (excess !== null) return unreadable(excess);
    mails.push(mail);
  }
  return { kind: 'mails', mails };
}

/** 'h: Bcc:' is 'bcc' to whoever writes it into a mail. */
function headerName(field: string): string {
  return field.slice(2).replace(/:\s*$/, '').trim().toLowerCase();
}

/** Names that two readers could take for different ones, or values of which only one counts. */
function misspelt({ texts, files }: Fields): string | null {
  const names = texts.map(([name]) => name);
  const odd = lookalike(names, known);
  if (odd !== null) return `field '${odd.slice(0, 40)}' is not spelt as Mailgun spells it`;
  const split = texts.find(([name, value]) => name.startsWith('h:') && !addressHeaders.includes(headerName(name)) && !isHarmlessHeader(name.slice(2), value));
  if (split !== undefined) return `field '${split[0].slice(0, 40).replaceAll(/[\r\n\0]/g, ' ')}' goes on as another header`;
  const seen = new Set<string>();
  const twice = names.find((name) => !lists.has(name) && !name.startsWith('h:') && (seen.has(name) || !seen.add(name)));
  if (twice !== undefined) return `field '${twice.slice(0, 40)}' is given twice`;
  return files.filter(({ name }) => name === 'message').length + names.filter((name) => name === 'message').length > 1 ? 'message is given twice' : null;
}

function attachment({ name, filename, contentType, bytes }: Fields['files'][number]): Attachment {
  return { filename, contentType: contentType ?? 'application/octet-stream', contentId: name.startsWith('inline') ? filename : null, content: bytes };
}

/** {} where nothing is given, null where it is no JSON object. */
function objectIn(text: string | null): JsonObject | null {
  if (text === null) return {};
  const parsed = parseJson(Buffer.from(text, 'utf8'));
  return parsed.kind === 'json' ? asObject(parsed.value) : null;
}

/** `%recipient.name%` for each variable of one recipient; `%recipient%` is the address itself. */
function tagsOf(variables: JsonObject, address: string): readonly (readonly [tag: string, value: string])[] {
  const own = Object.entries(variables).find(([name]) => name.toLowerCase() === address.toLowerCase())?.[1];
  return [['%recipient%', address], ...Object.entries(asObject(own) ?? {}).map(([name, value]) => [`%recipient.${name}%`, asString(value) ?? JSON.stringify(value)] as const)];
}

/** v: variables, tags, and the X-Fourthwall-* headers. */
function keysOf({ texts }: Fields): Email['keys'] {
  return texts.flatMap(([name, value]) => {
    if (name.startsWith('v:')) return [{ name: name.slice(2), value }];
    if (name === 'o:tag') return [{ name: 'tag', value }];
    if (/^h:x-mailgun-variables$/i.test(name)) return Object.entries(objectIn(value) ?? {}).map(([key, each]) => ({ name: key, value: asString(each) ?? JSON.stringify(each) }));
    return /^h:x-fourthwall-/i.test(name) ? [{ name: name.slice(4).toLowerCase().replaceAll('-', '_'), value }] : [];
  });
}

function templateOf(fields: Fields): Email['template'] {
  const id = one(fields, 'template');
  const variables = one(fields, 't:variables') ?? fields.texts.find(([name]) => /^h:x-mailgun-variables$/i.test(name))?.[1] ?? null;
  return id === null || id === '' ? null : { id, data: variables === null ? null : objectIn(variables) ?? variables };
}
