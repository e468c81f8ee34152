/**
 * Names of headers and fields that hold a secret whatever it looks like. Compared in lower case, without signs and a
 * last number or word for its form ('password2', 'secret_value').
 */
const secretEnd = new RegExp(`(?:${[
  'password', 'passwd', 'passphrase', 'passcode', 'pwd', 'secrets?', 'jwt', 'hmac', 'tokens?', 'signature', 'credentials?', 'assertion', 'appsecretproof',
  '(?:api|secret|access|private|signing|encryption|auth|master|shared|subscription|transaction|license|server|partner|fcm|gcm)keys?',
  // OAuth (RFC 7636, RFC 8628), what Microsoft Graph sends back with each notification, OneSignal's proofs of who somebody is
  'codeverifier', 'devicecode', 'clientstate', '(?:identifier|userid|email|sms)auth',
].join('|')})$`);
/** What is too short to be an ending counts as a word of its own: 'smtp_pass', 'userPin', not 'compass' and 'shipping'. */
const secretWords: ReadonlySet<string> = new Set(['pass', 'passwords', 'pin', 'pw', 'auth', 'sig']);
/**
 * Names that end so and open nothing for whoever reads them: what makes a call single, where a list goes on, which version is meant, addresses of
 * devices, signatures that everybody may check, and what a message tells its reader (its links stay readable too).
 */
const openEnd = /(?:idempotency(?:key|token)|clientrequesttoken|(?:page|pagination|continuation|next|sync|version)token|(?:device|push|registration|fcm|apns)tokens?|(?:max|min|total|prompt|completion|input|output)tokens|dkimsignature|arcmessagesignature|(?:reset|verification|confirmation|confirm|invite|invitation|activation|unsubscribe|magiclink)token)$/;
/** In an object under such a name every value is secret; 'authorization' and 'token' also name things that only have a state. */
const secretThroughout = /(?:passw|passcode|passphrase|pwd|secret|apikey|credentials?$)/;

const cvcFields: ReadonlySet<string> = new Set(['cvc', 'cvv', 'cvc2', 'cvv2', 'csc', 'cid', 'cvd', 'cvn', 'cardcode', 'cardcvc', 'cardcvv', 'securitycode',
  'cardsecuritycode', 'verificationvalue', 'cardverificationvalue', 'cvccode', 'cvvcode', 'cvcnumber', 'cvvnumber']);

const secretHeader = /(?:authorization|cookie|^plaid-client-id)$/;

export function isSecretHeader(name: string): boolean {
  return secretHeader.test(name.toLowerCase()) || fieldKind(name, false) === 'credential';
}

/** What a field's name says of its value. 'card[cvc]' is asked as its last part. `key` is a secret in a query and nowhere else. */
export function fieldKind(name: string, inQuery: boolean): 'credential' | 'cvc' | null {
  const last = lastPart(name);
  const plain = plainName(last);
  if (cvcFields.has(plain)) return 'cvc';
  // a URL that was split at its '=': what follows is a link's
  if (openEnd.test(plain) || /\?|\/\//.test(last)) return null;
  const secret = secretEnd.test(plain.replace(/(?:v?[0-9]+|value|object|obj|hash|string|text|raw)$/, '')) || plain === 'authorization' || secretWords.has(lastWord(last)) || (inQuery && plain === 'key');
  return secret ? 'credential' : null;
}

/** Does every value of an object under this name count as secret, whatever its own name? */
export function isSecretThroughout(name: string): boolean {
  return fieldKind(name, false) === 'credential' && secretThroughout.test(plainName(lastPart(name)));
}

/** Holds an address that a vendor is to call: what stands in its query opens the caller's own door. */
export function isCallback(name: string): boolean {
  return /(?:callback|hook)(?:url|uri)?$|(?:callback|hook|notify|notification|failover|fallback|report|receipt|answer|hangup|event)(?:failover|fallback)?(?:url|uri)$/.test(plainName(lastPart(name)));
}

/** A field without which no code is exchanged for a token (RFC 6749 section 4.1.3): beside it a `code` is a credential, and none that a person reads. */
export function isOfGrant(name: string): boolean {
  return /^(?:granttype|clientsecret|redirecturi|codeverifier)$/.test(plainName(lastPart(name)));
}

export function isGrantCode(name: string): boolean {
  return plainName(lastPart(name)) === 'code';
}

/**
 * Values that are no secret although their field is named like one: ids of a vendor's objects ('tok_visa', 'pi_..._secret_...'
 * of a payment page), one-time codes, and texts. Recipients (a push token is one) are told apart by the caller.
 */
export function isOpenValue(name: string, value: string): boolean {
  if (value === '' || value === '<>' || /^(?:(?:tok|btok|ctoken|pm|src|card|cus|pi|seti|cs|ba|ct)_[A-Za-z0-9_]+|true|false|null|yes|no|on|off)$/.test(value)) return true;
  if (/pass|secret|pwd|pin\b|pin$|pw$/i.test(name)) return false;
  return /^[0-9]{1,10}$/.test(value) || (/\s/.test(value) && !/^(?:Bearer|Basic) /i.test(value));
}

function lastPart(name: string): string {
  return name.replace(/\[\]$/, '').split(/[[\].:]/).findLast((part) => part !== '') ?? name;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function lastWord(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().replace(/[0-9]+$/, '').split(/[^a-z0-9]+/).findLast((word) => word !== '') ?? '';
}
