import type { Email } from '../../model/side-effect.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { createOutputBudget, excessOf, tooMuchText } from '../wire/output-budget.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { addressees, attachmentsOf, destined, headerKeys, inner, items, rawMail, senderOf, tagsOf, text } from './parts.ts';
import { mergedData, readData, tagsIn, valueAt } from './template.ts';

type Mails = readonly Email[] | Unread;

/** A mail of an operation with everything that a call may leave out. The account may be in Amazon's sandbox; a call does not tell. */
export function mail(operation: string, rest: Partial<Email> & Pick<Email, 'recipients'>): Email {
  return {
    channel: 'email', provider: 'ses', operation, liveness: 'unknown', keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null, ...rest,
  };
}

/** An operation that changes the account and reaches nobody. */
export function silent(operation: string): readonly Email[] {
  return [mail(operation, { recipients: [] })];
}

export function emailV1(input: JsonObject): Mails {
  return one(mail('SendEmail', { ...written(inner(input, 'Message')), recipients: destined(inner(input, 'Destination')), from: senderOf(text(input, 'Source')), keys: tagsOf(field(input, 'Tags')) }));
}

export function rawV1(input: JsonObject): Mails {
  return raw('SendRawEmail', text(inner(input, 'RawMessage'), 'Data'), { recipients: addressees(field(input, 'Destinations'), 'envelope'), from: text(input, 'Source'), tags: field(input, 'Tags') });
}

export function templatedV1(input: JsonObject): Mails {
  return one(mail('SendTemplatedEmail', {
    recipients: destined(inner(input, 'Destination')), from: senderOf(text(input, 'Source')), keys: tagsOf(field(input, 'Tags')), template: { id: templateId(input, 'Template'), data: readData(text(input, 'TemplateData')) },
  }));
}

export function bulkV1(input: JsonObject): Mails {
  const defaults = readData(text(input, 'DefaultTemplateData'));
  return each(items(field(input, 'Destinations')), (entry) => mail('SendBulkTemplatedEmail', {
    recipients: destined(inner(entry, 'Destination')), from: senderOf(text(input, 'Source')), keys: tagsOf(field(input, 'DefaultTags'), field(entry, 'ReplacementTags')),
    template: { id: templateId(input, 'Template'), data: mergedData(defaults, readData(text(entry, 'ReplacementTemplateData'))) },
  }));
}

export function emailV2(input: JsonObject): Mails {
  const content = inner(input, 'Content');
  const kinds = ['Simple', 'Raw', 'Template'].filter((kind) => inner(content, kind) !== null);
  if (kinds.length !== 1) return unreadable('Content is not exactly one of Simple, Raw and Template');
  const recipients = destined(inner(input, 'Destination'));
  const tags = field(input, 'EmailTags');
  if (kinds[0] === 'Raw') return raw('SendEmail', text(inner(content, 'Raw'), 'Data'), { recipients: recipients.map((recipient) => ({ ...recipient, role: 'envelope' })), from: text(input, 'FromEmailAddress'), tags });
  const simple = inner(content, kinds[0]!);
  const keys = headerKeys(field(simple, 'Headers'));
  if ('kind' in keys) return keys;
  const shared = { recipients, from: senderOf(text(input, 'FromEmailAddress')), keys: [...tagsOf(tags), ...keys], attachments: attachmentsOf(field(simple, 'Attachments')) };
  return kinds[0] === 'Simple' ? one(mail('SendEmail', { ...written(simple), ...shared })) : each([{}], () => templated('SendEmail', simple, readData(text(simple, 'TemplateData')), shared));
}

export function bulkV2(input: JsonObject): Mails {
  const template = inner(inner(input, 'DefaultContent'), 'Template');
  const defaults = headerKeys(field(template, 'Headers'));
  if ('kind' in defaults) return defaults;
  const [attachments, shared] = [attachmentsOf(field(template, 'Attachments')), readData(text(template, 'TemplateData'))];
  return each(items(field(input, 'BulkEmailEntries')), (entry) => {
    const keys = headerKeys(field(entry, 'ReplacementHeaders'));
    if ('kind' in keys) return keys;
    const data = text(inner(inner(entry, 'ReplacementEmailContent'), 'ReplacementTemplate'), 'ReplacementTemplateData');
    return templated('SendBulkEmail', template, mergedData(shared, readData(data)), {
      recipients: destined(inner(entry, 'Destination')), from: senderOf(text(input, 'FromEmailAddress')), attachments,
      keys: [...tagsOf(field(input, 'DefaultEmailTags'), field(entry, 'ReplacementTags')), ...keys.length > 0 ? keys : defaults],
    });
  });
}

/** A mail of a stored template, or of one that came along (its plain tags are filled in by `each`). */
function templated(operation: string, template: JsonObject | null, data: JsonValue, shared: Partial<Email> & Pick<Email, 'recipients'>): Email {
  const content = inner(template, 'TemplateContent');
  return mail(operation, {
    ...shared, template: { id: content === null ? templateId(template, 'TemplateName') : 'inline', data },
    ...content === null ? {} : { subject: text(content, 'Subject'), text: text(content, 'Text'), html: text(content, 'Html') },
  });
}

function templateId(object: JsonObject | null, name: string): string {
  return text(object, name) ?? text(object, 'TemplateArn') ?? '';
}

function written(message: JsonObject | null): Pick<Email, 'subject' | 'text' | 'html'> {
  const body = inner(message, 'Body');
  return { subject: text(inner(message, 'Subject'), 'Data'), text: text(inner(body, 'Text'), 'Data'), html: text(inner(body, 'Html'), 'Data') };
}

function raw(operation: string, data: string | null, { recipients, from, tags }: { readonly recipients: Email['recipients']; readonly from: string | null; readonly tags: JsonValue | undefined }): Mails {
  const message = rawMail(data, recipients);
  if (message.kind === 'unreadable') return message;
  const { kind: _kind, ...content } = message;
  return one(mail(operation, { ...content, from: senderOf(from) ?? content.from, keys: [...tagsOf(tags), ...content.keys] }));
}

function one(email: Email): Mails {
  const excess = email.recipients.length === 0 ? 'it names no recipient' : excessOf([email]);
  return excess === null ? [email] : unreadable(excess);
}

/** One mail for each entry, inline templates filled in, within what one call may come to. */
function each(entries: readonly JsonValue[], make: (entry: JsonObject | null) => Email | Unread): Mails {
  if (entries.length === 0) return unreadable('it has no destination');
  const budget = createOutputBudget();
  const mails: Email[] = [];
  const tagsOfTexts = new Map<string, ReturnType<typeof tagsIn>>();
  for (const entry of entries) {
    const made = make(asObject(entry));
    if ('kind' in made) return made;
    if (made.recipients.length === 0) return unreadable('a destination names no recipient');
    const texts: Partial<Record<'subject' | 'text' | 'html', string>> = {};
    for (const name of ['subject', 'text', 'html'] as const) {
      const template = made[name];
      if (template === null) continue;
      // Read once for all destinations: a long template for thousands would take for ever.
      const tags = tagsOfTexts.get(template) ?? tagsIn(template);
      tagsOfTexts.set(template, tags);
      const rendered = budget.render(template, tags.map(([tag, path]) => [tag, valueAt((made.template?.data ?? null) as JsonValue, path) ?? tag] as const));
      if (rendered === null) return unreadable(tooMuchText);
      texts[name] = rendered;
    }
    const email = { ...made, ...texts };
    const excess = budget.take(email);
    if (excess !== null) return unreadable(excess);
    mails.push(email);
  }
  return mails;
}
