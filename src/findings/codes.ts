const mostCodes = 10;
const word = String.raw`(?:\p{L}{0,24}(?:code|kode|código|codice|passcode|kennwort|passwort|password)|pin|otp|tan|mtan)`;
const code = String.raw`(\d{3,4}[ -]?\d{3,4}|\d{4,8}|(?=[A-Z0-9]*\d)[A-Z][A-Z0-9]{4,8}|[A-Z]{1,3}-\d{4,8})`;
const bound = '(?![\\p{L}\\p{N}]|[.,]\\d)';
/** 'Your code is 123456', 'PIN: 1234', 'Bestätigungscode lautet 987 654' */
const after = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:(\p{L}{2,20})[ -])?(${word})(?![\p{L}\p{N}])([^\d\p{Lu}]{0,40}?|[^\d]{0,20}?)(?<![\p{L}\p{N}#.-])${code}${bound}`, 'giu');
/** '123456 is your login code', 'Use G-123456 as your verification code' */
const before = new RegExp(String.raw`(?<![\p{L}\p{N}#.-])${code}${bound}[ :]{1,3}(?:is|ist|est|es|è|as|als|como|comme)(?: [\p{L}-]{1,20}){0,6}? ${word}(?![\p{L}\p{N}])`, 'giu');
/** codes that open nothing: 'promo code SAVE20', 'zip code 12345', 'error code 1042' */
const others = /^(?:promo|promotion|promotional|discount|coupon|voucher|gift|zip|postal|post|country|area|dialling|error|status|exit|qr|bar|source|sort|swift|tracking|order|product|item|invoice|booking|gutschein|rabatt|aktions|vorteils|fehler|geschenk|referral|invite|dress|http)/i;

/** One-time codes: '123456' of "Your code is 123 456". Digits are given as they are typed, without blanks and hyphens. */
export function codesIn(text: string): readonly string[] {
  const found = new Set<string>();
  const add = (candidate: string | undefined, distance: number) => {
    if (candidate === undefined || found.size >= mostCodes) return;
    // a year far from the word is a date: "use this code before the end of 2027"
    if (/^(?:19|20)\d\d$/.test(candidate) && distance > 4) return;
    found.add(/^[\d -]+$/.test(candidate) ? candidate.replace(/[ -]/g, '') : candidate);
  };
  for (const [, qualifier = '', name = '', gap = '', candidate] of text.matchAll(after)) {
    if (!others.test(qualifier) && !others.test(name)) add(candidate, gap.length);
  }
  for (const [, candidate] of text.matchAll(before)) add(candidate, 0);
  return [...found];
}
