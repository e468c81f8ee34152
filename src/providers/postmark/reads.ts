import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { parseQuery } from '../wire/form.ts';
import { jsonReply } from '../wire/reply.ts';
import { errorReply } from './error.ts';
import { serverId, time } from './stored.ts';
import type { StoredMessage, Suppression } from './stored.ts';

export interface ReadCall {
  readonly request: HttpRequest;
  /** the path's groups */
  readonly ids: readonly string[];
  readonly context: SimulationContext;
}

export interface ReadRoute {
  readonly kind: 'read';
  readonly path: RegExp;
  readonly operation: string;
  answer(call: ReadCall): Promise<HttpResponse>;
}

/**
 * Calls that only ask. What they list is what was remembered, or seeded by a test through the simulators API under the kind named
 * here. Postmark's own libraries write its paths in different letters and with or without a slash at the end.
 */
export const readRoutes: readonly ReadRoute[] = [
  fixed('server', 'server.get', {
    ID: serverId, Name: 'Staging', ApiTokens: [], ServerLink: `https://postmarkapp.com/servers/${serverId}/streams`, Color: 'green', SmtpApiActivated: true, RawEmailEnabled: false, DeliveryType: 'Live',
    InboundAddress: 'inbound@inbound.postmarkapp.com', InboundHookUrl: '', BounceHookUrl: '', OpenHookUrl: '', DeliveryHookUrl: '', ClickHookUrl: '', PostFirstOpenOnly: false,
    InboundDomain: '', InboundHash: 'inbound', InboundSpamThreshold: 0, TrackOpens: false, TrackLinks: 'None', IncludeBounceContentInHook: false, EnableSmtpApiErrorHooks: false,
  }),
  read('deliverystats', 'deliverystats.get', async ({ context }) => {
    const bounces = (await context.list('bounce', { limit: 500 })).items.map(({ value }) => value as { readonly Name: string; readonly Type: string; readonly Inactive: boolean });
    const types = [...Map.groupBy(bounces, ({ Type }) => Type)].map(([Type, each]) => ({ Type, Name: each[0]!.Name, Count: each.length }));
    return jsonReply(200, { InactiveMails: bounces.filter(({ Inactive }) => Inactive).length, Bounces: [{ Name: 'All', Count: bounces.length }, ...types] });
  }),
  listed('bounces', 'bounces.list', 'bounce', 'Bounces', (bounce, asked) => matches(bounce, 'Type', asked('type')) && matches(bounce, 'MessageID', asked('messageid')) && matches(bounce, 'Tag', asked('tag')) && contains(bounce, 'Email', asked('emailfilter'))),
  one('bounces/([0-9]+)', 'bounces.get', 'bounce'),
  read('bounces/([0-9]+)/dump', 'bounces.dump', async ({ ids: [id = ''], context }) => (await context.recall('bounce', id) === null ? notFound() : jsonReply(200, { Body: '' }))),
  listed('templates', 'templates.list', 'template', 'Templates', (template, asked) => ['all', null].includes(asked('templatetype')?.toLowerCase() ?? null) || matches(template, 'TemplateType', asked('templatetype'))),
  one('templates/([A-Za-z0-9._-]+)', 'templates.get', 'template'),
  listed('messages/outbound', 'messages.outbound.list', 'message', 'Messages', (message, asked) =>
    matches(message, 'MessageStream', asked('messagestream')) && matches(message, 'Tag', asked('tag')) && contains(message, 'Subject', asked('subject')) && contains(message, 'From', asked('fromemail'))
    && (asked('recipient') === null || [...(message as unknown as StoredMessage).To, ...(message as unknown as StoredMessage).Cc, ...(message as unknown as StoredMessage).Bcc].some((each) => each.toLowerCase() === asked('recipient')!.toLowerCase())),
  (message) => shown(message as unknown as StoredMessage)),
  read('messages/outbound/([A-Za-z0-9-]+)/details', 'messages.outbound.details', async ({ ids: [id = ''], context }) => {
    const known = await context.recall('message', id.toLowerCase());
    if (known === null) return errorReply(422, { ErrorCode: 701, Message: 'This message was not found.' });
    const message = known.value as StoredMessage;
    return jsonReply(200, { ...shown(message), TextBody: message.TextBody, HtmlBody: message.HtmlBody, Body: '', MessageEvents: message.events.filter(({ ReceivedAt }) => ReceivedAt <= time(context.now)) });
  }),
  ...(['opens', 'clicks'] as const).map((what) => read(`messages/outbound/${what}`, `messages.outbound.${what}`, async () => jsonReply(200, { TotalCount: 0, [what === 'opens' ? 'Opens' : 'Clicks']: [] }))),
  read('messages/inbound', 'messages.inbound.list', async () => jsonReply(200, { TotalCount: 0, InboundMessages: [] })),
  read('message-streams', 'message_streams.list', async ({ context }) => {
    const streams = await streamsOf(context);
    return jsonReply(200, { MessageStreams: streams, TotalCount: streams.length });
  }),
  read('message-streams/([A-Za-z0-9-]+)', 'message_streams.get', async ({ ids: [id = ''], context }) => {
    const found = (await streamsOf(context)).find((stream) => stream['ID'] === id);
    return found === undefined ? errorReply(422, { ErrorCode: 1226, Message: 'The message stream for the provided \'ID\' was not found.' }) : jsonReply(200, found);
  }),
  read('message-streams/([A-Za-z0-9-]+)/suppressions/dump', 'suppressions.list', async ({ ids: [stream = ''], context, request }) => {
    const asked = askedOf(request);
    const all = (await context.list('suppression', { where: { stream }, limit: 500 })).items.map(({ value }) => value as Suppression & Row);
    return jsonReply(200, { Suppressions: all.filter((each) => matches(each, 'SuppressionReason', asked('suppressionreason')) && matches(each, 'EmailAddress', asked('emailaddress')) && matches(each, 'Origin', asked('origin'))) });
  }),
  read('webhooks', 'webhooks.list', async ({ context }) => jsonReply(200, { Webhooks: (await context.list('webhook', { limit: 500 })).items.map(({ value }) => value) })),
  fixed('stats/outbound', 'stats.outbound', Object.fromEntries(['Sent', 'Bounced', 'SMTPApiErrors', 'BounceRate', 'SpamComplaints', 'SpamComplaintsRate', 'Opens', 'UniqueOpens', 'Tracked', 'WithLinkTracking', 'WithOpenTracking', 'TotalTrackedLinksSent', 'UniqueLinksClicked', 'TotalClicks', 'WithClientRecorded', 'WithPlatformRecorded', 'WithReadTimeRecorded'].map((name) => [name, 0]))),
  read('email/bulk/([A-Za-z0-9-]+)', 'email.bulk.get', async ({ ids: [id = ''], context }) => {
    const known = await context.recall('bulk', id.toLowerCase());
    if (known === null) return notFound();
    const { completedAt, ...bulk } = known.value as { readonly completedAt: number; readonly Status: string };
    const done = context.now >= completedAt;
    return jsonReply(200, { ...bulk, Status: done ? 'Completed' : bulk.Status, PercentageCompleted: done ? 100 : 0 });
  }),
  listed('servers', 'servers.list', 'server', 'Servers'),
  listed('domains', 'domains.list', 'domain', 'Domains'),
  listed('senders', 'senders.list', 'sender', 'SenderSignatures'),
];

type Row = Readonly<Record<string, unknown>>;
type Asked = (name: string) => string | null;

function pathOf(path: string): RegExp {
  // without the u flag `i` folds ASCII onto ASCII only
  return new RegExp(`^/${path}/?$`, 'i');
}

function read(path: string, operation: string, answer: (call: ReadCall) => Promise<HttpResponse>): ReadRoute {
  return { kind: 'read', path: pathOf(path), operation, answer };
}

function fixed(path: string, operation: string, value: unknown): ReadRoute {
  return read(path, operation, async () => jsonReply(200, value));
}

function one(path: string, operation: string, kind: string): ReadRoute {
  return read(path, operation, async ({ ids: [id = ''], context }) => {
    const known = await context.recall(kind, id);
    return known === null ? notFound() : jsonReply(200, known.value);
  });
}

function listed(path: string, operation: string, kind: string, key: string, keep: (row: Row, asked: Asked) => boolean = () => true, show: (row: Row) => unknown = (row) => row): ReadRoute {
  return read(path, operation, async ({ request, context }) => {
    const asked = askedOf(request);
    const rows = (await context.list(kind, { limit: 500 })).items.map(({ value }) => value as Row).filter((row) => keep(row, asked));
    const offset = Number(asked('offset') ?? 0) || 0;
    return jsonReply(200, { TotalCount: rows.length, [key]: rows.slice(offset, offset + (Number(asked('count') ?? 100) || 100)).map(show) });
  });
}

/** A parameter of the query, in whatever letters. */
function askedOf(request: HttpRequest): Asked {
  const query = parseQuery(request.query);
  const fields = query.kind === 'form' ? query.fields : [];
  return (name) => fields.find(([field, value]) => field.toLowerCase() === name && value !== '')?.[1] ?? null;
}

function matches(row: Row, name: string, wanted: string | null): boolean {
  return wanted === null || String(row[name]).toLowerCase() === wanted.toLowerCase();
}

function contains(row: Row, name: string, wanted: string | null): boolean {
  return wanted === null || String(row[name]).toLowerCase().includes(wanted.toLowerCase());
}

function notFound(): HttpResponse {
  return errorReply(404, { ErrorCode: 404, Message: 'The requested resource was not found.' });
}

function shown({ events: _events, TextBody: _text, HtmlBody: _html, To, Cc, Bcc, ...message }: StoredMessage): object {
  const people = (list: readonly string[]): object => list.map((Email) => ({ Email, Name: null }));
  return { ...message, To: people(To), Cc: people(Cc), Bcc: people(Bcc), Recipients: [...To, ...Cc, ...Bcc], Status: 'Sent', Sandboxed: false };
}

async function streamsOf(context: SimulationContext): Promise<readonly Row[]> {
  const seeded = (await context.list('message_stream', { limit: 500 })).items.map(({ value }) => value as Row);
  const own = [['outbound', 'Default Transactional Stream', 'Transactional', 'None'], ['broadcast', 'Default Broadcast Stream', 'Broadcasts', 'Postmark'], ['inbound', 'Default Inbound Stream', 'Inbound', 'None']].map(([ID, Name, MessageStreamType, UnsubscribeHandlingType]) => ({
    ID, ServerID: serverId, Name, Description: '', MessageStreamType, CreatedAt: '2026-01-01T00:00:00-05:00', UpdatedAt: null, ArchivedAt: null, ExpectedPurgeDate: null, SubscriptionManagementConfiguration: { UnsubscribeHandlingType },
  }));
  return [...own, ...seeded];
}
