import type { HttpResponse } from '../../model/exchange.ts';
import type { Remember, Simulation } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { asArray, asObject, asString } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { mediaType } from '../wire/media-type.ts';
import { jsonReply } from '../wire/reply.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { pageOf } from './event-log.ts';
import { readFields } from './fields.ts';
import { domainName, failure, silent } from './route.ts';
import type { Call, Parameters, Route } from './route.ts';

const kinds = { bounces: 'bounce', complaints: 'complaint', unsubscribes: 'unsubscribe', whitelists: 'whitelist' } as const;

/**
 * Bounces, complaints, unsubscribes and allowlists of a domain, remembered. A change reaches nobody, but decides who is reached
 * later: whomever it is about counts as its recipient. Whole lists are neither deleted nor imported here.
 */
export const suppressionRoutes: readonly Route[] = Object.keys(kinds).flatMap((kind): readonly Route[] => {
  const list = new RegExp(`^/v3/${domainName}/${kind}$`);
  const item = new RegExp(`^/v3/${domainName}/${kind}/([^/]+)$`);
  return [
    {
      method: 'GET', path: list, operation: `${kind}.list`,
      answer: async (call) => ({ reply: jsonReply(200, pageOf(call, (await call.context.list(kind, { where: { domain: call.ids[0] ?? '' }, limit: 1000 })).items.map(({ value }) => value))) }),
    },
    {
      method: 'GET', path: item, operation: `${kind}.get`,
      answer: async ({ ids: [domain = '', address = ''], context }) => {
        const known = await context.recall(kind, keyOf(domain, address));
        return known === null || known.value === null ? failure(404, 'Address not found in bounces table'.replace('bounces', kind)) : { reply: jsonReply(200, known.value) };
      },
    },
    { method: 'POST', path: list, operation: `${kind}.create`, effects: (call) => added(call, kind), answer: (call) => add(call, kind) },
    {
      method: 'DELETE', path: item, operation: `${kind}.delete`,
      effects: ({ request, ids: [, address = ''] }) => isBodiless(request) ? about(`${kind}.delete`, [address]) : unreadable('a DELETE carries a body'),
      answer: (call) => remove(call, kind),
    },
  ];
});

function keyOf(domain: string, address: string): string {
  return `${domain} ${address.toLowerCase()}`;
}

function about(operation: string, addresses: readonly string[]): readonly Email[] {
  return [{ ...silent(operation), recipients: addresses.map((address) => address.includes('@') ? { address, kind: 'email', role: 'suppression' } : { address: `everybody at ${address}`, kind: 'audience', role: 'suppression' }) }];
}

function added({ request }: Parameters, kind: string): readonly Email[] | Unread {
  const entries = entriesOf({ request, ids: [] }, kind);
  return 'kind' in entries ? entries : about(`${kind}.create`, entries.list.map(addressOf));
}

/** One entry as a form, or a list of them as JSON: whichever Mailgun's libraries write. */
function entriesOf({ request }: Parameters, kind: string): { readonly list: readonly JsonObject[] } | Unread {
  let list: readonly (JsonObject | null)[];
  if (mediaType(request.headers)?.type === 'application/json') {
    const json = jsonBody(request);
    if (json.kind === 'unreadable') return json;
    list = (asArray(json.value) ?? [json.value]).map((each) => asObject(each));
  } else {
    const fields = readFields(request);
    if (fields.kind === 'unreadable') return fields;
    const names = fields.texts.map(([name]) => name);
    if (fields.files.length > 0 || new Set(names).size < names.length) return unreadable('a field is a file or is given twice');
    list = [Object.fromEntries(fields.texts)];
  }
  const known = ['address', 'code', 'error', 'created_at', 'tag', 'tags', 'domain', 'reason'];
  const whole = list.filter((each) => each !== null && addressOf(each) !== '' && (asString(each['address'] ?? null) === null || each['domain'] === undefined) && Object.keys(each).every((name) => known.includes(name)));
  return whole.length === list.length && list.length > 0 ? { list: whole as readonly JsonObject[] } : unreadable(`an entry of ${kind} is not as Mailgun documents it`);
}

function addressOf(entry: JsonObject): string {
  return trimmed(asString(entry['address'] ?? entry['domain'] ?? null) ?? '');
}

async function add(call: Call, kind: string): Promise<Simulation<HttpResponse>> {
  const { ids: [domain = ''], context } = call;
  const entries = entriesOf(call, kind);
  if ('kind' in entries) return failure(400, 'Bad request');
  const created = new Date(context.now).toUTCString().replace('GMT', 'UTC');
  const remember = new Map<string, Remember>();
  for (const entry of entries.list) {
    const address = addressOf(entry);
    const id = keyOf(domain, address);
    const before = await context.recall(kind, id);
    const value = kind === 'whitelists'
      ? { type: entry['domain'] === undefined ? 'address' : 'domain', value: address, reason: entry['reason'] ?? '', createdAt: created }
      : { address, ...(kind === 'bounces' ? { code: String(entry['code'] ?? 550), error: entry['error'] ?? '' } : kind === 'unsubscribes' ? { tags: entry['tags'] ?? [entry['tag'] ?? '*'] } : {}), created_at: entry['created_at'] ?? created };
    remember.set(id, { kind, id, expectVersion: before?.version ?? 0, value, index: { domain } });
  }
  const [first] = entries.list;
  const message = entries.list.length > 1 ? `${entries.list.length} addresses have been added to the ${kind} table` : `Address has been added to the ${kind} table`;
  return { reply: jsonReply(200, { message, address: first === undefined ? '' : addressOf(first) }), remember: [...remember.values()] };
}

async function remove({ ids: [domain = '', address = ''], context }: Call, kind: string): Promise<Simulation<HttpResponse>> {
  const known = await context.recall(kind, keyOf(domain, address));
  if (known === null || known.value === null) return failure(404, `Address not found in ${kind} table`);
  return { reply: jsonReply(200, { message: `${kinds[kind as keyof typeof kinds]} has been removed`.replace(/^./, (letter) => letter.toUpperCase()), address }), remember: [{ kind, id: known.id, expectVersion: known.version, value: null }] };
}
