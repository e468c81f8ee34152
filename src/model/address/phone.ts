/** A telephone number in E.164 form: '+' and 7 to 15 digits. */
export type Phone =
  | { readonly kind: 'phone'; readonly e164: string }
  | { readonly kind: 'invalid'; readonly why: string };

/** Enough for any number with separators; keeps the patterns below away from long input. */
const longest = 40;
const prefix = /^(?:whatsapp|sms|rcs|tel):/i;

/**
 * Reads the whole text as one international number. Removed: one channel prefix (`whatsapp: sms: rcs: tel:`) and the
 * separators space ( ) . -, nothing else. No country is guessed, so a number without '+' is invalid: a provider whose
 * vendor reads bare digits as international puts the '+' there itself.
 */
export function parsePhone(text: string): Phone {
  if (text.length > longest) return invalid(`is longer than ${longest} characters`);
  const number = text.replace(prefix, '');
  if (/[^0-9 ().+-]/.test(number)) return invalid('has characters other than ASCII digits, + and the separators ( ) . - and space');
  // Some libraries drop a trunk zero in brackets, some dial it: two numbers in one text.
  if (/\( *0 *\)/.test(number)) return invalid('has a trunk zero in brackets');
  const e164 = number.replace(/[ ().-]/g, '');
  if (!e164.startsWith('+')) return invalid('does not begin with + and a country code');
  if (!/^\+[1-9][0-9]{6,14}$/.test(e164)) return invalid('is not + and 7 to 15 digits');
  // Networks ignore digits dialled after a complete North American number.
  if (e164.startsWith('+1') && e164.length !== 12) return invalid('is a +1 number without exactly ten more digits');
  if (/^\+(?:999|21[04579]|259)/.test(e164)) return invalid('has a country code that is not assigned');
  return { kind: 'phone', e164 };
}

function invalid(why: string): Phone {
  return { kind: 'invalid', why };
}
