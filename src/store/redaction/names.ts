/** Names of headers and fields that hold a secret whatever it looks like. Compared in lower case, signs left out. */
const secretFields: ReadonlySet<string> = new Set([
  'apikey', 'apisecret', 'apitoken', 'appsecret', 'secret', 'secretkey', 'clientsecret', 'password', 'passwd', 'passphrase', 'accesstoken', 'refreshtoken',
  'idtoken', 'authtoken', 'authenticationtoken', 'bearertoken', 'sessiontoken', 'securitytoken', 'servertoken', 'bottoken', 'token', 'authorization', 'privatekey', 'accesskey',
  'secretaccesskey', 'awssecretaccesskey', 'signature', 'sig', 'assertion', 'clientassertion', 'transactionkey', 'appsecretproof',
  'xamzsignature', 'xamzsecuritytoken', 'xamzcredential', 'signingsecret', 'webhooksecret', 'credential', 'credentials',
]);
const cvcFields: ReadonlySet<string> = new Set(['cvc', 'cvv', 'cvc2', 'cvv2', 'csc', 'cid', 'cvd', 'cvn', 'cardcode', 'cardcvc', 'cardcvv', 'securitycode',
  'cardsecuritycode', 'verificationvalue', 'cardverificationvalue', 'cvccode', 'cvvcode', 'cvcnumber', 'cvvnumber']);

const secretHeaders: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key', 'api-key', 'apikey',
  'x-amz-security-token', 'dd-api-key', 'stripe-signature', 'x-twilio-signature', 'plaid-secret', 'plaid-client-id', 'paypal-auth-assertion', 'x-auth-key']);
const secretHeaderEnd = /(?:api-?key|apikey|token|secret|password|passwd|signature(?:-v\d)?|authorization|credentials?|cookie|access-key|assertion|-auth)$/;
/** Their names end so and they are no secret. */
const openHeaders: ReadonlySet<string> = new Set(['idempotency-key', 'i-twilio-idempotency-token', 'x-idempotency-token', 'dkim-signature', 'amz-sdk-invocation-id']);

export function isSecretHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return secretHeaders.has(lower) || (secretHeaderEnd.test(lower) && !openHeaders.has(lower));
}

/** What a field's name says of its value. 'card[cvc]' is asked as its last part. `key` is a secret in a query and nowhere else. */
export function fieldKind(name: string, inQuery: boolean): 'credential' | 'cvc' | null {
  const last = name.replace(/\[\]$/, '').split(/[[\].:]/).findLast((part) => part !== '') ?? name;
  const plain = last.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (cvcFields.has(plain)) return 'cvc';
  return secretFields.has(plain) || (inQuery && plain === 'key') ? 'credential' : null;
}

/**
 * Values that are no secret although their field is named like one: ids of a vendor's objects ('tok_visa', 'pi_..._secret_...'
 * of a payment page), one-time codes, and texts. Recipients (a push token is one) are told apart by the caller.
 */
export function isOpenValue(name: string, value: string): boolean {
  if (value === '' || /^(?:tok|btok|pm|src|card|cus|pi|seti|cs|ba|ct)_[A-Za-z0-9_]+$/.test(value)) return true;
  if (/pass|secret/i.test(name)) return false;
  return /^(?:true|false|null|[0-9]{1,10})$/.test(value) || (/\s/.test(value) && !/^(?:Bearer|Basic) /i.test(value));
}
