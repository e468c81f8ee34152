import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

export interface Query { match(object: Readonly<Record<string, unknown>>): boolean }

/**
 * The part of SendGrid's query language that applications use to find one person or mail: `email = 'a@x.test' AND status LIKE 'd%'`. Anything else
 * is refused by name, rather than answered with the wrong people. https://www.twilio.com/docs/sendgrid/for-developers/sending-email/segmentation-query-language
 */
export function readQuery(text: string): Query | Unread {
  // longer than any that finds one person, and too long to be searched for patterns
  const conditions: readonly (Condition | null)[] = text.length > 2000 ? [null] : text.split(/\s+AND\s+(?=\w+\s*(?:=|LIKE|BETWEEN))/i).map(readCondition);
  const odd = conditions.find((condition) => condition === null);
  return odd === null ? unreadable(`the staging gateway answers conditions such as field = "value" and field LIKE "value%", joined by AND, and none else: ${text.slice(0, 100)}`)
    : { match: (object) => conditions.every((condition) => condition!(object)) };
}

type Condition = (object: Readonly<Record<string, unknown>>) => boolean;

function readCondition(text: string): Condition | null {
  const plain = text.trim().replace(/^\((.*)\)$/s, '$1');
  const between = /^(\w+)\s+BETWEEN\s+TIMESTAMP\s+["']([^"']+)["']\s+AND\s+TIMESTAMP\s+["']([^"']+)["']$/i.exec(plain);
  if (between !== null) {
    const [, name = '', from = '', to = ''] = between;
    return (object) => Date.parse(String(object[name])) >= Date.parse(from) && Date.parse(String(object[name])) <= Date.parse(to);
  }
  const [, name, operator, , value = ''] = /^(\w+)\s*(=|LIKE)\s*(["'])([^"']*)\3$/i.exec(plain) ?? [];
  if (name === undefined) return null;
  const field = name === 'primary_email' ? 'email' : name;
  const wanted = value.toLowerCase();
  if (operator === '=') return (object) => String(object[field] ?? '').toLowerCase() === wanted;
  const pieces = wanted.split('%');
  return (object) => fits(String(object[field] ?? '').toLowerCase(), pieces);
}

/** The pieces between the % of a pattern, in order: the first begins the text, the last ends it. */
function fits(text: string, pieces: readonly string[]): boolean {
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return text === first;
  const last = rest.pop()!;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > text.length - last.length) return false;
    at = found + piece.length;
  }
  return true;
}
