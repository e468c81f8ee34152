import { parseEmailAddress } from '../model/address/email-address.ts';
import { parsePhone } from '../model/address/phone.ts';
import type { Addressee, Recipient, Standing } from '../model/recipient.ts';
import type { Pattern } from './pattern.ts';
import { reservedMail } from '../model/address/reserved-mail.ts';
import { reservedPhone } from '../model/address/reserved-phones.ts';
import type { Safe } from './safe.ts';
import { agrees } from './second-opinion.ts';

interface Judgement { readonly standing: Standing; readonly why: string }

/**
 * Who this is: invalid > safe > reserved > unknown > real. Only what is listed is safe. What cannot be read is invalid and
 * whom the request does not name is unknown; both count as real for anything that would leave.
 */
export function judge(safe: Safe, addressee: Addressee): Recipient {
  return { ...addressee, ...judgement(safe, addressee) };
}

function judgement(safe: Safe, { kind, address }: Addressee): Judgement {
  switch (kind) {
    case 'email': return email(safe, address);
    case 'phone': return phone(safe, address);
    case 'device': return listed(safe.devices, address) ?? real('it is a device that the policy does not list as safe');
    case 'topic': return listed(safe.devices, address) ?? unknown('whoever follows the topic is not in the request');
    case 'chat': return listed(safe.devices, address) ?? unknown('whoever reads the chat is not in the request');
    case 'audience': return unknown('the recipients are not in the request'); // never safe: they change without us
    case 'customer': return customer(safe, address);
  }
}

function email(safe: Safe, text: string): Judgement {
  const parsed = parseEmailAddress(text);
  if (parsed.kind === 'invalid') return { standing: 'invalid', why: `as an e-mail address it ${parsed.why}` };
  if (!agrees(parsed.address)) return { standing: 'invalid', why: 'a second parser reads another address in it' };
  const reserved = reservedMail(parsed.local, parsed.domain);
  return listed(safe.emails, parsed.address)
    ?? (reserved === null ? real('its domain is on the public internet and the policy does not list it as safe') : { standing: 'reserved', why: reserved });
}

function phone(safe: Safe, text: string): Judgement {
  if (/^[0-9]{3,8}$/.test(text)) return real('a short code is a service or an emergency number');
  // Twilio's and others' addresses that are no numbers: a client, a Messenger user, a SIP host of anybody's choice.
  if (/^(?:sip|sips|client|messenger|viber|rcs-agent|conference):/i.test(text)) return real('it names a person or an exchange by other than a number');
  const parsed = parsePhone(text);
  if (parsed.kind === 'invalid') return { standing: 'invalid', why: `as a telephone number it ${parsed.why}` };
  const reserved = reservedPhone(parsed.e164);
  return listed(safe.phones, parsed.e164)
    ?? (reserved === null ? real('it is a subscriber number and the policy does not list it as safe') : { standing: 'reserved', why: reserved });
}

/**
 * The payer. An address or a number is judged as such. A vendor's own identifier ('cus_123') reaches nobody by itself: it
 * means something only inside the account, and whether that is a live one is a question of liveness, which the guard asks.
 */
function customer(safe: Safe, text: string): Judgement {
  if (text.includes('@')) return email(safe, text);
  if (text.startsWith('+')) return phone(safe, text);
  return isAccountId(text)
    ? { standing: 'reserved', why: "it is the vendor's own identifier, which reaches nobody outside the account" }
    : unknown('it names a customer in words only');
}

/** One word without blanks that is neither a number nor an address. */
export function isAccountId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,254}$/.test(text);
}

function listed(patterns: readonly Pattern[], text: string): Judgement | null {
  if (text.trim() === '') return { standing: 'invalid', why: 'it is empty' };
  const found = patterns.find((pattern) => pattern.matches(text));
  return found === undefined ? null : { standing: 'safe', why: `the policy lists ${found.shown} as safe` };
}

function real(why: string): Judgement {
  return { standing: 'real', why };
}

function unknown(why: string): Judgement {
  return { standing: 'unknown', why };
}
