import type { Addressee } from '../../model/recipient.ts';
import { addressesIn } from '../wire/address-field.ts';

/** The first address of a sender field; the raw text where it is none. */
export function senderIn(text: string | null): string | null {
  return text === null ? null : addressesIn(text, 'from')[0]?.address ?? null;
}

/**
 * An address in the sending domain may be a mailing list at Mailgun, which stands for its members: they are recipients too.
 * https://documentation.mailgun.com/docs/mailgun/user-manual/mailinglists
 */
export function listsAmong(recipients: readonly Addressee[], domain: string): readonly Addressee[] {
  const suffix = `@${domain.toLowerCase()}`;
  const lists = recipients.filter(({ kind, address }) => kind === 'email' && address.toLowerCase().endsWith(suffix)).map(({ address }) => address.toLowerCase());
  return [...new Set(lists)].map((address) => ({ address: `members of ${address}, should it be a mailing list`, kind: 'audience', role: 'list' }));
}
