import type { LaterEvent, Remember, SimulationContext } from '../../model/provider.ts';
import { jsonReply } from '../wire/reply.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { badBody, notFound } from './error.ts';
import type { MailSend } from './mail.ts';
import { readQuery } from './query.ts';
import { get, queried } from './stored.ts';

const kind = 'messages';

/** What is remembered of a mail/send call: whom it went to, and what happened to them since. */
export interface Sent {
  readonly id: string;
  readonly people: readonly {
    readonly msg_id: string; readonly to_email: string; readonly from_email: string; readonly subject: string;
    readonly template_id: string | null; readonly categories: readonly string[];
  }[];
  readonly events: readonly { readonly name: string; readonly email: string; readonly at: number; readonly detail: string | null }[];
}

/** The email activity: https://www.twilio.com/docs/sendgrid/api-reference/e-mail-activity */
export const activityRoutes: readonly JsonRoute[] = [
  get('/v3/messages', 'messages.list', async (call) => {
    const query = queried(call, 'query');
    const fits = query === null || query === '' ? { match: () => true } : readQuery(query);
    if ('kind' in fits) return badBody(fits.why, 'query');
    const limit = Math.min(Math.max(Number.parseInt(queried(call, 'limit') ?? '10', 10) || 10, 1), 1000);
    const { items } = await call.context.list(kind, { limit: 1000 });
    const all = items.flatMap(({ value }) => (value as Sent).people.map((person) => summaryOf(value as Sent, person, call.context.now)));
    return jsonReply(200, { messages: all.filter((each) => fits.match(each)).slice(0, limit) });
  }),
  get('/v3/messages/([\\w-]+(?:\\.[\\w-]+)*)', 'messages.get', async ({ ids: [id = ''], context }) => {
    const sent = (await context.recall(kind, id.split('.')[0]!))?.value as Sent | null | undefined;
    const person = sent?.people.find(({ msg_id }) => msg_id === id);
    if (sent === null || sent === undefined || person === undefined) return notFound();
    const { from_email, msg_id, subject, to_email, status } = summaryOf(sent, person, context.now);
    return jsonReply(200, {
      from_email, msg_id, subject, to_email, status, template_id: person.template_id ?? '', asm_group_id: 0, teammate: '', api_key_id: '', originating_ip: '192.0.2.1',
      categories: person.categories, unique_args: '', outbound_ip: '192.0.2.1', outbound_ip_type: 'shared',
      events: happened(sent, person.to_email, context.now).map(({ name, at, detail }) => ({ event_name: name, processed: time(at), ...(detail === null ? {} : { reason: detail }) })),
    });
  }),
];

/** `events`: what happens by itself, each at its time. */
export function rememberSent({ mails }: MailSend, id: string, events: Sent['events']): Remember {
  const people = mails.flatMap((mail, index) => mail.recipients.filter(({ role }) => ['to', 'cc', 'bcc'].includes(role)).map(({ address }, at) => ({
    msg_id: messageIdOf(id, index, at), to_email: address, from_email: mail.from ?? '', subject: mail.subject ?? '', template_id: mail.template?.id ?? null,
    categories: mail.keys.filter(({ name }) => name === 'category').map(({ value }) => value),
  })));
  return { kind, id, expectVersion: 0, value: { id, people, events } satisfies Sent };
}

export async function rememberEvent({ name, recipient, detail }: LaterEvent, id: string, { recall, now }: Pick<SimulationContext, 'recall' | 'now'>): Promise<readonly Remember[]> {
  const known = await recall(kind, id);
  const sent = known?.value as Sent | null | undefined;
  if (known === null || sent === null || sent === undefined) return [];
  const told = sent.people.filter(({ to_email }) => recipient === null || to_email === recipient).map(({ to_email }) => ({ name, email: to_email, at: now, detail }));
  return [{ kind, id, expectVersion: known.version, value: { ...sent, events: [...sent.events, ...told] } }];
}

/** As events and activity name one recipient's copy of a mail. */
export function messageIdOf(id: string, personalization: number, recipient: number): string {
  return `${id}.filter0001p1.${personalization}.${recipient}`;
}

function happened({ events }: Sent, email: string, now: number): Sent['events'] {
  return events.filter((event) => event.email === email && event.at <= now);
}

function summaryOf(sent: Sent, { msg_id, from_email, subject, to_email }: Sent['people'][number], now: number): Readonly<Record<string, string | number>> {
  const events = happened(sent, to_email, now);
  const last = events.findLast(({ name }) => ['processed', 'deferred', 'delivered', 'bounce', 'dropped'].includes(name))?.name;
  return {
    from_email, msg_id, subject, to_email, status: last === 'delivered' ? 'delivered' : last === 'bounce' || last === 'dropped' ? 'not_delivered' : 'processed',
    opens_count: events.filter(({ name }) => name === 'open').length, clicks_count: events.filter(({ name }) => name === 'click').length,
    last_event_time: time(events.at(-1)?.at ?? now),
  };
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
