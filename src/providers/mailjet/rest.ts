import { addressesIn } from '../wire/address-field.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import { emailOf, misspelt, people, scalar } from './fields.ts';
import { iso, long, shownMessage } from './message.ts';
import type { StoredMessage } from './message.ts';
import { dataReply, restError } from './reply.ts';
import { about } from './route.ts';
import type { Call, Route } from './route.ts';

/**
 * What applications ask beside sending, of /v3/REST: their messages, contacts and settings, as remembered (or seeded by a test);
 * and the calls there that reach people who stand at Mailjet.
 */
export const restRoutes: readonly Route[] = [
  {
    method: 'GET', path: /^\/v3\/REST\/message$/, operation: 'message.list',
    answer: async ({ query, context }) => {
      const customId = query.find(([name]) => name === 'CustomID')?.[1];
      const { items } = await context.list('message', { ...(customId === undefined ? {} : { where: { customId } }), limit: limitOf(query) });
      return { reply: dataReply(200, items.map(({ value }) => shownMessage(value as StoredMessage, context.now))) };
    },
  },
  item('message', (value, { context }) => [shownMessage(value as StoredMessage, context.now)]),
  {
    method: 'GET', path: /^\/v3\/REST\/messagehistory\/([0-9]+)$/, operation: 'messagehistory.get',
    answer: async ({ ids: [id = ''], context }) => {
      const message = (await context.recall('message', id))?.value as StoredMessage | null | undefined;
      if (message === null || message === undefined) return { reply: restError(404, 'Object not found') };
      const { Status } = shownMessage(message, context.now) as { readonly Status: string };
      const past = [...message.at + 1000 <= context.now ? ['sent'] : [], ...message.status === null || message.status === 'sent' ? [] : [Status]];
      return { reply: dataReply(200, past.map((EventType) => ({ Comment: '', EventAt: Math.floor((message.at + 1000) / 1000), EventType, State: '', Useragent: '', UseragentID: 0 }))) };
    },
  },
  ...['contact', 'contactslist', 'sender', 'template', 'eventcallbackurl', 'apikey', 'dns', 'metasender', 'parseroute'].map((kind): Route => ({
    method: 'GET', path: new RegExp(`^/v3/REST/${kind}$`), operation: `${kind}.list`,
    answer: async ({ query, context }) => ({ reply: dataReply(200, (await context.list(kind, { limit: limitOf(query) })).items.map(({ value }) => value)) }),
  })),
  ...['contact', 'contactslist', 'sender', 'template', 'eventcallbackurl', 'dns'].map((kind) => item(kind, (value) => [value])),
  { method: 'GET', path: /^\/v3\/REST\/statcounters$/, operation: 'statcounters.list', answer: async () => ({ reply: dataReply(200, []) }) },
  {
    // Reaches nobody by itself; what a workflow makes of a new contact begins with a list.
    method: 'POST', path: /^\/v3\/REST\/contact$/, operation: 'contact.create',
    effects: ({ body }) => {
      const email = emailOf(body);
      const odd = misspelt(body, ['Email', 'Name', 'IsExcludedFromCampaigns']);
      return email === null || odd !== null ? unreadable(odd ?? 'no Email') : [about('contact.create', [{ address: email, kind: 'email', role: 'contact' }])];
    },
    answer: async ({ body, context }) => {
      const email = emailOf(body) ?? '';
      const known = await context.recall('contact', email.toLowerCase());
      if (known !== null && known.value !== null) return { reply: restError(400, `MJ18 A Contact resource with value "${email}" for Email already exists.`) };
      const now = iso(context.now);
      const value = {
        CreatedAt: now, DeliveredCount: 0, Email: email, ExclusionFromCampaignsUpdatedAt: '', ID: Number(`4${context.id('', { length: 9, alphabet: 'digits' })}`),
        IsExcludedFromCampaigns: field(body, 'IsExcludedFromCampaigns') === true, IsOptInPending: false, IsSpamComplaining: false, LastActivityAt: now, LastUpdateAt: now, Name: asString(field(body, 'Name')) ?? '', UnsubscribedAt: '', UnsubscribedBy: '',
      };
      return { reply: dataReply(201, [value]), remember: [{ kind: 'contact', id: email.toLowerCase(), expectVersion: known?.version ?? 0, value, index: { id: String(value.ID) } }] };
    },
  },
  {
    // A contact that enters a list may start a workflow that mails it.
    method: 'POST', path: /^\/v3\/REST\/contactslist\/([0-9]+)\/managecontact$/, operation: 'contactslist.managecontact',
    effects: ({ body, ids: [list = ''] }) => {
      const email = emailOf(body);
      const odd = misspelt(body, ['Email', 'Name', 'Action', 'Properties']);
      return email === null || odd !== null ? unreadable(odd ?? 'no Email')
        : [about('contactslist.managecontact', [{ address: email, kind: 'email', role: 'contact' }, { address: `workflows of contact list ${list}`, kind: 'audience', role: 'audience' }])];
    },
    answer: async ({ body, ids: [list = ''], context }) => ({
      reply: dataReply(201, [{
        ContactID: long(`4${context.id('', { length: 9, alphabet: 'digits' })}`), ListID: Number(list), Email: emailOf(body), Name: asString(field(body, 'Name')) ?? '', Action: asString(field(body, 'Action')) ?? 'addnoforce',
        Properties: asObject(field(body, 'Properties')) ?? {},
      }]),
    }),
  },
  ...['campaigndraft', 'newsletter'].flatMap((kind): readonly Route[] => [
    ...['send', 'schedule'].map((verb): Route => ({
      method: 'POST', path: new RegExp(`^/v3/REST/${kind}/([0-9]+)/${verb}$`), operation: `${kind}.${verb}`,
      effects: ({ ids: [id = ''], body }) => {
        const others = strangers([...leaves(body, 'body')], []);
        return [about(`${kind}.${verb}`, [{ address: `${kind} ${id}`, kind: 'audience', role: 'audience' }, ...others])];
      },
      answer: async () => ({ reply: dataReply(201, [{ Status: verb === 'send' ? 'AXCampaignSent' : 'AXCampaignScheduled' }]) }),
    })),
    {
      method: 'POST', path: new RegExp(`^/v3/REST/${kind}/([0-9]+)/test$`), operation: `${kind}.test`,
      effects: ({ body }) => {
        const named = people(body, 'Recipients');
        if ('kind' in named) return named;
        const others = strangers(Object.entries(body).filter(([name]) => name !== 'Recipients').flatMap(([name, value]) => [...leaves(value, name)]), named);
        return named.length === 0 || asArray(field(body, 'Recipients')) === null ? unreadable('no recipient') : [about(`${kind}.test`, [...named.flatMap(({ address, role }) => addressesIn(scalar(address), role)), ...others])];
      },
      answer: async () => ({ reply: dataReply(201, [{ Status: 'AXCampaignTestSent' }]) }),
    },
  ]),
];

function item(kind: string, show: (value: unknown, call: Call) => readonly unknown[]): Route {
  return {
    method: 'GET', path: new RegExp(`^/v3/REST/${kind}/([A-Za-z0-9._+@%-]+)$`), operation: `${kind}.get`,
    answer: async (call) => {
      const id = decoded(call.ids[0] ?? '');
      const known = await call.context.recall(kind, id.toLowerCase()) ?? (kind === 'contact' ? (await call.context.list(kind, { where: { id }, limit: 1 })).items[0] ?? null : null);
      return { reply: known === null || known.value === null ? restError(404, 'Object not found') : dataReply(200, show(known.value, call)) };
    },
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Only which object is looked up depends on it: an undecodable name finds none.
    return '';
  }
}

/** Limit, 10 unless asked, at most 1000 */
function limitOf(query: Call['query']): number {
  const asked = Number.parseInt(query.find(([name]) => name === 'Limit')?.[1] ?? '10', 10);
  return Math.min(Math.max(Number.isNaN(asked) ? 10 : asked, 1), 1000);
}
