import type { HttpRequest } from '../../model/exchange.ts';
import type { Change, Rewritten, Said } from '../../model/provider.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { isHeaderText, mapTexts, rebuilt, saidOutside, textsIn } from '../wire/rebuilt.ts';
import { readMail } from './mail.ts';

/**
 * A mail/send call as it may leave: to, cc, bcc of every personalization, mail_settings.bcc and the reply addresses changed
 * together, subject and texts with them. The mail's own headers are not sent; the sender stays, for SendGrid takes verified ones
 * only. Other calls reach stored audiences, which no rewrite can change.
 */
export function rewriteMail(request: HttpRequest, change: Change): Rewritten<HttpRequest> {
  if (request.method !== 'POST' || request.path !== '/v3/mail/send') return impossible('only mail/send can be rewritten at SendGrid');
  if (request.query !== null || asksForAnotherMethod(request.headers)) return impossible('it has a query, or a header asks for another method');
  const mail = readMail(request);
  if (mail.kind === 'unreadable') return impossible(mail.why);
  const authorization = change.credential === null ? null : credentialOf(change.credential);
  if (authorization === undefined) return impossible('the credential of the rule is no SendGrid key and no user:password');

  const { headers: _headers, ...read } = mail.body;
  const personalizations = (asArray(field(read, 'personalizations')) ?? []).map((each) => personalization(asObject(each) ?? {}, change)).filter((each) => each !== null);
  if (personalizations.length === 0) return impossible('no recipient is left');
  const texts = mapTexts({ ...read, personalizations }, notText, change.text) as JsonObject;
  const body = pruned({
    ...texts,
    subject: subjectOf(read, change),
    headers: { 'X-Fourthwall-Capture': change.capture },
    reply_to: reply(field(read, 'reply_to'), change),
    reply_to_list: asArray(field(read, 'reply_to_list'))?.map((each) => reply(each, change)).filter((each) => each !== undefined),
    mail_settings: settings(field(read, 'mail_settings'), change),
  });
  return {
    kind: 'rewritten',
    request: rebuilt(request, {
      query: null, keep: change.credential === null ? ['on-behalf-of'] : [], authorization,
      body: { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) },
    }),
  };
}

export function saidByMail(request: HttpRequest): readonly Said[] | null {
  const mail = readMail(request);
  return mail.kind === 'unreadable' ? null : [...saidOutside(request), ...textsIn(mail.body, (path) => path === 'body.from' || /^body\.personalizations\.\d+\.from$/.test(path) || isFile(path))];
}

/** Files are no text; the others are changed in their own way. */
function notText(path: string): boolean {
  return isFile(path) || /^body\.(?:from|subject|reply_to|reply_to_list|mail_settings|template_id|personalizations\.\d+\.(?:to|cc|bcc|from|subject|headers))$/.test(path);
}

function isFile(path: string): boolean {
  return /^body\.attachments\.\d+\.content$/.test(path);
}

/** Null when nobody is left. SendGrid wants a `to`, and each address once in to, cc and bcc together. */
function personalization({ headers: _headers, ...read }: JsonObject, change: Change): JsonObject | null {
  const seen = new Set<string>();
  const list = (role: 'to' | 'cc' | 'bcc'): readonly JsonObject[] => (asArray(field(read, role)) ?? []).flatMap((each) => {
    const entry = asObject(each) ?? {};
    const address = change.recipient({ address: asString(field(entry, 'email'))?.trim() ?? '', kind: 'email', role });
    if (address === null || seen.has(address.toLowerCase())) return [];
    seen.add(address.toLowerCase());
    return [named(entry, address)];
  });
  const [to, cc, bcc] = [list('to'), list('cc'), list('bcc')];
  const first = to.length > 0 ? to : [...cc, ...bcc].slice(0, 1);
  if (first.length === 0) return null;
  const rest = (entries: readonly JsonObject[]): readonly JsonObject[] | undefined => {
    const others = entries.filter((entry) => !first.includes(entry));
    return others.length === 0 ? undefined : others;
  };
  const subject = asString(field(read, 'subject'));
  return pruned({ ...read, to: first, cc: rest(cc), bcc: rest(bcc), ...(subject === null ? {} : { subject: change.subject(subject) }) });
}

function named(entry: JsonObject, email: string): JsonObject {
  const name = asString(field(entry, 'name'));
  return name === null || name.includes('@') ? { email } : { email, name };
}

function subjectOf(body: JsonObject, change: Change): string | undefined {
  const subject = asString(field(body, 'subject'));
  return subject === null ? undefined : change.subject(subject);
}

function reply(value: JsonValue | undefined, change: Change): JsonObject | undefined {
  const entry = asObject(value);
  const address = entry === null ? null : change.sender(asString(field(entry, 'email'))?.trim() ?? '');
  return entry === null || address === null ? undefined : named(entry, address);
}

function settings(value: JsonValue | undefined, change: Change): JsonValue | undefined {
  const read = asObject(value);
  const email = asString(field(asObject(field(read, 'bcc')), 'email'))?.trim();
  if (read === null || email === undefined) return value;
  const address = change.recipient({ address: email, kind: 'email', role: 'bcc' });
  return pruned({ ...read, bcc: address === null ? undefined : { ...asObject(field(read, 'bcc')), email: address } });
}

/** 'SG.…' goes as a bearer, 'user:password' as Basic; undefined for anything that is no header */
function credentialOf(credential: string): string | undefined {
  if (!isHeaderText(credential)) return undefined;
  return /^[^:]+:./.test(credential) ? `Basic ${Buffer.from(credential).toString('base64')}` : `Bearer ${credential}`;
}

function pruned(object: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}

function impossible(why: string): Rewritten<HttpRequest> {
  return { kind: 'impossible', why };
}
