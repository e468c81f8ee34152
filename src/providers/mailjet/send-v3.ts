import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';
import { addressesIn, besides } from '../wire/address-field.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { createOutputBudget, tooMuchText } from '../wire/output-budget.ts';
import type { OutputBudget } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { attachmentsIn, goOn, headerPeople, keysIn, listsAmong, misspelt, people, reportedIn, roleOf, tagsOf } from './fields.ts';
import { idOf } from './send-v31.ts';

const roles = ['To', 'Cc', 'Bcc'] as const;
/** Who is reached stands in these: none may hide in another spelling. */
const telling = [...roles, 'Recipients', 'Headers', 'Vars'];
/** Libraries and examples write these in several cases (Mj- and MJ-, Html-part and HTML-part). */
const options = [
  'fromemail', 'fromname', 'sender', 'subject', 'text-part', 'html-part', 'attachments', 'inline_attachments',
  'mj-templateid', 'mj-templatelanguage', 'mj-templateerrorreporting', 'mj-templateerrordeliver', 'mj-prio', 'mj-campaign', 'mj-deduplicatecampaign', 'mj-trackopen', 'mj-trackclick',
  'mj-customid', 'mj-eventpayload',
];

/** POST /v3/send, one message or a list of them. https://dev.mailjet.com/email/guides/send-api-v3/ */
export function readV3(body: JsonObject): { readonly kind: 'mails'; readonly mails: readonly Email[] } | Unread {
  const odd = misspelt(body, [...telling, 'Messages']);
  if (odd !== null) return unreadable(odd);
  const list = field(body, 'Messages');
  if (list !== undefined && Object.keys(body).length > 1) return unreadable('Messages has other fields beside it');
  const messages = list === undefined ? [body] : asArray(list) ?? [];
  if (messages.length === 0) return unreadable('Messages is not a list of at least one');
  const budget = createOutputBudget();
  const mails: Email[] = [];
  for (const [index, each] of messages.entries()) {
    const message = asObject(each);
    const read = message === null ? unreadable('is not an object') : mailsOf(message, budget);
    if ('kind' in read) return unreadable(list === undefined ? read.why : `Messages.${index}: ${read.why}`);
    mails.push(...read);
  }
  return { kind: 'mails', mails };
}

/** Everybody in Recipients gets a mail of his own with his own Vars; To, Cc and Bcc share one. */
function mailsOf(message: JsonObject, budget: OutputBudget): readonly Email[] | Unread {
  const odd = misspelt(message, telling);
  if (odd !== null) return unreadable(odd);
  const names = Object.keys(message).map((name) => name.toLowerCase());
  if (new Set(names).size < names.length) return unreadable('a key is given in two spellings');
  const headers = field(message, 'Headers') ?? {};
  if (asObject(headers) === null) return unreadable('Headers is not an object');
  if (goOn(asObject(headers) ?? {})) return unreadable('a header goes on as another one');
  const single = people(message, 'Recipients', ['Email', 'Name', 'Vars']);
  if ('kind' in single) return single;
  const shared: Addressee[] = [];
  for (const role of roles) {
    const value = field(message, role);
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') return unreadable(`${role} is not a text`);
    shared.push(...addressesIn(value, roleOf(role)));
  }
  if (single.length + shared.length === 0) return unreadable('no recipient');

  const reported = reportedIn(option(message, 'mj-templateerrorreporting'), 'Mj-TemplateErrorReporting');
  const unknown = Object.entries(message).filter(([name]) => !telling.includes(name) && !options.includes(name.toLowerCase())).flatMap(([name, value]) => [{ path: name, text: name }, ...leaves(value, name)]);
  const served = [...single, ...shared];
  const others = [...listsAmong(served), ...besides(served, [...reported, ...headerPeople(asObject(headers) ?? {})])];
  const extra = [...others, ...strangers(unknown, [...served, ...others])];
  const mails: Email[] = [];
  const entries = asArray(field(message, 'Recipients')) ?? [];
  for (const [index, recipients] of [...single.map((each) => [each]), ...shared.length === 0 ? [] : [shared]].entries()) {
    const vars = { ...varsIn(field(message, 'Vars')), ...varsIn(field(asObject(entries[index]), 'Vars')) };
    const mail = mailOf(message, [...recipients, ...extra], vars, budget.render);
    const excess = mail === null ? tooMuchText : budget.take(mail);
    if (excess !== null || mail === null) return unreadable(excess ?? tooMuchText);
    mails.push(mail);
  }
  return mails;
}

function mailOf(message: JsonObject, recipients: readonly Addressee[], vars: JsonObject, render: OutputBudget['render']): Email | null {
  const tags = tagsOf(vars);
  const written = ['subject', 'text-part', 'html-part'].map((name) => asString(option(message, name)));
  const rendered = written.map((each) => each === null ? null : render(each, tags));
  if (written.some((each, at) => each !== null && rendered[at] === null)) return null;
  const [subject = null, text = null, html = null] = rendered;
  const template = idOf(option(message, 'mj-templateid') ?? undefined);
  return {
    channel: 'email', provider: 'mailjet', operation: 'send.v3', liveness: 'unknown', recipients,
    keys: keysIn([['CustomID', option(message, 'mj-customid')], ['EventPayload', option(message, 'mj-eventpayload')], ['CustomCampaign', option(message, 'mj-campaign')]], asObject(field(message, 'Headers')) ?? {}),
    from: asString(option(message, 'fromemail')), subject, text, html,
    attachments: [...attachmentsIn(option(message, 'attachments')), ...attachmentsIn(option(message, 'inline_attachments'))],
    template: template === null ? null : { id: template, data: Object.keys(vars).length === 0 ? null : vars },
  };
}

function option(message: JsonObject, name: string): JsonValue {
  return Object.entries(message).find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}

/** An object, or one written as JSON text. */
function varsIn(value: JsonValue | undefined): JsonObject {
  const text = asString(value);
  if (text === null) return asObject(value) ?? {};
  const parsed = parseJson(Buffer.from(text, 'utf8'));
  return parsed.kind === 'json' ? asObject(parsed.value) ?? {} : {};
}
