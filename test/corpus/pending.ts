/** Vendors whose provider has not landed. Their calls are refused like any unknown host's until it does. */
const vendors: readonly (readonly [host: RegExp, provider: string])[] = [
  [/(^|\.)mailgun\.net$/, 'mailgun'], [/^email(-smtp)?\.[a-z0-9-]+\.amazonaws\.com$/, 'ses'], [/(^|\.)postmarkapp\.com$/, 'postmark'],
  [/(^|\.)resend\.com$/, 'resend'], [/(^|\.)mandrillapp\.com$/, 'mandrill'], [/(^|\.)brevo\.com$/, 'brevo'], [/(^|\.)sparkpost\.com$/, 'sparkpost'],
  [/(^|\.)mailersend\.com$/, 'mailersend'], [/(^|\.)mailjet\.com$/, 'mailjet'], [/(^|\.)customer\.io$/, 'customerio'], [/(^|\.)loops\.so$/, 'loops'],
  [/^graph\.microsoft\.(com|us)$/, 'msgraph'], [/^gmail\.googleapis\.com$/, 'gmail'], [/(^|\.)(nexmo|vonage)\.com$/, 'vonage'],
  [/(^|\.)(messagebird|bird)\.com$/, 'messagebird'], [/(^|\.)plivo\.com$/, 'plivo'], [/(^|\.)sinch\.com$/, 'sinch'], [/(^|\.)telnyx\.com$/, 'telnyx'],
  [/^sns\.[a-z0-9-]+\.amazonaws\.com$/, 'sns'], [/^sms-voice\.[a-z0-9-]+\.amazonaws\.com$/, 'aws-sms'], [/(^|\.)infobip\.com$/, 'infobip'],
  [/(^|\.)clicksend\.com$/, 'clicksend'], [/^fcm\.googleapis\.com$/, 'fcm'], [/(^|\.)push\.apple\.com$/, 'apns'], [/^exp\.host$/, 'expo'],
  [/(^|\.)onesignal\.com$/, 'onesignal'], [/(^|\.)slack\.com$/, 'slack'], [/(^|\.)discord(app)?\.com$/, 'discord'], [/(^|\.)webhook\.office\.com$/, 'teams'],
  [/^graph\.facebook\.com$/, 'whatsapp'], [/^api\.telegram\.org$/, 'telegram'], [/(^|\.)paypal\.com$/, 'paypal'], [/(^|\.)adyen(payments)?\.com$/, 'adyen'],
  [/(^|\.)braintree(gateway|-api)\.com$/, 'braintree'], [/(^|\.)squareup(sandbox)?\.com$/, 'square'], [/(^|\.)mollie\.com$/, 'mollie'], [/(^|\.)razorpay\.com$/, 'razorpay'],
  [/(^|\.)checkout\.com$/, 'checkout'], [/(^|\.)gocardless\.com$/, 'gocardless'], [/(^|\.)authorize\.net$/, 'authorizenet'], [/(^|\.)klarna\.com$/, 'klarna'],
  [/(^|\.)paddle\.com$/, 'paddle'], [/(^|\.)lemonsqueezy\.com$/, 'lemonsqueezy'], [/(^|\.)(wise|transferwise)\.com$/, 'wise'], [/(^|\.)plaid\.com$/, 'plaid'],
  [/(^|\.)paystack\.co$/, 'paystack'], [/(^|\.)coinbase\.com$/, 'coinbase'], [/(^|\.)api\.mailchimp\.com$/, 'mailchimp'], [/(^|\.)braze\.(com|eu)$/, 'braze'],
];

/** The vendor that a request names and no provider claims; null when one does, or when the host is nobody's. */
export function pendingProvider(input: string, claimed: (host: string) => boolean): string | null {
  const host = /^host: *([a-z0-9.-]+)/im.exec(input)?.[1]?.toLowerCase() ?? '';
  return claimed(host) ? null : vendors.find(([pattern]) => pattern.test(host))?.[1] ?? null;
}
