import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';
import { jsonBody } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { createOutputBudget, tooMuchText } from '../wire/output-budget.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { readContent } from './content.ts';
import type { Content } from './content.ts';
import { readEntries } from './recipients.ts';
import type { Entry } from './recipients.ts';
import { substituted } from './substitution.ts';

/** POST /api/v1/transmissions. https://developers.sparkpost.com/api/transmissions/ */
export interface Transmission {
  readonly kind: 'transmission';
  readonly body: JsonObject;
  readonly content: Content;
  readonly entries: readonly Entry[];
  /** one for each recipient in its own right, with the copies made of it */
  readonly mails: readonly Email[];
}

const fields = ['options', 'campaign_id', 'description', 'metadata', 'substitution_data', 'return_path', 'content', 'recipients', 'cc', 'bcc', 'archive', 'id', 'name'];

export function isTransmission({ method, path }: HttpRequest): boolean {
  return method === 'POST' && /^\/api\/v1\/transmissions\/?$/.test(path);
}

/** Whom it would reach must be certain; what else is wrong with it is for `faultsOf` to answer. */
export function readTransmission(request: HttpRequest): Transmission | Unread {
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  if (query.fields.some(([name, value]) => name !== 'num_rcpt_errors' || !/^[0-9]{0,9}$/.test(value))) return unreadable('the query holds something other than num_rcpt_errors');
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const body = asObject(json.value);
  if (body === null) return unreadable('the body is not a JSON object');
  const odd = lookalike(Object.keys(body), fields);
  if (odd !== null) return unreadable(`key '${odd.slice(0, 40)}' is not spelt as SparkPost spells it`);
  const content = readContent(field(body, 'content'));
  if (content.kind === 'unreadable') return content;
  const entries: Entry[] = [];
  for (const where of ['recipients', 'cc', 'bcc', 'archive']) {
    if (where !== 'recipients' && (field(body, where) ?? null) === null) continue;
    const read = readEntries(field(body, where), where, content.shownCc);
    if ('kind' in read) return read;
    entries.push(...read);
  }
  const mails = mailsOf(body, content, entries);
  return 'kind' in mails ? mails : { kind: 'transmission', body, content, entries, mails };
}

function mailsOf(body: JsonObject, content: Content, entries: readonly Entry[]): readonly Email[] | Unread {
  const everybody = entries.flatMap(({ addressees }) => addressees);
  const unknown = Object.entries(body).filter(([name]) => !fields.includes(name)).flatMap(([name, value]) => [...leaves(value, name)]);
  const seen = new Set(everybody.map(({ address }) => address.toLowerCase()));
  const others = [...content.shown.filter(({ address }) => !seen.has(address.toLowerCase())), ...strangers(unknown, [...everybody, ...content.shown])];
  const budget = createOutputBudget();
  const mails: Email[] = [];
  for (const [index, { entry, copies }] of grouped(entries).entries()) {
    const data = { ...asObject(field(body, 'metadata')), ...entry.metadata, ...asObject(field(body, 'substitution_data')), ...entry.substitution };
    const values = { address: { email: entry.addressees[0]?.address ?? '', name: entry.name }, ...data };
    const said = { subject: substituted(content.subject, values, budget.render, false), text: substituted(content.text, values, budget.render, false), html: substituted(content.html, values, budget.render, true) };
    if (Object.values(said).includes(undefined)) return unreadable(tooMuchText);
    const mail: Email = {
      channel: 'email', provider: 'sparkpost', operation: 'transmissions.create',
      // options.sandbox is no test mode: such a mail is delivered, from a domain of SparkPost's
      liveness: 'unknown',
      recipients: [...entry.addressees, ...copies, ...index === 0 ? others : []],
      keys: [...keysOf(body, entry), ...content.keys],
      from: content.from, subject: said.subject ?? null, text: said.text ?? null, html: said.html ?? null, attachments: content.attachments,
      template: content.templateId === null ? null : { id: content.templateId, data: Object.keys(data).length === 0 ? null : data },
    };
    const excess = budget.take(mail);
    if (excess !== null) return unreadable(excess);
    mails.push(mail);
  }
  return mails;
}

/** Copies go with the first recipient whom their To line names; one whose line names none of them is a mail of its own. */
function grouped(entries: readonly Entry[]): readonly { readonly entry: Entry; readonly copies: readonly Addressee[] }[] {
  const isCopy = ({ headerTo, addressees }: Entry): boolean => headerTo !== null || ['cc', 'bcc', 'archive'].includes(addressees[0]?.role ?? '');
  const groups: { readonly entry: Entry; readonly copies: Addressee[] }[] = entries.filter((entry) => !isCopy(entry)).map((entry) => ({ entry, copies: [] }));
  // not all of very many: each copy is compared with each
  const originals = groups.slice(0, 100);
  for (const entry of entries.filter(isCopy)) {
    const line = entry.headerTo?.toLowerCase();
    const group = originals.find((original) => line === undefined || original.entry.addressees.some(({ address }) => line.includes(address.toLowerCase())));
    if (group === undefined) groups.push({ entry, copies: [] });
    else group.copies.push(...entry.addressees);
  }
  return groups;
}

/** metadata (a recipient's wins over the call's), the recipient's tags, the campaign. */
function keysOf(body: JsonObject, entry: Entry): Email['keys'] {
  const metadata: JsonObject = { ...asObject(field(body, 'metadata')), ...entry.metadata };
  const campaign = asString(field(body, 'campaign_id'));
  return [
    ...Object.entries(metadata).map(([name, value]) => ({ name, value: text(value) })),
    ...entry.tags.map((value) => ({ name: 'tag', value })),
    ...campaign === null ? [] : [{ name: 'campaign_id', value: campaign }],
  ];
}

function text(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
