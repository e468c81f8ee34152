import { createPrivateKey, sign as signBytes, type KeyObject } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, Delivery, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { messageIdOf, rememberEvent, rememberSent } from './activity.ts';
import { readMail } from './mail.ts';
import type { MailSend } from './mail.ts';

/** Of the Event Webhook, in the order they may come. https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
export const mailEvents = ['processed', 'dropped', 'deferred', 'delivered', 'bounce', 'open', 'click', 'spamreport', 'unsubscribe'] as const;

/**
 * What SendGrid tells by itself of a mail that it took: one POST for each event, with every recipient in it. Whoever is in `dropped` gets
 * nothing, for the reason given; nothing is told yet of a mail that is to leave later: it may still be canceled.
 */
export function mailConsequences(mail: MailSend, messageId: string, dropped: ReadonlyMap<string, string>, context: SimulationContext): Consequences {
  const scheduled = mail.mails.some((_each, index) => leavesAt(mail, index) * 1000 > context.now);
  const reasons = [...new Set(dropped.values())];
  const by: readonly (LaterEvent & { readonly at: number; readonly to: (address: string) => boolean })[] = scheduled ? [] : [
    ...reasons.map((reason) => ({ name: 'dropped', recipient: null, detail: reason, at: context.now, to: (address: string) => dropped.get(address.toLowerCase()) === reason })),
    ...(['processed', 'delivered'] as const).map((name, second) => ({ name, recipient: null, detail: null, at: context.now + second * 1000, to: (address: string) => !dropped.has(address.toLowerCase()) })),
  ];
  const events = by.flatMap(({ name, at, to, detail }) => peopleOf(mail.mails).filter(({ address }) => to(address)).map(({ address }) => ({ name, email: address, at, detail })));
  return {
    remember: [rememberSent(mail, messageId, events)],
    callbacks: by.flatMap(({ to, at, ...event }) => callback(event, mail, messageId, context, at, to)),
  };
}

export async function later(event: LaterEvent, { request, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const messageId = reply.status === 202 ? header(reply.headers, 'x-message-id') : null;
  const mail = request.path === '/v3/mail/send' ? readMail(request) : null;
  return messageId === null || mail?.kind !== 'mail' ? {} : { callbacks: callback(event, mail, messageId, context, context.now, () => true), remember: await rememberEvent(event, messageId, context) };
}

/** Whom events are told of: a mail's own recipients, with their places in it. */
function peopleOf(mails: MailSend['mails']): readonly { readonly index: number; readonly at: number; readonly address: string }[] {
  return mails.flatMap(({ recipients }, index) => recipients.filter(({ role }) => ['to', 'cc', 'bcc'].includes(role)).map(({ address }, at) => ({ index, at, address })));
}

function leavesAt({ body }: MailSend, index: number): number {
  const own = field(asObject((asArray(field(body, 'personalizations')) ?? [])[index]), 'send_at') ?? field(body, 'send_at');
  return typeof own === 'number' ? own : 0;
}

function callback(event: LaterEvent, { body, mails }: MailSend, messageId: string, context: SimulationContext, at: number, to: (address: string) => boolean): readonly CallbackDraft[] {
  const personalizations = asArray(field(body, 'personalizations')) ?? [];
  const events = peopleOf(mails)
    .filter(({ address }) => to(address) && (event.recipient === null || event.recipient === address))
    .map(({ address, index, at: place }) => ({
      ...customArgs(body, asObject(personalizations[index])),
      email: address, timestamp: Math.floor(at / 1000), 'smtp-id': `<${messageId}@ismtpd0001p1.sendgrid.net>`, event: event.name, ...categories(body, asObject(personalizations[index])),
      sg_event_id: context.id('', { length: 22 }), sg_message_id: messageIdOf(messageId, index, place), ...facts(event, mails[index]!),
    }));
  if (events.length === 0) return [];
  return [{
    target: 'sendgrid', object: messageId, event: event.name, notBeforeMs: at, method: 'POST', headers: [['User-Agent', 'SendGrid Event API']],
    // the line's end belongs to the bytes that are signed
    body: `${JSON.stringify(events)}\r\n`, contentType: 'application/json',
  }];
}

/** What one sort of event says besides. `detail` is the server's or the browser's own words. */
function facts({ name, detail }: LaterEvent, mail: Email): JsonObject {
  const who = { ip: '192.0.2.1', useragent: detail ?? 'Mozilla/5.0' };
  switch (name) {
    case 'dropped': return { reason: detail ?? 'Bounced Address', status: '5.0.0' };
    case 'deferred': return { response: detail ?? '421 4.7.0 try again later', attempt: '1' };
    case 'delivered': return { response: detail ?? '250 2.0.0 OK', ip: '192.0.2.1', tls: 1 };
    case 'bounce': {
      const reason = detail ?? '550 5.1.1 The email account that you tried to reach does not exist';
      return { reason, status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(reason)?.[0] ?? '5.0.0', type: 'bounce', bounce_classification: 'Invalid Address' };
    }
    case 'open': return { ...who, sg_machine_open: false };
    case 'click': return {
      ip: '192.0.2.1', useragent: 'Mozilla/5.0', url: detail ?? /https?:\/\/[^\s"'<>)]+/.exec(mail.html ?? mail.text ?? '')?.[0] ?? 'https://example.com/', url_offset: { index: 0, type: 'html' },
    };
    default: return {};
  }
}

/** custom_args stand beside the event's own fields and hide none of them. */
function customArgs(body: JsonObject, personalization: JsonObject | null): JsonObject {
  return { ...asObject(field(body, 'custom_args')), ...asObject(field(personalization, 'custom_args')) };
}

function categories(body: JsonObject, personalization: JsonObject | null): { readonly category?: JsonValue } {
  const given = field(personalization, 'categories') ?? field(body, 'categories');
  return given === undefined || given === null ? {} : { category: given };
}

/**
 * The signed Event Webhook: ECDSA with SHA-256 over timestamp and body. The secret is a private key of our own making, in PEM; the application
 * is given its public half. https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  const time = String(Math.floor(nowMs / 1000));
  const signature = signBytes('sha256', Buffer.from(time + delivery.body), privateKey(secret)).toString('base64');
  return {
    ...delivery,
    headers: [...delivery.headers, ['X-Twilio-Email-Event-Webhook-Signature', signature], ['X-Twilio-Email-Event-Webhook-Timestamp', time]],
  };
}

function privateKey(secret: string): KeyObject {
  let key: KeyObject | null;
  try {
    // A variable in a file often has its line ends written out.
    key = createPrivateKey(secret.replaceAll('\\n', '\n'));
  } catch {
    // what is wrong with it would show some of it
    key = null;
  }
  if (key?.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('SendGrid signs with an EC P-256 private key in PEM; openssl ecparam -genkey -name prime256v1 -noout makes one');
  }
  return key;
}
