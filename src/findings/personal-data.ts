import type { Finding } from '../model/capture.ts';
import { parseEmailAddress } from '../model/address/email-address.ts';
import { parsePhone } from '../model/address/phone.ts';
import { reservedMail } from '../model/address/reserved-mail.ts';
import { reservedPhone } from '../model/address/reserved-phones.ts';
import type { Said } from './said.ts';

/** Mailbox services of private people: an address there is somebody's own. */
const privateMail = /^(?:gmail\.com|googlemail\.com|(?:yahoo|ymail|rocketmail)\.[a-z.]{2,6}|(?:hotmail|outlook|live|msn)\.[a-z.]{2,6}|icloud\.com|me\.com|mac\.com|aol\.com|gmx\.[a-z]{2,3}|web\.de|t-online\.de|freenet\.de|posteo\.(?:de|net)|mailbox\.org|proton(?:mail)?\.(?:com|me)|pm\.me|(?:orange|wanadoo|free|laposte|sfr)\.(?:fr|net)|(?:libero|virgilio|alice|tin)\.it|bluewin\.ch|btinternet\.com|comcast\.net|verizon\.net|att\.net|qq\.com|163\.com|126\.com|mail\.ru|yandex\.(?:ru|com)|wp\.pl|o2\.pl|seznam\.cz)$/;

/** Length of an IBAN by country: ISO 13616, SWIFT IBAN registry release 99. */
const ibanLength: Readonly<Record<string, number>> = {
  AD: 24, AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27, GB: 22, GR: 27, HR: 21, HU: 28, IE: 22, IS: 26, IT: 27,
  LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MT: 31, NL: 18, NO: 15, PL: 28, PT: 25, RO: 24, SE: 24, SI: 19, SK: 24, SM: 27, TR: 26, AE: 23, SA: 24, IL: 23, UA: 29,
};
/** Printed in every handbook; nobody's account. */
const ibansOfHandbooks = new Set(['DE89370400440532013000', 'GB82WEST12345698765432', 'GB29NWBK60161331926819', 'FR1420041010050500013M02606', 'NL91ABNA0417164300', 'AT611904300234573201', 'CH9300762011623852957', 'BE68539007547034', 'ES9121000418450200051332', 'IT60X0542811101000000123456']);

const addresses = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}(?![A-Za-z0-9@])/g;
const ibans = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,8}(?![A-Za-z0-9])/g;
const phones = /(?<![\w+/=.@-])\+[1-9](?:[ ().-]{0,2}\d){7,14}(?!\d)/g;
/** Numbers that are a company's, not a person's: freephone, shared cost, premium. */
const hotline = /^\+(?:1(?:800|833|844|855|866|877|888|900)|49(?:800|180|900|137)|44(?:800|808|84|87|9)|33(?:80|81|82|89)|43(?:800|810|820|9)|41(?:800|84|90)|39(?:800|840|848|199)|31(?:800|900)|34(?:900|901|902)|32(?:800|70|90)|800)/;

/**
 * Somebody's own data in the words of a rehearsal, which shows that its database is a copy of the real one: an address at a
 * service of private mailboxes, an IBAN whose check digits are right, a telephone number that is not a hotline. What the sender
 * says of itself (its own domain) and what is reserved for tests and fiction is none. Shown so that it is no copy again.
 */
export function personalData(said: Said): readonly Finding[] {
  return [{ where: 'text', content: said.text }, { where: 'html', content: said.visible }, { where: 'subject', content: said.subject }].flatMap(({ where, content }) => {
    const found = (kind: string, title: string, value: string | undefined): readonly Finding[] =>
      value === undefined ? [] : [{ id: 'personal-data', title, where, excerpt: `${kind} ${value}` }];
    return [
      ...found('address', "A private person's mail address stands in the text", addressIn(content, said.from)),
      ...found('IBAN', 'A real bank account stands in the text', ibanIn(content)),
      ...found('number', "A real telephone number stands in the text", phoneIn(content)),
    ];
  });
}

function addressIn(text: string, from: string | null): string | undefined {
  for (const [candidate] of text.matchAll(addresses)) {
    const parsed = parseEmailAddress(candidate);
    if (parsed.kind === 'invalid' || !privateMail.test(parsed.domain) || reservedMail(parsed.local, parsed.domain) !== null) continue;
    if (from?.toLowerCase() !== parsed.address.toLowerCase()) return `${parsed.local.slice(0, 1)}***@${parsed.domain}`;
  }
  return undefined;
}

function ibanIn(text: string): string | undefined {
  for (const [candidate] of text.matchAll(ibans)) {
    const whole = candidate.replaceAll(' ', '');
    const length = ibanLength[whole.slice(0, 2)];
    if (length === undefined || whole.length < length) continue;
    // A word in capitals behind the number was matched with it.
    const iban = whole.slice(0, length);
    if (checks(iban) && !ibansOfHandbooks.has(iban)) return `${iban.slice(0, 4)}...${iban.slice(-4)}`;
  }
  return undefined;
}

/** ISO 7064 MOD 97-10: the first four behind the rest, letters as 10 to 35. */
function checks(iban: string): boolean {
  let rest = 0;
  for (const character of `${iban.slice(4)}${iban.slice(0, 4)}`) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

function phoneIn(text: string): string | undefined {
  for (const [candidate] of text.matchAll(phones)) {
    const parsed = parsePhone(candidate.trim());
    if (parsed.kind === 'invalid' || reservedPhone(parsed.e164) !== null || hotline.test(parsed.e164)) continue;
    return `${parsed.e164.slice(0, 4)}***${parsed.e164.slice(-2)}`;
  }
  return undefined;
}
