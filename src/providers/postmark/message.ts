import { parseAddressList } from '../../model/address/address-list.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Email, Liveness } from '../../model/side-effect.ts';
import { addressesIn } from '../wire/address-field.ts';
import { jsonBody } from '../wire/body.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { createOutputBudget, tooMuchText } from '../wire/output-budget.ts';
import type { OutputBudget } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { spelt, textOf, unknownFields } from './fields.ts';
import { attachmentsOf, headersOf, idOf, keysOf, tagsOf } from './mail-fields.ts';
import { isTest } from './token.ts';

export type SendShape = 'single' | 'batch' | 'messages' | 'bulk';

/** One message: as the call wrote it (what a bulk call shares put in), and what it would do. */
export interface Message {
  readonly body: JsonObject;
  readonly email: Email;
}

/**
 * The messages of a sending call, in order. https://postmarkapp.com/developer/api/email-api,
 * https://postmarkapp.com/developer/api/templates-api, https://postmarkapp.com/developer/api/bulk-email
 */
export function readMessages(request: HttpRequest, shape: SendShape, operation: string): { readonly kind: 'messages'; readonly messages: readonly Message[] } | Unread {
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const bodies = bodiesOf(json.value, shape);
  if ('kind' in bodies) return bodies;
  const budget = createOutputBudget();
  const liveness: Liveness = isTest(request.headers) ? 'test' : 'unknown';
  const messages: Message[] = [];
  for (const [index, body] of bodies.each.entries()) {
    const email = emailOf(body, { operation, liveness, where: shape === 'single' ? '' : `message ${index + 1}: `, others: bodies.others, bulk: shape === 'bulk', budget });
    if ('kind' in email) return email;
    const excess = budget.take(email);
    if (excess !== null) return unreadable(excess);
    messages.push({ body, email });
  }
  return { kind: 'messages', messages };
}

/** `others` stand outside of any one message; whoever they name would get all of them. */
function bodiesOf(value: JsonValue, shape: SendShape): { readonly each: readonly JsonObject[]; readonly others: JsonObject } | Unread {
  if (shape === 'single') {
    const one = spelt(value);
    return one.kind === 'unreadable' ? one : { each: [one.object], others: {} };
  }
  const outer = shape === 'batch' ? null : spelt(value);
  if (outer?.kind === 'unreadable') return outer;
  const { Messages: _messages, ...shared } = outer?.object ?? {};
  const list = asArray(outer === null ? value : field(outer.object, 'Messages'));
  if (list === null || list.length === 0) return unreadable('the body holds no list of at least one message');
  const each: JsonObject[] = [];
  for (const item of list) {
    const read = spelt(item);
    if (read.kind === 'unreadable') return read;
    each.push(shape === 'bulk' ? merged(shared, read.object) : read.object);
  }
  return { each, others: shared };
}

/** A bulk message: what all share, and its own recipients, model, metadata and headers. */
function merged(shared: JsonObject, own: JsonObject): JsonObject {
  return {
    ...shared, ...own,
    Metadata: { ...asObject(field(shared, 'Metadata')), ...asObject(field(own, 'Metadata')) },
    Headers: [...asArray(field(shared, 'Headers')) ?? [], ...asArray(field(own, 'Headers')) ?? []],
  };
}

function emailOf(body: JsonObject, { operation, liveness, where, others, bulk, budget }: {
  readonly operation: string; readonly liveness: Liveness; readonly where: string; readonly others: JsonObject; readonly bulk: boolean; readonly budget: OutputBudget;
}): Email | Unread {
  const headers = headersOf(body);
  if (headers === null) return unreadable(`${where}Headers is not a list of names and values, or names recipients`);
  const recipients: Addressee[] = [];
  for (const [name, role] of [['To', 'to'], ['Cc', 'cc'], ['Bcc', 'bcc']] as const) {
    const value = field(body, name);
    if (value !== undefined && value !== null && asString(value) === null) return unreadable(`${where}${name} is not a text`);
    recipients.push(...addressesIn(textOf(body, name) ?? '', role));
  }
  recipients.push(...strangers([...unknownFields(body), ...unknownFields(others), ...outside(others)], recipients));
  const model = asObject(field(body, 'TemplateModel'));
  const template = textOf(body, 'TemplateAlias') ?? idOf(field(body, 'TemplateId'));
  // Only a bulk call may have placeholders in its own texts.
  const tags = bulk ? tagsOf(model) : [];
  const written = ['Subject', 'TextBody', 'HtmlBody'].map((name) => textOf(body, name));
  const rendered = written.map((text) => text === null ? null : budget.render(text, tags));
  if (written.some((text, at) => text !== null && rendered[at] === null)) return unreadable(tooMuchText);
  const [subject = null, text = null, html = null] = rendered;
  return {
    channel: 'email', provider: 'postmark', operation, liveness, recipients,
    keys: keysOf(body, headers),
    from: senderOf(textOf(body, 'From')),
    subject, text, html,
    attachments: attachmentsOf(body),
    template: template === null ? null : { id: template, data: model },
  };
}

/** Recipients beside the list of a batch: no such fields are documented, and all messages may go to them. */
function* outside(others: JsonObject): Generator<{ readonly path: string; readonly text: string }> {
  for (const name of ['To', 'Cc', 'Bcc']) {
    const text = textOf(others, name);
    if (text !== null) yield { path: name.toLowerCase(), text };
  }
}

function senderOf(from: string | null): string | null {
  const list = from === null ? null : parseAddressList(from);
  return list?.kind === 'list' ? list.addresses[0]?.address ?? null : from;
}
