import { hideInPlain, hideMails } from './plain-text.ts';
import { packed, packedTokens, readings, untagged } from './readings.ts';
import { hideWords, type Known } from './known.ts';
import { hidden, type Shown } from './shown-address.ts';

export interface Hiding { readonly known: Known; readonly shown: Shown }

/** How often one reading is applied to what another gave: a percent-encoded link in an HTML attribute in JSON. */
const depth = 3;
/** A token of this many characters of base64 is a file or a packed document: nobody can tell what it says. */
const opaque = 400;
/** Longer texts are not read: everybody else's calls would wait for it. Characters. */
export const longestText = 300_000;

/**
 * A text with everybody hidden who is not shown. What only another reading of it would show (escapes, character references, base64) is
 * hidden by the piece it stands in; where that does not help either, all of it is. So the answer is always one that no reading betrays.
 */
export function maskText(text: string, hiding: Hiding): string {
  if (text.length < 3) return text;
  if (text.length > longestText) return hidden;
  const joined = withoutTornApart(withoutPackedLines(text, hiding), hiding);
  if (joined === null) return hidden;
  const plain = hideInPlain(joined, hiding);
  if (isClean(plain, hiding)) return plain;
  const words = plain.split(/(\s+)/).map((part, at) => (at % 2 === 1 ? part : maskWord(part, hiding))).join('');
  return isClean(words, hiding) ? words : hidden;
}

/** `<b>ann</b>.lee@x.test`: hidden as it stands, the first half would stay. Null: it cannot be put together word by word. */
function withoutTornApart(text: string, hiding: Hiding): string | null {
  if (!isTornApart(text, hiding)) return text;
  const words = text.split(/(\s+)/).map((word) => (isTornApart(word, hiding) ? hideInPlain(untagged(word), hiding) : word)).join('');
  return isTornApart(words, hiding) ? null : words;
}

function isTornApart(text: string, { shown }: Hiding): boolean {
  if (!text.includes('<') || !/[@\uff20\ufe6b]/.test(text)) return false;
  const written = new Set(mailsIn(text));
  return mailsIn(untagged(text)).some((address) => !written.has(address) && address.slice(address.lastIndexOf('@')).includes('.') && !shown('email', address));
}

function mailsIn(text: string): readonly string[] {
  const found: string[] = [];
  hideMails(text, (_kind, address) => {
    found.push(address);
    return true;
  });
  return found;
}

/** As little of it as will do: the parts of a link, else all of it. */
function maskWord(word: string, hiding: Hiding): string {
  if (word.length < 3 || isClean(word, hiding)) return word;
  const parts = word.split(/(["'<>()[\]{},;?|/:\\&=]+)/).map((part, at) => (at % 2 === 1 ? part : maskPiece(part, hiding))).join('');
  return isClean(parts, hiding) ? parts : maskPiece(word, hiding);
}

function maskPiece(piece: string, hiding: Hiding): string {
  if (piece.length < 3 || isClean(piece, hiding)) return piece;
  for (const read of readings) {
    const said = read(piece);
    const masked = said === piece ? piece : hideInPlain(said, hiding);
    if (masked !== said && isClean(masked, hiding)) return masked;
  }
  return hidden;
}

/** Does no reading of it show anybody who is to be hidden? */
function isClean(text: string, hiding: Hiding): boolean {
  if (hideInPlain(text, hiding) !== text || packsSomebody(text, hiding)) return false;
  // taking tags away puts words together: without a dot that makes no address
  const read: Hiding = { ...hiding, shown: (kind, address) => (kind === 'email' && !address.slice(address.lastIndexOf('@')).includes('.')) || hiding.shown(kind, address) };
  const seen = new Set([text]);
  let latest = [text];
  for (let step = 0; step < depth && latest.length > 0; step += 1) {
    const next: string[] = [];
    for (const one of latest) {
      for (const reading of readings) {
        const said = reading(one);
        if (seen.has(said)) continue;
        if (hideInPlain(said, read) !== said || (step === 0 && packsSomebody(said, hiding))) return false;
        seen.add(said);
        next.push(said);
      }
    }
    latest = next;
  }
  return true;
}

const mail = /[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,24}/gi;
const number = /\+[1-9][0-9]{7,14}/g;

/** base64 in lines: an address may begin in one and end in the next */
const lines = /(?:[A-Za-z0-9+/]{50,100}\r?\n)+[A-Za-z0-9+/]{1,100}={0,2}/g;

function withoutPackedLines(text: string, hiding: Hiding): string {
  return text.includes('\n') ? text.replace(lines, (block) => (packsSomebody(block.replace(/[\r\n]/g, ''), hiding) ? hidden : block)) : text;
}

function packsSomebody(text: string, { known, shown }: Hiding): boolean {
  return packedTokens.some((tokens) => [...text.matchAll(tokens)].some(([token]) => token.length >= opaque || packed(token).some((said) =>
    [...said.matchAll(mail)].some(([address]) => !shown('email', address))
    || [...said.matchAll(number)].some(([digits]) => !shown('phone', digits))
    || hideWords(said, known) !== said)));
}
