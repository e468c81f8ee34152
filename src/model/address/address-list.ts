import { parseEmailAddress } from './email-address.ts';

export interface ListedAddress {
  readonly address: string;
  /** display name as it stood, without its quotes; encoded words are not decoded */
  readonly name: string | null;
}
export type AddressList =
  | { readonly kind: 'list'; readonly addresses: readonly ListedAddress[] }
  | { readonly kind: 'invalid'; readonly why: string };

const most = { characters: 2 * 1024 * 1024, addresses: 10_000, commentDepth: 5 };

/**
 * Reads a To, Cc, Bcc ... value (or an API field with the same grammar): mailboxes and groups, with display names, comments
 * and folding. Every character is accounted for, or the whole value is invalid: nothing is skipped, guessed or repaired.
 * Not taken although RFC 5322 has them: source routes, quoted or commented addr-specs, empty list elements, comments that
 * hold address characters. One pass, no backtracking. `undisclosed-recipients:;` is a list of none.
 */
export function parseAddressList(text: string): AddressList {
  if (text.length > most.characters) return { kind: 'invalid', why: `is longer than ${most.characters} characters` };
  // RFC 5322 2.2.3: a fold is CRLF before a blank. Any other CR or LF is an attempt at a second header.
  const unfolded = text.replace(/\r\n(?=[ \t])/g, '');
  if (/(?!\t)\p{Cc}/u.test(unfolded)) return { kind: 'invalid', why: 'has a control character or an unfolded line break' };
  try {
    return { kind: 'list', addresses: readList({ text: unfolded, at: 0 }) };
  } catch (error) {
    if (error instanceof NotAnAddressList) return { kind: 'invalid', why: error.message };
    throw error;
  }
}

class NotAnAddressList extends Error {}

interface Reader { readonly text: string; at: number }

/** address-list = address *("," address), to the end of the text */
function readList(reader: Reader): readonly ListedAddress[] {
  const found: ListedAddress[] = [];
  for (;;) {
    readAddress(reader, found);
    skipBlank(reader);
    if (reader.at === reader.text.length) return found;
    expect(reader, ',', 'has text behind an address');
  }
}

/** address = mailbox / group */
function readAddress(reader: Reader, found: ListedAddress[]): void {
  const start = reader.at;
  const name = readPhrase(reader);
  if (peek(reader) !== ':') {
    reader.at = start;
    readMailbox(reader, found);
    return;
  }
  if (name === null) throw new NotAnAddressList('has a group without a name');
  reader.at += 1;
  skipBlank(reader);
  if (peek(reader) !== ';') {
    readMailbox(reader, found);
    for (skipBlank(reader); peek(reader) !== ';'; skipBlank(reader)) {
      expect(reader, ',', 'has a group that is not closed with ;');
      readMailbox(reader, found);
    }
  }
  reader.at += 1;
  while (peek(reader) === ' ' || peek(reader) === '\t') reader.at += 1;
  if (peek(reader) === '(') throw new NotAnAddressList('has a comment behind a group'); // nodemailer makes a recipient of it
}

/** mailbox = [phrase] "<" addr-spec ">" / addr-spec */
function readMailbox(reader: Reader, found: ListedAddress[]): void {
  if (found.length >= most.addresses) throw new NotAnAddressList(`has more than ${most.addresses} addresses`);
  const start = reader.at;
  const name = readPhrase(reader);
  if (peek(reader) === '<') {
    const close = reader.text.indexOf('>', reader.at);
    if (close < 0) throw new NotAnAddressList('has a < that is not closed');
    found.push({ address: strict(reader.text.slice(reader.at + 1, close)), name });
    reader.at = close + 1;
    return;
  }
  reader.at = start;
  skipBlank(reader);
  if (peek(reader) === '"') throw new NotAnAddressList('has a quoted string that no <address> follows');
  const end = endOfBareAddress(reader);
  found.push({ address: strict(reader.text.slice(reader.at, end)), name: null });
  reader.at = end;
}

function strict(text: string): string {
  const parsed = parseEmailAddress(text);
  if (parsed.kind === 'invalid') throw new NotAnAddressList(text === '' ? 'has an empty address' : `has an address that ${parsed.why}`);
  return parsed.address;
}

function endOfBareAddress(reader: Reader): number {
  let end = reader.at;
  while (end < reader.text.length && !' \t(,;:<>"'.includes(reader.text[end]!)) end += 1;
  return end;
}

/** phrase = 1*word, where a word is an atom (dots allowed, as RFC 5322 4.1 obs-phrase) or a quoted string; null for none */
function readPhrase(reader: Reader): string | null {
  const words: string[] = [];
  for (;;) {
    skipBlank(reader);
    const next = peek(reader);
    if (next === '"') words.push(readQuoted(reader));
    else {
      const start = reader.at;
      while (reader.at < reader.text.length && isNameCharacter(reader.text, reader.at)) reader.at += 1;
      if (reader.at === start) break;
      words.push(reader.text.slice(start, reader.at));
    }
  }
  const name = words.join(' ');
  // A letter that normalises to < @ , ... would be a second address to software that normalises first.
  if (/[^\x20-\x7e]/.test(name) && !/^[\p{L}\p{M}\p{N}\p{P}\p{S}\x20\u200c\u200d]*$/u.test(name)) {
    throw new NotAnAddressList('has an invisible or control character in a display name');
  }
  if (/[<>@,;:"]/.test(name.replace(/\p{ASCII}/gu, '').normalize('NFKC'))) {
    throw new NotAnAddressList('has a look-alike of an address character in a display name');
  }
  return words.length === 0 ? null : name;
}

function readQuoted(reader: Reader): string {
  let content = '';
  for (let at = reader.at + 1; at < reader.text.length; at += 1) {
    const character = reader.text[at]!;
    if (character === '"') {
      reader.at = at + 1;
      return content;
    }
    if (character === '\\') at += 1;
    content += reader.text[at] ?? '';
  }
  throw new NotAnAddressList('has a quoted string that is not closed');
}

/** atext of RFC 5322 3.2.3, the dot, and what is not ASCII */
function isNameCharacter(text: string, at: number): boolean {
  return /[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]|\P{ASCII}/u.test(text[at]!);
}

/** Blanks and comments. A comment may hold words only: parsers differ on addresses within. */
function skipBlank(reader: Reader): void {
  for (;;) {
    const next = peek(reader);
    if (next === ' ' || next === '\t') reader.at += 1;
    else if (next === '(') skipComment(reader);
    else return;
  }
}

function skipComment(reader: Reader): void {
  let depth = 0;
  for (; reader.at < reader.text.length; reader.at += 1) {
    const character = reader.text[reader.at]!;
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (/[<>@,;:"\\]|[^\t\x20-\x7e]/.test(character)) throw new NotAnAddressList('has address characters in a comment');
    if (depth > most.commentDepth) throw new NotAnAddressList('has comments nested too deeply');
    if (depth === 0) {
      reader.at += 1;
      return;
    }
  }
  throw new NotAnAddressList('has a comment that is not closed');
}

function peek(reader: Reader): string | undefined {
  return reader.text[reader.at];
}

function expect(reader: Reader, character: string, why: string): void {
  if (peek(reader) !== character) throw new NotAnAddressList(why);
  reader.at += 1;
}
