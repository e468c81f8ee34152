import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asArray, asObject, parseJson } from '../wire/json.ts';
import { events, notification } from './event.ts';
import { accountOf, regionOf } from './hosts.ts';
import { items, text } from './parts.ts';
import { insightsOf, sentAtOf } from './sent.ts';
import type { StoredMail } from './sent.ts';

/**
 * What SES tells and keeps once something has happened to the mails of a call: one notification for each mail that has the recipient.
 * @param configurationSet as the call named it
 */
export async function whatFollows(event: LaterEvent, { request, decoded, reply }: PastCall<HttpRequest, HttpResponse>, configurationSet: string | null, context: SimulationContext): Promise<Consequences> {
  const name = events.find((each) => each === event.name);
  if (name === undefined || decoded.kind !== 'effects' || reply.status !== 200) return {};
  const ids = messageIds(reply);
  const remember = [];
  const callbacks = [];
  for (const [index, mail] of decoded.effects.entries()) {
    const messageId = ids[index] ?? null;
    const recipients = mail.recipients.filter(({ address }) => event.recipient === null || address === event.recipient).map(({ address }) => address);
    if (mail.channel !== 'email' || messageId === null || recipients.length === 0) continue;
    const happening = { name, recipients, at: context.now, detail: event.detail };
    const known = await context.recall('message', messageId);
    const stored = known === null ? null : known.value as StoredMail;
    const sent = { mail, messageId, sentAt: sentAtOf(messageId) ?? context.now, region: regionOf(request), account: stored?.account ?? accountOf(request), configurationSet };
    callbacks.push(notification(sent, happening, context));
    if (known === null || stored === null) continue;
    const insights = { ...stored.insights, Insights: stored.insights.Insights.map((each) => ({ ...each, Events: [...each.Events, ...insightsOf([happening], each.Destination)] })) };
    remember.push({ kind: 'message', id: messageId, expectVersion: known.version, value: { ...stored, insights } });
  }
  return { remember, callbacks };
}

/** Of each mail of a call, in order; null where it was refused. */
function messageIds({ body, headers }: HttpResponse): readonly (string | null)[] {
  const answer = Buffer.from(body).toString('utf8');
  const isXml = headers.some(([name, value]) => name.toLowerCase() === 'content-type' && value.includes('xml'));
  if (isXml) return (answer.match(/<member>.*?<\/member>/gs) ?? [answer]).map((each) => /<MessageId>([^<]+)</.exec(each)?.[1] ?? null);
  const json = parseJson(body);
  const object = json.kind === 'json' ? asObject(json.value) : null;
  const entries = asArray(object?.['BulkEmailEntryResults']) === null ? [object] : items(object?.['BulkEmailEntryResults']).map(asObject);
  return entries.map((each) => text(each, 'MessageId'));
}
