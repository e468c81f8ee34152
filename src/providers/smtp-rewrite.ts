import { parseAddressList } from '../model/address/address-list.ts';
import type { Header, Headers, MailTransaction } from '../model/exchange.ts';
import { header, headerAll } from '../model/exchange.ts';
import type { Change, Rewritten, Said } from '../model/provider.ts';
import { decodeWords } from './wire/encoded-word.ts';
import { headerText, readHeaderBlock } from './wire/header-block.ts';
import { leafText, readMimeTree, withCrlf } from './wire/mime-tree.ts';
import type { MimePart } from './wire/mime-tree.ts';
import { encodeWords, writeMessage } from './wire/mime-text.ts';
import type { PartToWrite } from './wire/mime-text.ts';

/** Fields that reach nobody and say nothing about anybody, each with the form it must have. All others stay in the record only. */
const harmless: Readonly<Record<string, RegExp | undefined>> = {
  date: /^[A-Za-z0-9 ,:+()-]{1,60}$/, importance: /^[a-z]{1,10}$/i, priority: /^[a-z-]{1,20}$/i, 'x-priority': /^[1-5](?: \([a-z]+\))?$/i,
  'auto-submitted': /^[a-z-]{1,40}$/i, precedence: /^[a-z]{1,20}$/i,
};

/**
 * A mail as it may leave: envelope and addressed fields changed together, the header block made anew from a list of known
 * fields, every part encoded anew. Bcc, Resent-*, Reply paths, receipts, List-*, trace and service fields (X-SMTPAPI and the
 * like) are never written, nor are ESMTP parameters (ORCPT, NOTIFY, RET, ENVID). The message gets an identity of its own.
 */
export function rewriteMail(transaction: MailTransaction, change: Change): Rewritten<MailTransaction> {
  const message = withCrlf(transaction.message);
  const block = readHeaderBlock(message);
  if (block.kind === 'unreadable') return impossible(block.why);
  const twice = ['from', 'sender', 'reply-to', 'to', 'cc', 'subject', 'date'].find((name) => headerAll(block.headers, name).length > 1);
  if (twice !== undefined) return impossible(`it has two ${twice} fields`);
  const tree = readMimeTree(message);
  if (tree.kind === 'unreadable') return impossible(tree.why);

  const envelope = unique(transaction.to.map(({ address }) => change.recipient({ address: address.trim(), kind: 'email', role: 'envelope' })));
  const [first] = envelope;
  if (first === undefined) return impossible('no recipient is left');
  const fields = addressFields(block.headers, change, envelope, first);
  if ('kind' in fields) return fields;
  const names = contentIds(tree);
  const root = partToWrite(tree, change, names);
  if (root === null) return impossible('a part is neither a file nor text in a known charset');
  const written = [
    ...fields.headers,
    ...subjectField(block.headers, change),
    ...block.headers.filter(([name, value]) => harmless[name.toLowerCase()]?.test(value)).map(([name, value]): Header => [name, value]),
    ['Message-ID', `<${change.capture}@fourthwall.invalid>`],
    ['X-Fourthwall-Capture', change.capture],
  ] as const;
  const bad = envelope.find((address) => !/^[\x21-\x7e]+$/.test(address));
  if (bad !== undefined) return impossible('a recipient has characters that no envelope takes');
  return {
    kind: 'rewritten',
    request: {
      kind: 'mail', helo: null, tls: transaction.tls, authUser: null,
      from: { address: transaction.from.address === '' ? '' : change.sender(transaction.from.address) ?? '', parameters: [] },
      to: envelope.map((address) => ({ address, parameters: [] })),
      message: writeMessage(written, root),
    },
  };
}

/** What a reader of the mail sees or a program may follow: header values and every textual part, decoded. */
export function saidByMail({ from, message }: MailTransaction): readonly Said[] | null {
  const tree = readMimeTree(message);
  if (tree.kind === 'unreadable') return null;
  const own = /^(?:message-id|x-fourthwall-capture|content-type|content-transfer-encoding|content-id|mime-version|date)$/i;
  const said: Said[] = from.address === '' ? [] : [{ where: 'envelope from', text: from.address, form: 'plain' }];
  for (const [name, value] of tree.headers) {
    if (!own.test(name)) said.push({ where: `header ${name.toLowerCase()}`, text: decodeWords(headerText(value)), form: 'plain' });
  }
  return textsOf(tree, said) ? said : null;
}

function textsOf(part: MimePart, said: Said[]): boolean {
  if (part.kind === 'multipart') return part.parts.every((each) => textsOf(each, said));
  const text = isTextual(part.media.type) ? leafText(part) : fileText(part);
  if (text === null && !isTextual(part.media.type)) return !part.media.type.startsWith('message/');
  if (text !== null) said.push({ where: `part ${said.length} (${part.media.type})`, text, form: part.media.type === 'text/html' ? 'html' : 'plain' });
  return text !== null;
}

interface AddressFields { readonly headers: Headers }

function addressFields(headers: Headers, change: Change, envelope: readonly string[], first: string): AddressFields | Rewritten<never> {
  const fields: Header[] = [];
  for (const [name, asSender] of [['From', true], ['Sender', true], ['Reply-To', true], ['To', false], ['Cc', false]] as const) {
    const value = header(headers, name);
    if (value === null || value === '') continue;
    const list = parseAddressList(headerText(value));
    if (list.kind === 'invalid') return impossible(`its ${name} field ${list.why}`);
    const shown = new Map<string, string>();
    for (const each of list.addresses) {
      const address = asSender ? change.sender(each.address) : change.recipient({ address: each.address, kind: 'email', role: name.toLowerCase() });
      if (address !== null && !shown.has(address)) shown.set(address, mailbox(each.name, address));
    }
    if (shown.size > 0) fields.push([name, [...shown.values()].join(', ')]);
  }
  const has = (name: string): boolean => fields.some(([each]) => each === name);
  return {
    headers: [
      ...(has('From') ? [] : [['From', first] as const]), // answers go back to who reads it
      ...fields,
      ...(has('To') || has('Cc') ? [] : [['To', envelope.join(', ')] as const]),
    ],
  };
}

/** A display name stays unless it could name somebody itself: many mailers put the address there too. */
function mailbox(name: string | null, address: string): string {
  const shown = name === null ? '' : decodeWords(name).normalize('NFKC').replaceAll(/\p{Cc}+/gu, ' ').trim();
  if (shown === '' || shown.includes('@') || (shown.match(/\p{Nd}/gu)?.length ?? 0) >= 7 || shown.length > 200) return address;
  const words = encodeWords(shown);
  return `${words === shown ? `"${shown.replaceAll(/["\\]/g, String.raw`\$&`)}"` : words} <${address}>`;
}

function subjectField(headers: Headers, change: Change): Headers {
  const subject = change.subject(decodeWords(headerText(header(headers, 'subject') ?? '')));
  return subject === '' ? [] : [['Subject', encodeWords(subject)]];
}

/** Content-IDs look like addresses, so the parts are named anew, and HTML that shows them with it. */
function contentIds(part: MimePart, names = new Map<string, string>()): ReadonlyMap<string, string> {
  const id = /^<([^<>]+)>$/.exec(header(part.headers, 'content-id') ?? '')?.[1];
  if (id !== undefined && !names.has(id)) names.set(id, `part${names.size + 1}.fourthwall`);
  if (part.kind === 'multipart') for (const each of part.parts) contentIds(each, names);
  return names;
}

function partToWrite(part: MimePart, change: Change, names: ReadonlyMap<string, string>): PartToWrite | null {
  if (part.kind === 'multipart') {
    const parts = part.parts.map((each) => partToWrite(each, change, names));
    if (!parts.every((each) => each !== null)) return null;
    const subtype = part.media.type.slice('multipart/'.length);
    return { kind: 'multipart', headers: [], subtype: /^(?:mixed|alternative|related)$/.test(subtype) ? subtype : 'mixed', parts };
  }
  const { type, parameters } = part.media;
  const headers: Header[] = [...disposition(part), ...contentId(part, names)];
  if (type.startsWith('message/')) return null;
  if (!isTextual(type)) {
    const file = fileText(part);
    return { kind: 'leaf', headers, type, content: file === null ? part.content : Buffer.from(change.text(file), 'utf8') };
  }
  const text = leafText(part);
  if (text === null) return null;
  const named = [...names].reduce((all, [old, now]) => (type === 'text/html' ? all.replaceAll(`cid:${old}`, `cid:${now}`) : all), text);
  const kept = ['format', 'delsp', 'method'].filter((name) => /^[A-Za-z]{1,20}$/.test(parameters[name] ?? '')).map((name) => `; ${name}=${parameters[name]}`);
  return { kind: 'leaf', headers, type: `${type}; charset=utf-8${kept.join('')}`, content: Buffer.from(change.text(named), 'utf8') };
}

/** Of a file only its place and a plain name. */
function disposition({ headers, media }: MimePart): Headers {
  const value = header(headers, 'content-disposition') ?? '';
  const place = /^\s*(attachment|inline)\b/i.exec(value)?.[1]?.toLowerCase();
  const name = decodeWords(/;\s*filename="?([^";]{1,200})"?/i.exec(value)?.[1] ?? media.parameters['name'] ?? '').replaceAll(/[^A-Za-z0-9._ -]/g, '_').trim();
  if (place === undefined && name === '') return [];
  return [['Content-Disposition', `${place ?? (header(headers, 'content-id') === null ? 'attachment' : 'inline')}${name === '' ? '' : `; filename="${name.slice(0, 100)}"`}`]];
}

function contentId({ headers }: MimePart, names: ReadonlyMap<string, string>): Headers {
  const name = names.get((header(headers, 'content-id') ?? '').slice(1, -1));
  return name === undefined ? [] : [['Content-ID', `<${name}>`]];
}

/** A file of any type whose bytes are plain text all the same, as an exported list is; null for PDF, pictures, archives. */
function fileText(part: Extract<MimePart, { kind: 'leaf' }>): string | null {
  const text = leafText({ ...part, media: { type: 'text/plain', parameters: {} } });
  return text === null || /(?![\t\r\n\f])\p{Cc}/u.test(text) ? null : text;
}

/** What has to be read to be searched for people: where it cannot be, the mail does not leave. */
function isTextual(type: string): boolean {
  return type.startsWith('text/') || /^application\/(?:(?:.*\+)?(?:json|xml)|ics|x-yaml|yaml|csv|javascript|x-ndjson|rtf)$/.test(type);
}

function unique(addresses: readonly (string | null)[]): readonly string[] {
  return [...new Set(addresses.filter((address) => address !== null))];
}

function impossible(why: string): Rewritten<never> {
  return { kind: 'impossible', why };
}
