import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';
import { besides } from '../wire/address-field.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { createOutputBudget, tooMuchText } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { attachmentsIn, emailOf, goOn, headerPeople, keysIn, listsAmong, misspelt, people, reportedIn, tagsOf } from './fields.ts';

const top = ['Messages', 'Globals', 'SandboxMode', 'AdvanceErrorHandling'];
const roles = ['To', 'Cc', 'Bcc'] as const;
const known = [
  ...roles, 'From', 'Sender', 'ReplyTo', 'Subject', 'TextPart', 'HTMLPart', 'TemplateID', 'TemplateLanguage', 'TemplateErrorReporting', 'TemplateErrorDeliver', 'Attachments',
  'InlinedAttachments', 'Priority', 'CustomCampaign', 'DeduplicateCampaign', 'TrackOpens', 'TrackClicks', 'CustomID', 'EventPayload', 'URLTags', 'Headers', 'Variables',
];

/** POST /v3.1/send: one mail for each message, Globals filled in. https://dev.mailjet.com/email/guides/send-api-v31/ */
export function readV31(body: JsonObject): { readonly kind: 'mails'; readonly mails: readonly Email[] } | Unread {
  const globals = field(body, 'Globals') ?? {};
  const shared = asObject(globals);
  const messages = asArray(field(body, 'Messages'));
  const odd = misspelt(body, top);
  if (odd !== null) return unreadable(odd);
  if (shared === null) return unreadable('Globals is not an object');
  if (messages === null || messages.length === 0) return unreadable('Messages is not a list of at least one');
  const unknown = Object.entries(body).filter(([name]) => !top.includes(name)).flatMap(([name, value]) => [{ path: name, text: name }, ...leaves(value, name)]);
  const budget = createOutputBudget();
  const mails: Email[] = [];
  for (const [index, each] of messages.entries()) {
    const own = asObject(each);
    if (own === null) return unreadable(`Messages.${index} is not an object`);
    const recipients = recipientsOf(own, shared);
    if ('kind' in recipients) return unreadable(`Messages.${index}: ${recipients.why}`);
    // Only the boolean counts: "true" may or may not be taken for it, and then the mail is real.
    const sandbox = field(body, 'SandboxMode') === true && ![own, shared].some((object) => Object.hasOwn(object, 'SandboxMode'));
    const mail = mailOf({ ...shared, ...own }, [...recipients, ...strangers(unknown, recipients)], sandbox, budget.render);
    const excess = mail === null ? tooMuchText : budget.take(mail);
    if (excess !== null || mail === null) return unreadable(excess ?? tooMuchText);
    mails.push(mail);
  }
  return { kind: 'mails', mails };
}

/** To, Cc and Bcc of the message and of Globals; whoever is told of a broken template; whom headers and unknown fields name. */
function recipientsOf(own: JsonObject, shared: JsonObject): readonly Addressee[] | Unread {
  const found: Addressee[] = [];
  for (const object of [own, shared]) {
    const odd = misspelt(object, known);
    if (odd !== null) return unreadable(odd);
    const headers = field(object, 'Headers') ?? {};
    if (asObject(headers) === null) return unreadable('Headers is not an object');
    if (goOn(asObject(headers) ?? {})) return unreadable('a header goes on as another one');
    for (const role of roles) {
      const named = people(object, role);
      if ('kind' in named) return named;
      found.push(...object === own ? named : besides(found, named));
    }
    found.push(...reportedIn(field(object, 'TemplateErrorReporting'), 'TemplateErrorReporting'));
    found.push(...besides(found, headerPeople(asObject(headers) ?? {})));
    const unknown = Object.entries(object).filter(([name]) => !known.includes(name)).flatMap(([name, value]) => [{ path: name, text: name }, ...leaves(value, name)]);
    found.push(...strangers(unknown, found));
  }
  if (!found.some(({ role }) => roles.some((each) => each.toLowerCase() === role))) return unreadable('no recipient');
  return [...found, ...listsAmong(found)];
}

/** Null where its texts come to more than one call may. */
function mailOf(message: JsonObject, recipients: readonly Addressee[], sandbox: boolean, render: ReturnType<typeof createOutputBudget>['render']): Email | null {
  const text = (name: string): string | null => asString(field(message, name));
  const variables = field(message, 'Variables');
  const tags = field(message, 'TemplateLanguage') === true ? tagsOf(asObject(variables) ?? {}) : [];
  const written = [text('Subject'), text('TextPart'), text('HTMLPart')];
  const rendered = written.map((each) => each === null ? null : render(each, tags));
  if (written.some((each, at) => each !== null && rendered[at] === null)) return null;
  const [subject = null, plain = null, html = null] = rendered;
  const template = idOf(field(message, 'TemplateID'));
  return {
    channel: 'email', provider: 'mailjet', operation: 'send', liveness: sandbox ? 'test' : 'unknown', recipients,
    keys: keysIn(['CustomID', 'EventPayload', 'CustomCampaign'].map((name) => [name, field(message, name)]), asObject(field(message, 'Headers')) ?? {}),
    from: emailOf(field(message, 'From')), subject, text: plain, html,
    attachments: [...attachmentsIn(field(message, 'Attachments')), ...attachmentsIn(field(message, 'InlinedAttachments'))],
    template: template === null ? null : { id: template, data: variables ?? null },
  };
}

export function idOf(value: JsonValue | undefined): string | null {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : null;
}
