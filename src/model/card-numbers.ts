/**
 * Public test cards: they stay readable, so that a tester sees which one was used. From the vendors' documentation of test
 * numbers (Stripe, Braintree, Adyen, Checkout.com, Paystack, Authorize.Net, Razorpay); those of Checkout.com that decline from a copy of its page. Compared whole, never by prefix: 411111 and 424242 are
 * issued numbers too. Only 400000 is never issued: every number under it is a Stripe test card.
 */
const testCards: ReadonlySet<string> = new Set(`
4242424242424242 4000056655665556 4012888888881881 4111111111111111 4005519200000004 4009348888881881 4012000033330026
4012000077777777 4217651111111119 4500600000000061 5555555555554444 2223003122003222 5200828282828210 5105105105105100
378282246310005 371449635398431 6011111111111117 6011000990139424 6011981111111113 3056930009020004 36227206271667 30569309025904
38520000023237 3566002020360505 3530111333300000 6200000000000005 5019717010103742 2222400070000005 5100290029002909
4166676667666746 4988438843884305 370000000000002 4543474002249996 5436031030606378 4084084084084081 4084080000005408
5060666666666666666 4100000000000019 4000111111111115 378734493671000 5424000000000015 2223000010309703 3088000000000017
38000000000006 4000111111111511 4000144348235050 4000148147058142 4007000000027 4012888818888 4023898493988028 4024007103573027
4024007162185267 4095254802642505 4111111111111129 4111130000000003 4151512736305999 4152812521833588 4158596042924182
4276038578596818 4485381577182090 4500622868341387 4539253655711767 4544249167673670 4556253752712245 4556294593757189
4655710037275959 4658620059821613 4734868958733862 4745820750643143 4818924250131070 4897453568485113 4941202060999329
5267318187975449 6011000000000012`.trim().split(/\s+/));

/** Issuer ranges and the lengths they are issued in (ISO/IEC 7812). */
const schemes: readonly { readonly iin: RegExp; readonly lengths: readonly number[] }[] = [
  { iin: /^4/, lengths: [13, 16, 19] },
  { iin: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { iin: /^3[47]/, lengths: [15] },
  { iin: /^(?:6011|64[4-9]|65)/, lengths: [16, 17, 18, 19] },
  { iin: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { iin: /^3(?:0[0-5]|[689])/, lengths: [14, 16, 17, 18, 19] },
  { iin: /^62/, lengths: [16, 17, 18, 19] },
  { iin: /^(?:50|5[6-9]|6[0-9])/, lengths: [16, 17, 18, 19] },
];

/** What may not be told of a card number, as [start, end) of the text: all but the first six and the last four digits (PCI DSS 3.4.1). */
export interface CardNumber {
  readonly start: number;
  readonly end: number;
  /** the first six digits: the issuer, not the card */
  readonly issuer: string;
}

/** What stands between groups of digits: a space of any width, a hyphen, a full stop, and those as a form or a body read byte by byte shows them. */
const sign = String.raw`(?:[ \t.+\u00a0\u2009-\u2011\u202f-]|\\t|%20|%09|%2[bBdDeE]|%[cC]2%[aA]0|\u00c2\u00a0|\u00e2\u0080[\u0089-\u0091\u00af])`;
/**
 * The forms a card is written in. Each is looked for by itself: digits beside a card (its date, its code, a quantity) would hide it in
 * the last one, which takes any grouping.
 */
const forms: readonly RegExp[] = [
  '[0-9]{13,19}', `[0-9]{4}(?:${sign}[0-9]{4}){3}`, `[0-9]{4}${sign}[0-9]{6}${sign}[0-9]{4,5}`, String.raw`[0-9](?:(?:[ +-]|%20|%2[dD]|\u00a0)?[0-9]){12,18}`,
].map((form) => new RegExp(`(?<![0-9])${form}(?![0-9])`, 'g'));
const signs = new RegExp(sign, 'g');
const token = new RegExp(`${sign}|[0-9]`, 'g');

/**
 * Where real card numbers stand: what lies between the first six and the last four digits, group signs included. A run after
 * '+' of up to 15 digits is a telephone number (E.164), and one of 13 counts only where the words before it speak of a card,
 * because that is how long telephone numbers without '+' are and no card has been issued so for long.
 */
export function cardNumbers(text: string): readonly CardNumber[] {
  const found = new Map<number, CardNumber>();
  for (const card of cardsIn(text)) if (!found.has(card.start)) found.set(card.start, card);
  return [...found.values()].toSorted((one, other) => one.start - other.start);
}

/** One of them, where there is any: nothing is looked for behind it. */
export function anyCardNumber(text: string): CardNumber | null {
  return cardsIn(text).next().value ?? null;
}

function* cardsIn(text: string): Generator<CardNumber, undefined> {
  if (text.length < 13) return;
  for (const form of forms) {
    for (const { 0: written, index } of text.matchAll(form)) {
      const card = cardIn(written, () => text.slice(Math.max(0, index - 48), index));
      if (card !== null) yield { ...card, start: index + card.start, end: index + card.end };
    }
  }
}

function cardIn(written: string, before: () => string): CardNumber | null {
  const digits = written.replace(signs, '');
  if (!isCard(digits) || isTestCard(digits)) return null;
  const telephone = digits.length <= 15 && digits.length === written.length && /(?:\+|%2[bB])$/.test(before());
  if (telephone || (digits.length === 13 && !/card|cc_?n|\bpan\b|\bcc\b/i.test(before()))) return null;
  const places = [...written.matchAll(token)].filter(({ 0: each }) => each.length === 1 && each >= '0' && each <= '9').map(({ index }) => index);
  return { start: places[5]! + 1, end: places.at(-4)!, issuer: digits.slice(0, 6) };
}

export function isTestCard(digits: string): boolean {
  return testCards.has(digits) || (digits.startsWith('400000') && digits.length === 16);
}

function isCard(digits: string): boolean {
  return schemes.some(({ iin, lengths }) => lengths.includes(digits.length) && iin.test(digits)) && luhn(digits);
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}
