import type { Remember, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { textOf } from './fields.ts';
import { headersOf } from './mail-fields.ts';
import type { Message } from './message.ts';

/** What has happened to a message, or will have: `at` may lie ahead. */
export interface StoredEvent {
  readonly Recipient: string;
  readonly Type: string;
  readonly ReceivedAt: string;
  readonly Details: unknown;
}

/** A message as it is kept for GET /messages/outbound. */
export interface StoredMessage {
  readonly MessageID: string;
  readonly MessageStream: string;
  readonly Tag: string | null;
  readonly Metadata: JsonObject;
  readonly From: string;
  readonly To: readonly string[];
  readonly Cc: readonly string[];
  readonly Bcc: readonly string[];
  readonly Subject: string;
  readonly TextBody: string | null;
  readonly HtmlBody: string | null;
  readonly Attachments: readonly string[];
  readonly TrackOpens: boolean;
  readonly TrackLinks: string;
  readonly ReceivedAt: string;
  readonly events: readonly StoredEvent[];
}

/** One server for every token: nothing in a call tells its number. */
export const serverId = 1;

/** '2026-11-21T09:00:00.2500000Z', as Postmark writes times */
export function time(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '0000Z');
}

export function streamOf(body: JsonObject, shape: 'bulk' | 'other'): string {
  return textOf(body, 'MessageStream') ?? (shape === 'bulk' ? 'broadcast' : 'outbound');
}

export function storedMessage({ body, email }: Message, id: string, stream: string, now: number): StoredMessage {
  return {
    ...storedFrom(email, id, stream, now),
    Tag: textOf(body, 'Tag'),
    Metadata: asObject(field(body, 'Metadata')) ?? {},
    TrackOpens: field(body, 'TrackOpens') === true,
    TrackLinks: textOf(body, 'TrackLinks') ?? 'None',
  };
}

/** As much of it as is known of a captured call alone. */
export function storedFrom(email: Email, id: string, stream: string, now: number): StoredMessage {
  const of = (role: string): readonly string[] => email.recipients.filter((each) => each.role === role).map(({ address }) => address);
  return {
    MessageID: id, MessageStream: stream,
    Tag: email.keys.find(({ name }) => name === 'tag')?.value ?? null,
    Metadata: Object.fromEntries(email.keys.filter(({ name }) => name !== 'tag' && !name.startsWith('fourthwall_')).map(({ name, value }) => [name, value])),
    From: email.from ?? '', To: of('to'), Cc: of('cc'), Bcc: of('bcc'), Subject: email.subject ?? '',
    TextBody: email.text, HtmlBody: email.html, Attachments: email.attachments.map(({ filename }) => filename ?? ''),
    TrackOpens: false, TrackLinks: 'None', ReceivedAt: time(now), events: [],
  };
}

export function recipientsOf({ To, Cc, Bcc }: StoredMessage): readonly string[] {
  return [...To, ...Cc, ...Bcc];
}

export function rememberMessage(message: StoredMessage, expectVersion: number, bulk: string | null = null): Remember {
  return {
    kind: 'message', id: message.MessageID, expectVersion, value: message,
    index: { stream: message.MessageStream, ...(message.Tag === null ? {} : { tag: message.Tag }), ...(bulk === null ? {} : { bulk }) },
  };
}

/** An address that gets nothing of a stream any more. */
export interface Suppression {
  readonly EmailAddress: string;
  readonly SuppressionReason: 'HardBounce' | 'SpamComplaint' | 'ManualSuppression';
  readonly Origin: 'Recipient' | 'Customer' | 'Admin';
  readonly CreatedAt: string;
}

export function suppressionId(stream: string, address: string): string {
  return `${stream} ${address.toLowerCase()}`;
}

export async function rememberSuppression(stream: string, suppression: Suppression, context: SimulationContext): Promise<Remember> {
  const id = suppressionId(stream, suppression.EmailAddress);
  return { kind: 'suppression', id, expectVersion: (await context.recall('suppression', id))?.version ?? 0, value: suppression, index: { stream } };
}

/** What a `X-PM-Bounce-Type` header asks for; https://postmarkapp.com/developer/user-guide/sandbox-mode/generate-fake-bounces */
export function bounceHeader(body: JsonObject): string | null {
  return headersOf(body)?.find(([name]) => name.toLowerCase() === 'x-pm-bounce-type')?.[1] ?? null;
}

