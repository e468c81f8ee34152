import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { mailboxes } from '../wire/address-field.ts';
import { isHarmlessHeader } from '../wire/mail-fields.ts';
import { readMimeMail } from '../wire/mime-mail.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** What a transmission says, in whichever of the four ways: inline, stored template, A/B test, or a whole mail. */
export interface Content extends Pick<Email, 'from' | 'subject' | 'text' | 'html' | 'attachments' | 'keys'> {
  readonly kind: 'content';
  readonly templateId: string | null;
  /** addresses of the CC header, lower-case: who else is among the recipients is a visible copy */
  readonly shownCc: readonly string[];
  /** who is named in the mail's own To, Cc or Bcc and may be no recipient at all */
  readonly shown: readonly Addressee[];
}

const fields = ['from', 'reply_to', 'subject', 'html', 'text', 'amp_html', 'headers', 'attachments', 'inline_images', 'template_id', 'use_draft_template', 'ab_test_id', 'email_rfc822'];
const addressHeader = /^\s*(?:(?:resent-)?(?:to|cc|bcc)|apparently-to|x-msys-api)\s*:?\s*$/i;

export function readContent(value: JsonValue | undefined): Content | Unread {
  if (value === undefined || value === null) return { ...empty, templateId: null };
  const content = asObject(value);
  if (content === null) return unreadable('content is not an object');
  const odd = lookalike(Object.keys(content), fields);
  if (odd !== null) return unreadable(`content.${odd.slice(0, 40)} is not spelt as SparkPost spells it`);
  const unknown = Object.entries(content).filter(([name]) => !fields.includes(name)).flatMap(([name, each]) => [...leaves(each, `content/${name}`)]);
  const raw = field(content, 'email_rfc822');
  const read = raw === undefined || raw === null ? inline(content) : wholeMail(raw);
  return read.kind === 'unreadable' ? read : { ...read, shown: [...read.shown, ...strangers(unknown, read.shown)] };
}

const empty = { kind: 'content', from: null, subject: null, text: null, html: null, attachments: [], keys: [], shownCc: [], shown: [] } as const;

function inline(content: JsonObject): Content | Unread {
  const given = field(content, 'headers');
  const headers = given === undefined || given === null ? {} : asObject(given);
  if (headers === null) return unreadable('content.headers is not an object');
  if (Object.entries(headers).some(([name, each]) => !addressHeader.test(name) && !isHarmlessHeader(name, each))) return unreadable('a header of content.headers goes on as another one');
  const shown = Object.entries(headers).filter(([name]) => addressHeader.test(name)).flatMap(([name, each]) => [...leaves(each, `header ${name.trim().toLowerCase()}`)]);
  const from = field(content, 'from');
  const sender = asString(from) ?? asString(field(asObject(from), 'email'));
  const template = field(content, 'template_id') ?? null;
  const test = field(content, 'ab_test_id') ?? null;
  return {
    ...empty,
    templateId: template !== null ? scalar(template) : test === null ? null : `A/B test ${scalar(test)}`,
    from: sender === null ? null : mailboxes(sender)[0] ?? null,
    subject: asString(field(content, 'subject')), text: asString(field(content, 'text')), html: asString(field(content, 'html')),
    attachments: [...files(field(content, 'attachments'), false), ...files(field(content, 'inline_images'), true)],
    keys: Object.entries(headers).filter(([name]) => /^x-fourthwall-/i.test(name)).map(([name, each]) => ({ name: name.slice(2).toLowerCase().replaceAll('-', '_'), value: scalar(each) })),
    shownCc: shown.filter(({ path }) => path === 'header cc').flatMap((leaf) => mailboxes(leaf.text)).map((address) => address.toLowerCase()),
    shown: strangers(shown, []),
  };
}

/** The recipients stand beside it; its own To and Cc are only shown, but whom they name is not forgotten. */
function wholeMail(raw: JsonValue): Content | Unread {
  const source = asString(raw);
  if (source === null) return unreadable('content.email_rfc822 is not a text');
  if (/^x-msys-api[ \t]*:/im.test(source.split(/\r?\n\r?\n/, 1)[0] ?? '')) return unreadable('content.email_rfc822 has a header X-MSYS-API, which may name recipients');
  const mail = readMimeMail(Buffer.from(source, 'utf8'));
  if (mail.kind === 'unreadable') return unreadable(`content.email_rfc822: ${mail.why}`);
  const { recipients, kind: _kind, ...said } = mail;
  // A tag stands for the recipient whose mail it is: <{{address.email}}>
  const named = recipients.filter(({ address }) => !address.includes('{{'));
  return { ...empty, ...said, templateId: null, shownCc: named.filter(({ role }) => role === 'cc').map(({ address }) => address.toLowerCase()), shown: named.map((one) => ({ ...one, role: `header ${one.role}` })) };
}

function files(value: JsonValue | undefined, inlined: boolean): readonly Attachment[] {
  return (asArray(value) ?? []).map((each) => {
    const file = asObject(each);
    const name = asString(field(file, 'name'));
    return { filename: name, contentType: asString(field(file, 'type')) ?? 'application/octet-stream', contentId: inlined ? name : null, content: Buffer.from(asString(field(file, 'data')) ?? '', 'base64') };
  });
}

function scalar(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
