import type { Span } from './span.ts';

/**
 * Credentials that are known by their look, wherever they stand. The first group stays readable: it tells the sort.
 * Sources: the vendors' own documentation of key formats, gitleaks' rules. Ordered longest prefix first.
 * Push registration tokens, object ids (pi_, re_ of Stripe, ...) and publishable object secrets (pi_..._secret_...) are not credentials.
 */
const looks: readonly string[] = [
  '(?:sk|rk|pk|ek)_(?:org_)?(?:live|test)_[0-9A-Za-z]{6,2048}', // Stripe, Paystack
  'whsec_[0-9A-Za-z+/=]{8,2048}', // Stripe, Svix: webhook signing secrets
  'SG\\.[A-Za-z0-9_-]{10,2048}\\.[A-Za-z0-9_-]{10,2048}', // SendGrid
  'xox[abeoprs]-[A-Za-z0-9-]{8,2048}', 'xapp-[A-Za-z0-9-]{8,2048}', // Slack
  '(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])', // AWS access key id
  '(?:pub)?key-[0-9a-f]{32}(?![0-9A-Za-z])', '[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![0-9A-Za-z])', // Mailgun
  're_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{16,2048}', // Resend
  'x(?:key|smtp)sib-[0-9a-f]{16,2048}(?:-[A-Za-z0-9]+)?', // Brevo
  'mlsn\\.[0-9a-f]{16,2048}', // MailerSend
  'md-[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])', // Mandrill
  'ya29\\.[\\w.-]{10,2048}', 'AIza[0-9A-Za-z_-]{35}', // Google
  'AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{100,2048}', // FCM legacy server key
  'EAA[A-Za-z0-9]{30,2048}', // Meta, Square
  'sq0(?:csp|atp)-[A-Za-z0-9_-]{20,2048}', 'sandbox-sq0(?:csb|atb)-[A-Za-z0-9_-]{20,2048}', // Square
  'A21AA[A-Za-z0-9_-]{30,2048}', 'access_token\\$(?:production|sandbox)\\$[\\w$]{16,2048}', // PayPal, Braintree
  'AQE[A-Za-z0-9+/=-]{60,2048}', // Adyen
  'rzp_(?:live|test)_[A-Za-z0-9]{10,2048}', // Razorpay
  'pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}', // Paddle
  'access-(?:production|sandbox|development)-[0-9a-f-]{36}', // Plaid
  '(?<!(?<![A-Za-z0-9])cs_)(?:live|test|sandbox|access)_(?=[\\w-]{0,60}[0-9])(?=[\\w-]{0,60}[A-Z])[A-Za-z0-9][A-Za-z0-9_-]{29,2048}', // Mollie, GoCardless, Adyen client keys; cs_test_... is the id of a Stripe Checkout Session
  'sk_(?:sbox_)?[a-z2-7]{26}[a-z2-7*#$=]', // Checkout.com
  '(?:ghp|gho|ghs|glpat)[_-][A-Za-z0-9_-]{20,2048}', // GitHub, GitLab
  '[0-9]{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])', // Telegram bot
  '[MNO][\\w-]{23,27}\\.[\\w-]{6}\\.[\\w-]{27,38}', // Discord bot
];

const keyLook = new RegExp(`(?<![A-Za-z0-9])(?:${looks.join('|')})`, 'g');
/** What stays of one: its kind, never a character of the secret. */
const kindPrefix = /^(?:(?:sk|rk|pk|ek)_(?:org_)?(?:live|test)_|whsec_|SG\.|xox[a-z]-|xapp-|AKIA|ASIA|(?:pub)?key-|re_|x(?:key|smtp)sib-|mlsn\.|md-|ya29\.|AIza|AQE|rzp_(?:live|test)_|pdl_(?:live|sdbx)_|access-(?:production|sandbox|development)-|(?:live|test|sandbox|access)_|gh[pos]_|glpat-|sk_sbox_|sk_)/;

/** Secrets that are known by what stands before them: the second group. `sign` is in every text that holds one. */
const placed: readonly { readonly sign: string; readonly look: RegExp; readonly hint: string }[] = [
  { sign: '://', look: /(:\/\/[^\s/@:"'<>]{1,200}:)([^\s/@"'<>]{1,200})(?=@)/g, hint: 'userinfo' },
  { sign: 'AC', look: /((?<![0-9A-Za-z])AC[0-9a-f]{32}:)([0-9A-Za-z]{16,64})/g, hint: 'AC' },
  { sign: 'SK', look: /((?<![0-9A-Za-z])SK[0-9a-f]{32}:)([0-9A-Za-z]{16,64})/g, hint: 'SK' },
  { sign: 'hooks.slack', look: /(hooks\.slack(?:-gov)?\.com\/(?:services|triggers|workflows|commands|actions|app)\/)([A-Za-z0-9/]{10,200})/g, hint: 'webhook' },
  { sign: '/webhooks/', look: /(\/webhooks\/[0-9]{15,22}\/)([A-Za-z0-9_-]{16,600})/g, hint: 'webhook' },
  { sign: '/interactions/', look: /(\/interactions\/[0-9]{15,22}\/)([A-Za-z0-9_-]{16,600})/g, hint: 'webhook' },
  { sign: '/webhookb2/', look: /(\/webhookb2\/)([A-Za-z0-9@/_-]{30,400})/g, hint: 'webhook' },
  { sign: '/IncomingWebhook/', look: /(\/IncomingWebhook\/)([A-Za-z0-9/_-]{30,400})/g, hint: 'webhook' },
  { sign: '/paths/invoke?', look: /(\/paths\/invoke\?[^\s"'<>?]{0,160}?sig=)([A-Za-z0-9%_~.-]{16,200})/g, hint: 'webhook' },
  { sign: 'earer ', look: /((?<![A-Za-z])[Bb]earer {1,4})([A-Za-z0-9._~+/$=-]{16,4096})/g, hint: 'Bearer' },
  { sign: 'asic ', look: /((?<![A-Za-z])[Bb]asic {1,4})([A-Za-z0-9+/]{16,4096}={0,2})/g, hint: 'Basic' },
  { sign: 'PRIVATE KEY', look: /(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)([^-]{16,20000})/g, hint: 'PEM' },
];
/** The shortest that counts: 'sk_test_' and six more. */
const shortest = 14;
/** The longest a pattern follows; what goes on beyond is taken as it comes. */
const longest = 2048;

/** Where credentials stand that are known by their look. */
export function credentialsIn(text: string): readonly Span[] {
  const spans: Span[] = [];
  if (text.length < shortest) return spans;
  if (text.search(keyLook) >= 0) {
    for (const match of text.matchAll(keyLook)) {
      const prefix = kindPrefix.exec(match[0])?.[0] ?? '';
      let end = match.index + match[0].length;
      if (match[0].length >= longest) while (/[A-Za-z0-9+/=._-]/.test(text[end] ?? '')) end += 1;
      spans.push({ start: match.index + prefix.length, end, kind: 'credential', hint: prefix.slice(0, 8) });
    }
  }
  for (const { sign, look, hint } of placed) {
    if (!text.includes(sign)) continue;
    for (const match of text.matchAll(look)) {
      const start = match.index + match[1]!.length;
      const prefix = kindPrefix.exec(match[2]!)?.[0] ?? '';
      spans.push({ start: start + prefix.length, end: start + match[2]!.length, kind: 'credential', hint: prefix === '' ? hint : prefix.slice(0, 8) });
    }
  }
  return spans;
}

/** A credential's own text: scheme and kind stay, the rest is cut. 'Bearer sk_test_****', 'Basic ****', '****'. */
export function credentialValue(value: string): { readonly start: number; readonly hint: string } {
  const scheme = /^(?:[A-Za-z][A-Za-z0-9-]{2,20}) +(?=\S)/.exec(value)?.[0] ?? '';
  const prefix = kindPrefix.exec(value.slice(scheme.length))?.[0] ?? '';
  const start = scheme.length + prefix.length;
  return { start: start >= value.length ? 0 : start, hint: (prefix === '' ? scheme.trim() : prefix).slice(0, 8) };
}
