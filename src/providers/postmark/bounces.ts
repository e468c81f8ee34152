/** Kinds of bounces. Codes as in postmark.js 5.1.0, texts as in https://postmarkapp.com/developer/api/bounce-api#bounce-types */
export interface BounceKind {
  readonly Type: string;
  readonly TypeCode: number;
  readonly Name: string;
  readonly Description: string;
  /** what the other server said, where nobody gives other words */
  readonly Details: string;
  /** nothing more is sent to the address */
  readonly Inactive: boolean;
}

export const bounceKinds: readonly BounceKind[] = [
  { Type: 'HardBounce', TypeCode: 1, Name: 'Hard bounce', Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).', Details: 'smtp;550 5.1.1 The email account that you tried to reach does not exist.', Inactive: true },
  { Type: 'SoftBounce', TypeCode: 4096, Name: 'Soft bounce', Description: 'Unable to temporarily deliver message (i.e. mailbox full, account disabled, exceeds quota, out of disk space).', Details: 'smtp;452 4.2.2 The email account that you tried to reach is over quota.', Inactive: false },
  { Type: 'Transient', TypeCode: 2, Name: 'Message delayed', Description: 'The server could not temporarily deliver your message (ex: Message is delayed due to network troubles).', Details: 'smtp;451 4.3.0 Temporary server error. Please try again later.', Inactive: false },
  { Type: 'Blocked', TypeCode: 100_006, Name: 'ISP block', Description: 'Blocked from this ISP due to content or blacklisting.', Details: 'smtp;550 5.7.1 Message rejected due to its content.', Inactive: false },
  { Type: 'SpamNotification', TypeCode: 512, Name: 'Spam notification', Description: 'The message was delivered, but was either blocked by the user, or classified as spam, bulk mail, or had rejected content.', Details: 'smtp;550 5.7.1 Message classified as spam.', Inactive: false },
  { Type: 'DnsError', TypeCode: 256, Name: 'DNS error', Description: 'A temporary DNS error.', Details: 'smtp;450 4.1.2 Domain not found.', Inactive: false },
  { Type: 'AutoResponder', TypeCode: 64, Name: 'Auto responder', Description: 'Automatic email responder (ex: "Out of Office" or "On Vacation").', Details: 'Out of office', Inactive: false },
];

export const spamComplaint: BounceKind = {
  Type: 'SpamComplaint', TypeCode: 100_001, Name: 'Spam complaint', Description: 'The subscriber explicitly marked this message as spam.', Details: 'Marked as spam by the recipient', Inactive: true,
};

/** The bounce that Postmark makes for its own test addresses, 'hard_bounce@bounce-testing.postmarkapp.com'; null for every other. */
export function testBounce(address: string, asked: string | null): BounceKind | null {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  if (domain !== 'bounce-testing.postmarkapp.com') return null;
  const wanted = (asked ?? local).toLowerCase().replaceAll('_', '');
  return bounceKinds.find(({ Type }) => Type.toLowerCase() === wanted) ?? bounceKinds[0]!;
}
