import type { SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';

/** The names Mailgun's webhooks have; an event-data calls both failures 'failed'. */
export const events = ['accepted', 'delivered', 'temporary_fail', 'permanent_fail', 'opened', 'clicked', 'unsubscribed', 'complained'] as const;
export type EventName = typeof events[number];

export function isEvent(name: string): name is EventName {
  return events.some((each) => each === name);
}

/** What an event says of the message it is about. */
export interface Sent {
  readonly domain: string;
  /** with its angle brackets, as the reply had it */
  readonly id: string;
  readonly storageKey: string | null;
  readonly storageHost: string;
  readonly mail: Email;
}

/** https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure */
export function eventData(context: SimulationContext, { name, at, recipient, detail, sent }: {
  readonly name: EventName; readonly at: number; readonly recipient: string; readonly detail: string | null; readonly sent: Sent;
}): Readonly<Record<string, unknown>> {
  const { mail } = sent;
  const failed = name === 'temporary_fail' || name === 'permanent_fail';
  const domain = recipient.slice(recipient.lastIndexOf('@') + 1);
  return {
    id: context.id('', { length: 22 }), timestamp: at / 1000, event: failed ? 'failed' : name, 'log-level': name === 'permanent_fail' ? 'error' : failed || name === 'complained' ? 'warn' : 'info',
    recipient, 'recipient-domain': domain,
    ...(failed ? { severity: name === 'permanent_fail' ? 'permanent' : 'temporary', reason: name === 'permanent_fail' ? 'bounce' : 'generic' } : {}),
    flags: { 'is-routed': false, 'is-authenticated': true, 'is-system-test': false, 'is-test-mode': mail.liveness === 'test' },
    envelope: { sender: mail.from ?? '', targets: recipient, transport: 'smtp' },
    message: {
      headers: {
        to: mail.recipients.filter(({ role }) => role === 'to').map(({ address }) => address).join(', '), 'message-id': sent.id.replace(/^<(.*)>$/, '$1'), from: mail.from ?? '', subject: mail.subject ?? '',
      },
      attachments: mail.attachments.map(({ filename, contentType, content }) => ({ filename, 'content-type': contentType, size: content.length })),
      size: (mail.text?.length ?? 0) + (mail.html?.length ?? 0),
    },
    ...(sent.storageKey === null ? {} : { storage: { url: `https://${sent.storageHost}/v3/domains/${sent.domain}/messages/${sent.storageKey}`, key: sent.storageKey } }),
    tags: mail.keys.filter(({ name: key }) => key === 'tag').map(({ value }) => value), campaigns: [],
    'user-variables': Object.fromEntries(mail.keys.filter(({ name: key }) => key !== 'tag' && !key.startsWith('fourthwall_')).map(({ name: key, value }) => [key, value])),
    ...particulars(name, domain, detail, mail),
  };
}

function particulars(name: EventName, domain: string, detail: string | null, mail: Email): Readonly<Record<string, unknown>> {
  const place = { ip: '192.0.2.1', geolocation: { country: 'US', region: 'CA', city: 'San Francisco' }, 'client-info': { 'client-os': 'Linux', 'device-type': 'desktop', 'client-name': 'Chrome', 'client-type': 'browser', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' } };
  switch (name) {
    case 'accepted': return { method: 'HTTP' };
    case 'delivered': return { 'delivery-status': status(250, domain, detail ?? 'OK') };
    case 'temporary_fail': return { 'delivery-status': { ...status(codeIn(detail) ?? 451, domain, detail ?? '4.3.0 Try again later'), 'retry-seconds': 600 } };
    case 'permanent_fail': return { 'delivery-status': status(codeIn(detail) ?? 550, domain, detail ?? '5.1.1 The email account that you tried to reach does not exist') };
    case 'clicked': return { ...place, url: detail ?? firstLink(mail) ?? 'https://example.com/' };
    case 'opened': case 'unsubscribed': return place;
    case 'complained': return {};
  }
}

function status(code: number, domain: string, message: string): Readonly<Record<string, unknown>> {
  return { tls: true, 'mx-host': `mx.${domain}`, code, description: '', message, 'session-seconds': 0.4, utf8: true, 'attempt-no': 1, 'certificate-verified': true };
}

/** '550 5.1.1 no such user' to 550 */
function codeIn(detail: string | null): number | null {
  const code = /^\s*(\d{3})\b/.exec(detail ?? '')?.[1];
  return code === undefined ? null : Number(code);
}

function firstLink({ html, text }: Email): string | null {
  return /https?:\/\/[^\s"'<>]{1,2000}/.exec(html ?? text ?? '')?.[0] ?? null;
}
