import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import { bounceKinds, spamComplaint } from './bounces.ts';
import type { BounceKind } from './bounces.ts';
import { recipientsOf, rememberMessage, rememberSuppression, serverId, storedFrom, time } from './stored.ts';
import type { StoredEvent, StoredMessage } from './stored.ts';

/** Postmark's RecordTypes; of its bounces the usual ones by their Type. https://postmarkapp.com/developer/webhooks/webhooks-overview */
export const eventNames = ['Delivery', 'HardBounce', 'SoftBounce', 'Transient', 'Blocked', 'SpamComplaint', 'Open', 'Click', 'SubscriptionChange'] as const;

/** One event of one recipient: what a read shows, what the webhook says, and what Postmark keeps beside. */
export interface Happening {
  readonly event: StoredEvent;
  readonly callback: CallbackDraft;
  readonly remember: readonly Remember[];
}

/** Null for a name that is none of `eventNames`. */
export async function happening(name: string, message: StoredMessage, recipient: string, detail: string | null, atMs: number, context: SimulationContext): Promise<Happening | null> {
  const at = time(atMs);
  const common = { MessageID: message.MessageID, ServerID: serverId, MessageStream: message.MessageStream, Tag: message.Tag ?? '', Metadata: message.Metadata };
  const told = (Type: string, Details: unknown, record: object, remember: readonly Remember[] = []): Happening => ({
    event: { Recipient: recipient, Type, ReceivedAt: at, Details }, callback: callbackOf(name, message, record, atMs), remember,
  });
  const reader = { Client: { Name: 'Chrome 142.0', Company: 'Google', Family: 'Chrome' }, OS: { Name: 'Windows 11', Company: 'Microsoft Corporation', Family: 'Windows' }, Platform: 'Desktop', UserAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)', Geo: {} };
  switch (name) {
    case 'Delivery': {
      const Details = detail ?? 'smtp;250 2.0.0 OK';
      return told('Delivered', { DeliveryMessage: Details, DestinationServer: `mx.${recipient.split('@')[1] ?? ''}`, DestinationIP: '127.0.0.1' }, { RecordType: 'Delivery', ...common, Recipient: recipient, DeliveredAt: at, Details });
    }
    case 'Open': return told('Opened', { Summary: 'Email opened with Chrome 142.0' }, { RecordType: 'Open', ...common, FirstOpen: true, ...reader, ReadSeconds: 0, Recipient: recipient, ReceivedAt: at });
    case 'Click': {
      const link = detail ?? firstLink(message);
      return told('LinkClicked', { Summary: `Link clicked: ${link}`, Link: link, ClickLocation: 'HTML' }, { RecordType: 'Click', ...common, ClickLocation: 'HTML', ...reader, OriginalLink: link, Recipient: recipient, ReceivedAt: at });
    }
    case 'SubscriptionChange': {
      const suppression = await rememberSuppression(message.MessageStream, { EmailAddress: recipient, SuppressionReason: 'ManualSuppression', Origin: 'Recipient', CreatedAt: at }, context);
      return told('SubscriptionChanged', { Origin: 'Recipient', SuppressSending: true }, { RecordType: 'SubscriptionChange', ...common, Recipient: recipient, ChangedAt: at, Origin: 'Recipient', SuppressSending: true, SuppressionReason: 'ManualSuppression' }, [suppression]);
    }
    case 'SpamComplaint': return bounced(spamComplaint);
    default: {
      const kind = bounceKinds.find(({ Type }) => Type === name);
      return kind === undefined ? null : bounced(kind);
    }
  }

  async function bounced(kind: BounceKind): Promise<Happening> {
    const ID = Number(context.id('1', { length: 9, alphabet: 'digits' }));
    const isComplaint = kind.Type === 'SpamComplaint';
    const bounce = {
      ID, Type: kind.Type, TypeCode: kind.TypeCode, Name: kind.Name, ...common, Description: kind.Description, Details: detail ?? kind.Details,
      Email: recipient, From: message.From, BouncedAt: at, DumpAvailable: false, Inactive: kind.Inactive, CanActivate: !isComplaint, Subject: message.Subject,
    };
    const record = { RecordType: isComplaint ? 'SpamComplaint' : 'Bounce', ...bounce };
    return told('Bounced', { Summary: bounce.Details, BounceID: String(ID) }, record, [
      { kind: 'bounce', id: String(ID), expectVersion: 0, value: record, index: { type: kind.Type } },
      ...(kind.Inactive ? [await rememberSuppression(message.MessageStream, { EmailAddress: recipient, SuppressionReason: isComplaint ? 'SpamComplaint' : 'HardBounce', Origin: 'Recipient', CreatedAt: at }, context)] : []),
    ]);
  }
}

function callbackOf(event: string, message: StoredMessage, record: object, atMs: number): CallbackDraft {
  // Postmark signs nothing: a receiver knows it by the user and password in the target's URL, or by a header of its own.
  return {
    target: 'postmark', object: message.MessageID, event, notBeforeMs: atMs, method: 'POST',
    headers: [['User-Agent', 'Postmark'], ['Accept', 'application/json']], body: JSON.stringify(record), contentType: 'application/json',
  };
}

function firstLink({ HtmlBody, TextBody }: StoredMessage): string {
  return /https?:\/\/[^\s"'<>]{1,500}/.exec(`${HtmlBody ?? ''} ${TextBody ?? ''}`)?.[0] ?? 'https://example.com/';
}

/** An event told of a captured call, now: to one recipient of its messages, or to all. */
export async function laterAt(event: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  // A mail sent with the test token is checked and forgotten: Postmark tells nothing more of it.
  const effects = decoded.kind === 'effects' ? decoded.effects.filter((effect): effect is Email => effect.channel === 'email' && effect.liveness !== 'test') : [];
  if (effects.length === 0) return {};
  const remember: Remember[] = [];
  const callbacks: CallbackDraft[] = [];
  for (const { message, version } of await messagesOf(effects, reply, context)) {
    const happened: StoredEvent[] = [];
    for (const recipient of new Set(recipientsOf(message))) {
      if (event.recipient !== null && event.recipient.toLowerCase() !== recipient.toLowerCase()) continue;
      const told = await happening(event.name, message, recipient, event.detail, context.now, context);
      if (told === null) continue;
      happened.push(told.event);
      callbacks.push(told.callback);
      for (const one of told.remember) if (!remember.some(({ kind, id }) => kind === one.kind && id === one.id)) remember.push(one);
    }
    if (happened.length > 0) remember.push(rememberMessage({ ...message, events: [...message.events, ...happened] }, version));
  }
  return { remember, callbacks };
}

/** The messages that the reply gave an id, as they are kept; from the capture itself where they are not kept any more. */
async function messagesOf(effects: readonly Email[], reply: HttpResponse, context: SimulationContext): Promise<readonly { readonly message: StoredMessage; readonly version: number }[]> {
  const read = parseJson(reply.body);
  if (reply.status !== 200 || read.kind === 'unreadable') return [];
  const bulk = asString(field(asObject(read.value), 'Id'));
  if (bulk !== null) return ofBulk(bulk, context);
  const results = asArray(read.value) ?? [read.value];
  const found = await Promise.all(effects.map(async (effect, index) => {
    const id = asString(field(asObject(results[index]), 'MessageID'));
    if (id === null) return null;
    const known = await context.recall('message', id);
    return known === null ? { message: storedFrom(effect, id, 'outbound', context.now), version: 0 } : { message: known.value as StoredMessage, version: known.version };
  }));
  return found.filter((each) => each !== null);
}

async function ofBulk(bulk: string, context: SimulationContext): Promise<readonly { readonly message: StoredMessage; readonly version: number }[]> {
  const found: { readonly message: StoredMessage; readonly version: number }[] = [];
  for (let after: string | undefined; ;) {
    const { items, more } = await context.list('message', { where: { bulk }, limit: 500, ...(after === undefined ? {} : { after }) });
    found.push(...items.map(({ value, version }) => ({ message: value as StoredMessage, version })));
    after = items.at(-1)?.id;
    if (!more || after === undefined) return found;
  }
}
