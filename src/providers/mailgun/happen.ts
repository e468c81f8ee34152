import type { Consequences, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { eventData, isEvent } from './event.ts';
import type { EventName, Sent } from './event.ts';
import { domainName } from './route.ts';
import { webhook } from './webhook.ts';

/** An event of the event log, remembered under its domain; `at` is when it may be seen. */
export interface StoredEvent { readonly at: number; readonly data: Readonly<Record<string, unknown>> }

/** One thing that happens to a sent mail: an entry of the event log and a webhook for each recipient it happens to. */
export function happen(context: SimulationContext, { name, at, recipient, detail, sent }: {
  readonly name: EventName; readonly at: number; readonly recipient: string | null; readonly detail: string | null; readonly sent: Sent;
}): Required<Consequences> {
  const addresses = [...new Set(sent.mail.recipients.filter(({ kind, role }) => kind === 'email' && ['to', 'cc', 'bcc'].includes(role)).map(({ address }) => address))]
    .filter((address) => recipient === null || address.toLowerCase() === recipient.toLowerCase());
  const all = addresses.map((address) => eventData(context, { name, at, recipient: address, detail, sent }));
  return {
    remember: all.map((data): Remember => ({
      kind: 'event', id: String(data['id']), expectVersion: 0, value: { at, data } satisfies StoredEvent, index: { domain: sent.domain, recipient: String(data['recipient']) },
    })),
    callbacks: all.map((data) => webhook(data, { event: name, object: sent.id, at })),
  };
}

const sendPath = new RegExp(`^/v3/(?:${domainName}/messages(?:\\.mime)?|domains/${domainName}/messages/[\\w=-]+)$`);

/** What happens later to a captured send. A bounce, a complaint and an unsubscription enter their suppression list too, as at Mailgun. */
export async function laterEvent({ name, recipient, detail }: LaterEvent, { request, decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const path = sendPath.exec(request.path);
  const domain = path?.[1] ?? path?.[2];
  const body = parseJson(reply.body);
  const id = body.kind === 'json' ? asString(field(asObject(body.value), 'id')) : null;
  if (domain === undefined || id === null || decoded.kind !== 'effects' || !isEvent(name)) return {};
  const stored = (await context.list('message', { where: { messageId: id }, limit: 1 })).items[0]?.id ?? null;
  const remember: Remember[] = [];
  const callbacks = [];
  for (const mail of decoded.effects) {
    if (mail.channel !== 'email') continue;
    const one = happen(context, { name, at: context.now, recipient, detail, sent: { domain, id, storageKey: stored, storageHost: storageHost(request.authority.host), mail } });
    remember.push(...one.remember);
    callbacks.push(...one.callbacks);
  }
  const list = { permanent_fail: 'bounces', complained: 'complaints', unsubscribed: 'unsubscribes' }[name as string];
  const reached = new Set(remember.map(({ index }) => (index?.['recipient'] ?? '').toLowerCase()));
  for (const address of list === undefined ? [] : reached) {
    const key = `${domain} ${address}`;
    const before = await context.recall(String(list), key);
    const facts = list === 'bounces' ? { code: '550', error: detail ?? '5.1.1 The email account that you tried to reach does not exist' } : list === 'unsubscribes' ? { tags: ['*'] } : {};
    remember.push({ kind: String(list), id: key, expectVersion: before?.version ?? 0, value: { address, ...facts, created_at: new Date(context.now).toUTCString().replace('GMT', 'UTC') }, index: { domain } });
  }
  return { remember, callbacks };
}

/** Where a stored message is read: Mailgun keeps it in the region that took it. */
export function storageHost(host: string): string {
  return host.includes('.eu.') || host.includes('europe') ? 'storage-europe-west1.api.mailgun.net' : 'storage-us-east4.api.mailgun.net';
}
