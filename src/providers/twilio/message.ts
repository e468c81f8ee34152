import { rfc2822 } from './time.ts';

/** The Message resource as Twilio shows it. https://www.twilio.com/docs/messaging/api/message-resource */
export interface Message {
  readonly account_sid: string;
  readonly api_version: '2010-04-01';
  readonly body: string;
  readonly date_created: string;
  readonly date_sent: string | null;
  readonly date_updated: string;
  readonly direction: 'outbound-api';
  readonly error_code: number | null;
  readonly error_message: string | null;
  readonly from: string | null;
  readonly messaging_service_sid: string | null;
  readonly num_media: string;
  readonly num_segments: string;
  readonly price: string | null;
  readonly price_unit: string;
  readonly sid: string;
  readonly status: string;
  readonly subresource_uris: { readonly media: string };
  readonly tags: unknown;
  readonly to: string;
  readonly uri: string;
}

/** What is remembered of a message: as it was answered, and what its status will be made from. */
export interface StoredMessage {
  readonly message: Message;
  /** ms since the epoch from which it is on its way */
  readonly startsAt: number;
  readonly media: readonly string[];
}

/** ms after its start at which a simulated message counts as sent and as delivered */
export const progress = { sent: 1000, delivered: 2000 };

/**
 * The message as of `now`. One that is on its way becomes sent, then delivered, by the clock alone; any other status
 * (canceled, or what a test has put there) stays.
 */
export function asOf({ message, startsAt }: StoredMessage, now: number): Message {
  if (!['queued', 'accepted', 'scheduled'].includes(message.status) || now < startsAt + progress.sent) return message;
  const delivered = now >= startsAt + progress.delivered;
  const sent = rfc2822(startsAt + progress.sent);
  return {
    ...message,
    status: delivered ? 'delivered' : 'sent',
    date_sent: sent,
    date_updated: delivered ? rfc2822(startsAt + progress.delivered) : sent,
    num_segments: message.num_segments === '0' ? '1' : message.num_segments,
  };
}
