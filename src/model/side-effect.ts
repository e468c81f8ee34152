import type { Bytes } from './bytes.ts';
import type { Money } from './money.ts';
import type { Addressee } from './recipient.ts';

export const channels = ['email', 'sms', 'voice', 'push', 'chat', 'payment', 'verification'] as const;
/** Open for the world outside (a later provider may add one), closed inside. */
export type Channel = (typeof channels)[number];

/** What the credential and the endpoint say. For anything that would leave, unknown counts as live. */
export type Liveness = 'live' | 'test' | 'unknown';

export interface Attachment {
  readonly filename: string | null;
  readonly contentType: string;
  /** without angle brackets; null when not inline */
  readonly contentId: string | null;
  readonly content: Bytes;
}

interface EffectBase<R extends Addressee> {
  readonly provider: string;
  /** the vendor's resource and verb: 'mail.send', 'messages.create', 'payment_intents.confirm' */
  readonly operation: string;
  readonly liveness: Liveness;
  readonly recipients: readonly R[];
  /** business keys the caller attached: metadata, custom args, tags. Used for journeys. */
  readonly keys: readonly { readonly name: string; readonly value: string }[];
}

export interface Email<R extends Addressee = Addressee> extends EffectBase<R> {
  readonly channel: 'email';
  /** the bare address */
  readonly from: string | null;
  readonly subject: string | null;
  /** null where not in the request or not read yet (SMTP bodies are read by enrichment) */
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly Attachment[];
  /** a template stored at the vendor */
  readonly template: { readonly id: string; readonly data: unknown } | null;
}

export interface Sms<R extends Addressee = Addressee> extends EffectBase<R> {
  readonly channel: 'sms';
  readonly from: string | null;
  readonly text: string | null;
  /** addresses of media the vendor would fetch; never fetched by us */
  readonly media: readonly string[];
  readonly template: { readonly id: string; readonly data: unknown } | null;
}

export interface Voice<R extends Addressee = Addressee> extends EffectBase<R> {
  readonly channel: 'voice';
  readonly from: string | null;
  /** what would be spoken or run: text, TwiML, or the URL of instructions */
  readonly script: string | null;
}

export interface Push<R extends Addressee = Addressee> extends EffectBase<R> {
  readonly channel: 'push';
  readonly title: string | null;
  readonly text: string | null;
  readonly data: unknown;
}

export interface Chat<R extends Addressee = Addressee> extends EffectBase<R> {
  readonly channel: 'chat';
  readonly from: string | null;
  readonly text: string | null;
  readonly attachments: readonly Attachment[];
}

export interface Payment<R extends Addressee = Addressee> extends EffectBase<R> {
  readonly channel: 'payment';
  readonly amount: Money | null;
  /** true when this call itself moves money (charge, capture, refund, payout); false for the objects around it */
  readonly movesMoney: boolean;
  /** the vendor's customer id, or the e-mail of the payer where that is all there is */
  readonly customer: string | null;
  /** 'Visa 4242', 'SEPA debit 3000', 'pm_card_visa' */
  readonly method: string | null;
  /** the object the call is about, where the request names it: 'pi_123' */
  readonly object: string | null;
  readonly description: string | null;
}

export interface Verification<R extends Addressee = Addressee> extends EffectBase<R> {
  readonly channel: 'verification';
  /** 'sms' | 'call' | 'email' | 'whatsapp' ... */
  readonly by: string | null;
  readonly code: string | null;
}

/** Something that would have reached somebody. R is Addressee as decoded and Recipient once judged. */
export type SideEffect<R extends Addressee = Addressee> =
  | Email<R> | Sms<R> | Voice<R> | Push<R> | Chat<R> | Payment<R> | Verification<R>;

/**
 * What a provider understood of a call. There is no "probably fine".
 * `read`: known harmless; changes nothing at the vendor, reaches nobody.
 */
export type Decoded<R extends Addressee = Addressee> =
  | { readonly kind: 'effects'; readonly effects: readonly SideEffect<R>[] }
  | { readonly kind: 'read'; readonly operation: string; readonly liveness: Liveness }
  | { readonly kind: 'unrecognized'; readonly why: string };
