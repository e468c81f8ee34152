import { parseAddressList } from '../../model/address/address-list.ts';
import type { Addressee } from '../../model/recipient.ts';
import { strangers } from './strangers.ts';
import { trimmed } from './trim.ts';

/** Mail headers that name readers, whoever a report about the mail goes to, and whom an earlier hop had delivered it to. */
export const addressHeaders: readonly string[] = [
  'to', 'cc', 'bcc', 'resent-to', 'resent-cc', 'resent-bcc', 'apparently-to', 'errors-to', 'disposition-notification-to', 'return-receipt-to',
  'x-confirm-reading-to', 'delivered-to', 'envelope-to', 'x-envelope-to', 'x-original-to', 'x-forwarded-to', 'x-rcpt-to',
  // Mailjet mails it there when a template fails
  'x-mj-templateerrorreporting',
];
const longest = 500;

/**
 * Everybody a field such as 'Ann <ann@x.test>, bob@x.test' names. What is no address list stays one addressee as it was sent, which
 * nobody will judge to be an address, and whoever can be made out in it is one too.
 */
export function addressesIn(text: string, role: string): readonly Addressee[] {
  if (trimmed(text) === '') return [];
  const listed = listIn(text);
  if (listed !== null) return listed.map((address) => ({ address, kind: 'email', role }));
  const whole: Addressee = { address: asSent(text), kind: 'email', role };
  return [whole, ...strangers([{ path: role, text }], [whole])];
}

/**
 * The bare addresses of a field that has to name somebody: at least one. A text that is no address list, or a list of none, stays
 * one address as it was sent, which nobody will judge to be one: it is never dropped.
 */
export function mailboxes(text: string): readonly string[] {
  const listed = listIn(text) ?? [];
  return listed.length > 0 ? listed : [trimmed(asSent(text))];
}

/** Those of `more` that are not among `known` yet, each once. */
export function besides(known: readonly Addressee[], more: readonly Addressee[]): readonly Addressee[] {
  const seen = new Set(known.map(({ address }) => address.toLowerCase()));
  return more.filter(({ address }) => !seen.has(address.toLowerCase()) && seen.add(address.toLowerCase()));
}

function listIn(text: string): readonly string[] | null {
  const list = parseAddressList(text);
  return list.kind === 'list' ? list.addresses.map(({ address }) => address) : null;
}

/** The mark keeps what was cut off from making an address of the rest. */
function asSent(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}
