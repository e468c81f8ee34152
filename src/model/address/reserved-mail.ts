/** Domains that never are a person's, and the mailboxes vendors keep for tests. Why, or null. */
export function reservedMail(local: string, domain: string): string | null {
  if (/(?:^|\.)(?:test|example|invalid|localhost)$/.test(domain)) return 'its domain is reserved by RFC 2606 and RFC 6761';
  if (/(?:^|\.)example\.(?:com|net|org)$/.test(domain)) return 'its domain is reserved by RFC 2606';
  const simulator = simulators.find((each) => each.domain.test(domain) && each.local.test(local));
  return simulator === undefined ? null : `it is ${simulator.vendor}'s mailbox simulator`;
}

/** Sources: docs/discoveries/test-addresses.md */
const simulators: readonly { readonly vendor: string; readonly domain: RegExp; readonly local: RegExp }[] = [
  { vendor: 'Amazon SES', domain: /^simulator\.amazonses\.com$/, local: /^(?:success|bounce|ooto|complaint|suppressionlist)(?:\+.*)?$/i },
  { vendor: 'Resend', domain: /^resend\.dev$/, local: /^(?:delivered|bounced|complained|suppressed)(?:\+.*)?$/i },
  { vendor: 'Postmark', domain: /^bounce-testing\.postmarkapp\.com$/, local: /^/ },
  { vendor: 'SparkPost', domain: /\.sink\.sparkpostmail\.com$/, local: /^/ },
];
