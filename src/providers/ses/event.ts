import type { CallbackDraft, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { firstLink } from '../wire/mail-fields.ts';

/** As Amazon names them in `eventType`. https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
export const events = ['Send', 'Delivery', 'Bounce', 'Complaint', 'Open', 'Click', 'DeliveryDelay', 'Reject', 'Subscription'] as const;
export type EventName = typeof events[number];

/** What every notification about a mail says of it. */
export interface SentMail {
  readonly mail: Email;
  readonly messageId: string;
  readonly sentAt: number;
  readonly region: string;
  /** twelve digits */
  readonly account: string;
  readonly configurationSet: string | null;
}

export interface Happening {
  readonly name: EventName;
  /** whom it happens to */
  readonly recipients: readonly string[];
  /** ms since the epoch */
  readonly at: number;
  /** an SMTP answer, a link, a bounce's sub-type; null = a usual one */
  readonly detail: string | null;
}

/** A delivery event as it reaches an application: an SNS notification to the target 'ses'. */
export function notification(sent: SentMail, happening: Happening, context: SimulationContext): CallbackDraft {
  const topic = `arn:aws:sns:${sent.region}:${sent.account}:ses`;
  const id = context.uuid();
  const body = {
    Type: 'Notification', MessageId: id, TopicArn: topic, Subject: 'Amazon SES Email Event Notification', Message: JSON.stringify(messageOf(sent, happening, context)),
    // Only Amazon has a key whose certificate is at amazonaws.com, where every verifier looks for it. This says so, and verifies nowhere.
    Timestamp: iso(happening.at), SignatureVersion: '1', Signature: Buffer.from('not signed: the staging gateway has no key of Amazon').toString('base64'),
    SigningCertURL: `https://sns.${sent.region}.amazonaws.com/SimpleNotificationService-${'0'.repeat(32)}.pem`,
    UnsubscribeURL: `https://sns.${sent.region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${topic}:${id}`,
  };
  return {
    target: 'ses', object: sent.messageId, notBeforeMs: happening.at, method: 'POST', body: JSON.stringify(body), contentType: 'text/plain; charset=UTF-8',
    headers: [
      ['x-amz-sns-message-type', 'Notification'], ['x-amz-sns-message-id', id], ['x-amz-sns-topic-arn', topic], ['x-amz-sns-subscription-arn', `${topic}:${id}`],
      ['User-Agent', 'Amazon Simple Notification Service Agent'],
    ],
  };
}

/** Notifications of an identity are of three kinds; everything else, and all of a configuration set, is published as an event. */
function messageOf(sent: SentMail, happening: Happening, context: SimulationContext): unknown {
  const { name } = happening;
  const asNotification = sent.configurationSet === null && ['Bounce', 'Complaint', 'Delivery'].includes(name);
  const { mail, messageId } = sent;
  const named = (role: string): readonly string[] => mail.recipients.filter((each) => each.role === role).map(({ address }) => address);
  const [to, cc] = [named('to'), named('cc')];
  const from = mail.from === null ? [] : [mail.from];
  const common = { from, ...to.length > 0 ? { to } : {}, ...cc.length > 0 ? { cc } : {}, messageId, ...mail.subject === null ? {} : { subject: mail.subject } };
  return {
    [asNotification ? 'notificationType' : 'eventType']: name,
    mail: {
      timestamp: iso(sent.sentAt), source: mail.from, sourceArn: `arn:aws:ses:${sent.region}:${sent.account}:identity/${mail.from?.split('@').at(-1) ?? 'unknown'}`,
      sendingAccountId: sent.account, messageId, destination: mail.recipients.map(({ address }) => address), headersTruncated: false,
      headers: [['From', from.join(', ')], ['To', to.join(', ')], ['Cc', cc.join(', ')], ['Subject', mail.subject ?? '']].filter(([, value]) => value !== '').map(([header, value]) => ({ name: header, value })),
      commonHeaders: common,
      ...asNotification ? {} : {
        tags: {
          'ses:operation': [mail.operation], ...sent.configurationSet === null ? {} : { 'ses:configuration-set': [sent.configurationSet] },
          'ses:from-domain': from.map((each) => each.split('@').at(-1)), ...Object.fromEntries(mail.keys.map(({ name: key, value }) => [key, [value]])),
        },
      },
    },
    [`${name.charAt(0).toLowerCase()}${name.slice(1)}`]: detailOf(sent, happening, context),
  };
}

const reportingMTA = 'dns; smtp-out.amazonses.com';

function detailOf({ mail, sentAt }: SentMail, { name, recipients, at, detail }: Happening, context: SimulationContext): unknown {
  const timestamp = iso(at);
  const reader = { ipAddress: '192.0.2.1', timestamp, userAgent: 'Mozilla/5.0' };
  switch (name) {
    case 'Send': return {};
    case 'Delivery': return { timestamp, processingTimeMillis: Math.max(at - sentAt, 0), recipients, smtpResponse: detail ?? '250 2.0.0 OK', reportingMTA };
    case 'Bounce': return { feedbackId: context.uuid(), ...bounceOf(detail), bouncedRecipients: recipients.map((emailAddress) => ({ emailAddress, ...statusOf(detail) })), timestamp, reportingMTA };
    case 'Complaint': return { feedbackId: context.uuid(), complaintSubType: null, complainedRecipients: recipients.map((emailAddress) => ({ emailAddress })), timestamp, arrivalDate: timestamp, complaintFeedbackType: detail ?? 'abuse', userAgent: 'Amazon SES Mailbox Simulator' };
    case 'Open': return reader;
    case 'Click': return { ...reader, link: detail ?? firstLink(mail.html, mail.text), linkTags: null };
    case 'DeliveryDelay': return { delayType: 'TransientCommunicationFailure', expirationTime: iso(sentAt + 14 * 3_600_000), delayedRecipients: recipients.map((emailAddress) => ({ emailAddress, status: '4.4.1', diagnosticCode: `smtp; ${detail ?? '421 4.4.1 Unable to connect to remote host'}` })), timestamp, reportingMTA };
    case 'Reject': return { reason: detail ?? 'Bad content' };
    case 'Subscription': return {
      contactList: detail ?? 'ContactList', timestamp, source: 'UnsubscribeHeader',
      newTopicPreferences: { unsubscribeAll: true, topicSubscriptionStatus: [] }, oldTopicPreferences: { unsubscribeAll: false, topicSubscriptionStatus: [] },
    };
  }
}

const subTypes = ['General', 'NoEmail', 'Suppressed', 'OnAccountSuppressionList', 'MailboxFull', 'MessageTooLarge', 'ContentRejected', 'AttachmentRejected'];

/** An SMTP answer of the 400s is transient. */
export function bounceOf(detail: string | null): { readonly bounceType: 'Permanent' | 'Transient'; readonly bounceSubType: string } {
  const transient = /^4\d\d\b/.test(detail ?? '') || ['MailboxFull', 'MessageTooLarge', 'ContentRejected', 'AttachmentRejected'].includes(detail ?? '');
  return { bounceType: transient ? 'Transient' : 'Permanent', bounceSubType: subTypes.includes(detail ?? '') ? detail! : 'General' };
}

function statusOf(detail: string | null): { readonly action: 'failed'; readonly status: string; readonly diagnosticCode: string } {
  const said = /^[45]\d\d\b/.test(detail ?? '') ? detail! : '550 5.1.1 user unknown';
  return { action: 'failed', status: /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0] ?? (said.startsWith('4') ? '4.0.0' : '5.0.0'), diagnosticCode: `smtp; ${said}` };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
