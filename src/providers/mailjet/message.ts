import type { Remember, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import type { LongInteger } from './reply.ts';

/** What is remembered of a mail to one recipient: Mailjet counts each as a message of its own. */
export interface StoredMessage {
  readonly id: string;
  readonly uuid: string;
  readonly email: string;
  readonly contact: string;
  readonly subject: string;
  readonly customId: string;
  readonly payload: string;
  readonly campaign: string;
  readonly html: boolean;
  readonly text: boolean;
  readonly attachments: number;
  /** ms since the epoch */
  readonly at: number;
  /** the last thing that happened to it besides being sent, as GET message tells it */
  readonly status: string | null;
}

/** ms after which a simulated message counts as sent */
export const sentAfter = 1000;

export function newMessage(context: SimulationContext, mail: Email, email: string): StoredMessage {
  const key = (name: string): string => mail.keys.find((each) => each.name === name)?.value ?? '';
  return {
    id: `1152921${context.id('', { length: 12, alphabet: 'digits' })}`, uuid: context.uuid(), email, contact: `4${context.id('', { length: 9, alphabet: 'digits' })}`, subject: mail.subject ?? '',
    customId: key('CustomID'), payload: key('EventPayload'), campaign: key('CustomCampaign'), html: mail.html !== null, text: mail.text !== null, attachments: mail.attachments.length,
    at: context.now, status: null,
  };
}

export function remembered(message: StoredMessage, expectVersion: number): Remember {
  return { kind: 'message', id: message.id, expectVersion, value: message, index: { uuid: message.uuid, customId: message.customId } };
}

export function long(digits: string): LongInteger {
  return { digits };
}

/** GET /v3/REST/message. https://dev.mailjet.com/email/reference/messages/ */
export function shownMessage(message: StoredMessage, now: number): unknown {
  return {
    ArrivedAt: iso(message.at), AttachmentCount: message.attachments, AttemptCount: 0, CampaignID: 0, ContactAlt: message.email, ContactID: long(message.contact), Delay: 0, DestinationID: 0,
    FilterTime: 0, ID: long(message.id), IsClickTracked: false, IsHTMLPartIncluded: message.html, IsOpenTracked: false, IsTextPartIncluded: message.text, IsUnsubTracked: false, MessageSize: 0,
    SenderID: 0, SpamassassinScore: 0, SpamassRules: '', StateID: 0, StatePermanent: false, Status: message.status ?? (now < message.at + sentAfter ? 'queued' : 'sent'), Subject: message.subject, UUID: message.uuid,
  };
}

export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
