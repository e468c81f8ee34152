import { parseUser } from './origin.ts';

/** What is kept of a key that was sent as a user name. */
export const maskedKey = '****';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Is the user name of a credential a secret itself? Postmark takes its server token as user and password, Mailjet an API key as
 * user, and both read like names of services. A run's name may well be random: only what stands before it is asked.
 * @param password null where it was not sent in the clear (CRAM-MD5), or not at all
 */
export function isKey(user: string, password: string | null): boolean {
  if (user === '') return false;
  if (user === password) return true;
  const named = parseUser(user);
  return named === null ? looksRandom(user) : looksRandom(named.service) || (named.space !== null && looksRandom(named.space));
}

/** 20 or more characters of hex or base64 with digits among them. Words with a number behind ('eu-west-1', 'v2') are a name. */
function looksRandom(text: string): boolean {
  if (uuid.test(text)) return true;
  if (!/^[A-Za-z0-9+/=_.-]{20,}$/.test(text) || !/[0-9]/.test(text)) return false;
  // capitals are in no service's name; a letter right after a digit seldom is, and twice only by chance
  return /[A-Z]/.test(text) || !/[a-z]/.test(text) || (text.match(/[0-9](?=[a-z])/g) ?? []).length >= 2;
}
