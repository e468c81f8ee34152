import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Email } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { mailboxes } from '../wire/address-field.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export type LoopsOperation = 'transactional.send' | 'events.send' | 'contacts.create' | 'contacts.update' | 'contacts.delete' | 'email-messages.preview';

/** A call that reaches somebody, or may by a workflow of the account's. */
export interface LoopsCall {
  readonly kind: 'call';
  readonly operation: LoopsOperation;
  readonly body: JsonObject;
  /** the path's id, where it has one */
  readonly id: string;
  readonly effect: Email;
}

const routes: readonly { readonly method: string; readonly path: RegExp; readonly operation: LoopsOperation }[] = [
  { method: 'POST', path: /^\/api\/v1\/transactional$/, operation: 'transactional.send' },
  { method: 'POST', path: /^\/api\/v1\/events\/send$/, operation: 'events.send' },
  { method: 'POST', path: /^\/api\/v1\/contacts\/create$/, operation: 'contacts.create' },
  { method: 'PUT', path: /^\/api\/v1\/contacts\/update$/, operation: 'contacts.update' },
  { method: 'POST', path: /^\/api\/v1\/contacts\/update$/, operation: 'contacts.update' },
  { method: 'POST', path: /^\/api\/v1\/contacts\/delete$/, operation: 'contacts.delete' },
  { method: 'POST', path: /^\/api\/v1\/email-messages\/([\w-]+)\/preview$/, operation: 'email-messages.preview' },
];

export const callOperations: readonly LoopsOperation[] = [...new Set(routes.map(({ operation }) => operation))];

const known = ['email', 'userId', 'transactionalId', 'addToAudience', 'dataVariables', 'attachments', 'eventName', 'eventProperties', 'mailingLists', 'emails'];

/** Null: the path is none of these. */
export function readCall(request: HttpRequest): LoopsCall | Unread | null {
  for (const { method, path, operation } of routes) {
    const found = request.method === method ? path.exec(request.path) : null;
    if (found === null) continue;
    if (request.query !== null) return unreadable(`${operation} has no query`);
    if (isBodiless(request)) return unreadable(`${operation} has no body`);
    const json = jsonBody(request);
    if (json.kind === 'unreadable') return json;
    const body = asObject(json.value);
    if (body === null) return unreadable('the body is not a JSON object');
    const odd = lookalike(Object.keys(body), known);
    if (odd !== null) return unreadable(`key '${odd.slice(0, 40)}' is not spelt as Loops spells it`);
    const recipients = recipientsOf(operation, body);
    return 'kind' in recipients ? recipients : { kind: 'call', operation, body, id: found[1] ?? '', effect: effectOf(operation, body, recipients) };
  }
  return null;
}

function recipientsOf(operation: LoopsOperation, body: JsonObject): readonly Addressee[] | Unread {
  switch (operation) {
    case 'transactional.send': {
      const email = asString(field(body, 'email'));
      if (email === null || email.trim() === '') return unreadable('email is not a text');
      const added = field(body, 'addToAudience');
      const to = [...addressees(email, 'to'), ...added === undefined || added === null || added === false ? [] : [audience('workflows that a new contact enters')]];
      // Cc and Bcc of a stored mail may be filled from its data: https://loops.so/docs/api-reference/send-transactional-email
      return [...to, ...others(leaves({ ...body, email: null, attachments: null, addToAudience: null, transactionalId: null }, ''), to)];
    }
    case 'email-messages.preview': {
      const emails = asArray(field(body, 'emails'));
      if (emails === null || emails.length === 0 || emails.some((each) => (asString(each) ?? '').trim() === '')) return unreadable('emails is not a list of addresses');
      return emails.flatMap((each) => addressees(asString(each) ?? '', 'to'));
    }
    default: {
      const email = field(body, 'email') ?? null;
      const userId = field(body, 'userId') ?? null;
      if (email !== null && (asString(email) ?? '').trim() === '') return unreadable('email is not a text');
      if (userId !== null && (asString(userId) ?? '').trim() === '') return unreadable('userId is not a text');
      if (email === null && userId === null) return unreadable('neither email nor userId says whom it is about');
      const contact = [
        ...email === null ? [] : addressees(asString(email) ?? '', 'contact'),
        ...userId === null ? [] : [{ address: asString(userId) ?? '', kind: 'customer', role: 'contact' } as const],
      ];
      const workflows = audience(operation === 'events.send' ? `workflows that event ${name(body)} starts` : `workflows that ${operation.replace('contacts.', '')} of a contact starts`);
      const all = [...contact, ...operation === 'contacts.delete' ? [] : [workflows]];
      return [...all, ...others(leaves({ ...body, email: null, userId: null, eventName: null }, ''), all)];
    }
  }
}

/** Loops sends nothing but mail: a number among the properties is nobody who would be reached. */
function others(texts: Iterable<{ readonly path: string; readonly text: string }>, already: readonly Addressee[]): readonly Addressee[] {
  return strangers(texts, already).filter(({ kind }) => kind === 'email');
}

function name(body: JsonObject): string {
  return (asString(field(body, 'eventName')) ?? 'without a name').slice(0, 100);
}

function addressees(text: string, role: string): readonly Addressee[] {
  return mailboxes(text).map((address) => ({ address, kind: 'email', role }));
}

function audience(address: string): Addressee {
  return { address, kind: 'audience', role: 'audience' };
}

function effectOf(operation: LoopsOperation, body: JsonObject, recipients: readonly Addressee[]): Email {
  const template = asString(field(body, 'transactionalId'));
  const userId = asString(field(body, 'userId'));
  const event = asString(field(body, 'eventName'));
  return {
    channel: 'email', provider: 'loops', operation, liveness: 'unknown', recipients,
    keys: [...userId === null ? [] : [{ name: 'user_id', value: userId }], ...event === null ? [] : [{ name: 'event', value: event }]],
    from: null, subject: null, text: null, html: null,
    attachments: (asArray(field(body, 'attachments')) ?? []).map(attachmentOf),
    template: template === null ? null : { id: template, data: field(body, 'dataVariables') ?? null },
  };
}

function attachmentOf(value: JsonObject[string]): Attachment {
  const attachment = asObject(value);
  return {
    filename: asString(field(attachment, 'filename')),
    contentType: asString(field(attachment, 'contentType')) ?? 'application/octet-stream',
    contentId: null,
    content: Buffer.from(asString(field(attachment, 'data')) ?? '', 'base64'),
  };
}
